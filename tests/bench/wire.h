/*
 * Sessions over TLS with a daemon that has a bank, for the contenders who speak
 * one of its protocols. A session pays from its own user's account. So each
 * client has two: one of its own user, which pays to whom the transfer says,
 * and one of the user of the hot account. One thread.
 */
#ifndef RIALTO_BENCH_WIRE_H
#define RIALTO_BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contender.h"
#include "peer.h"

struct wire_session {
	struct peer peer;
	uint32_t user; /* p0, p1 and so on */
	unsigned client;
	bool is_in;
	bool is_asked;    /* it waits for an answer */
	bool is_answered; /* seen while lines were read */
	void *mind;       /* the tongue's */
};

/* A protocol. */
struct wire_tongue {
	size_t mind_bytes; /* zeroed at first */

	/* The TLS channel is open. */
	void (*greet)(struct wire_session *s);

	/* A line without its end. Calls wire_enter() or wire_answer(). */
	void (*hear)(struct wire_session *s, const char *line, size_t len);

	/* Frees what mind holds; may be NULL. */
	void (*forget)(struct wire_session *s);
};

/* Returns when all sessions are in. Keeps both. */
void wire_open(const struct contender_plan *plan,
	       const struct wire_tongue *tongue);

/* Greeted and logged in. */
void wire_enter(struct wire_session *s);

/* What wire_ask() has sent is answered. */
void wire_answer(struct wire_session *s);

/* The session of the client that pays; and whom, as "p" and this number. */
struct wire_session *wire_payer(unsigned client, const struct transfer *t);
uint32_t wire_payee(const struct wire_session *s, const struct transfer *t);

void wire_ask(struct wire_session *s, const char *bytes, size_t len);

/* The rest of a contender. */
void wire_wait(struct contest *contest);
int64_t wire_cpu_ns(void);
void wire_check(uint64_t transfers);
void wire_close(void);

#endif
