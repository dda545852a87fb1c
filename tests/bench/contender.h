/*
 * Somebody who keeps a ledger, and is measured by a contest: it makes the
 * accounts, is asked for transfers by clients who each wait for their answer,
 * and answers when a transfer is durable. Failures of any kind end the run.
 *
 * A transfer is, for every contender: an id of 128 bits that is taken once, a
 * memo, the check that the payer does not fall below the floor, two balances,
 * an entry in the journal, and a posting with the balance after for each side.
 */
#ifndef RIALTO_BENCH_CONTENDER_H
#define RIALTO_BENCH_CONTENDER_H

#include <stdbool.h>
#include <stdint.h>

enum { TRANSFER_ID = 16, TRANSFER_MEMO = 20, CLIENTS_MOST = 256 };

struct transfer {
	uint8_t id[TRANSFER_ID]; /* a UUID of version 7 */
	int64_t amount;          /* in minor units */
	uint32_t from;           /* accounts are numbered from 0 */
	uint32_t to;
	char memo[TRANSFER_MEMO]; /* with its NUL */
};

/* Where and how; from the command line. */
struct contender_plan {
	const char *dir;     /* of its data, or of its socket */
	const char *address; /* of a server */
	int64_t port;
	int64_t pid; /* of a server, 0: none */
	int64_t accounts;
	int64_t clients; /* the most there will be */
	int64_t batch;   /* transfers a client asks for at once; mostly 1 */
	int64_t funds;   /* of each account at the start, in minor units */
};

struct contest;

struct contender {
	const char *name;
	bool is_inside; /* its processor time is of this process */

	/* Makes the accounts and opens what the clients need. Keeps plan. */
	void (*open)(const struct contender_plan *plan);

	/* The client, which waits for nothing, asks for plan->batch of them. */
	void (*ask)(unsigned client, const struct transfer *transfers);

	/*
	 * Waits until there are answers, and calls contest_answered() for
	 * each client that has its own. Not while nobody has asked.
	 */
	void (*wait)(struct contest *contest);

	/* Processor time that it has taken so far, without the asking. */
	int64_t (*cpu_ns)(void);

	/*
	 * Fails unless, after so many transfers, the journal has as many
	 * entries and no money was made or lost.
	 */
	void (*check)(uint64_t transfers);

	void (*close)(void);
};

extern const struct contender *const contender_inside;
extern const struct contender *const contender_alone;
extern const struct contender *const contender_wire;
extern const struct contender *const contender_atm;
extern const struct contender *const contender_terse;
/* NULL in a build without the library that it needs. */
extern const struct contender *const contender_postgres;
extern const struct contender *const contender_sqlite;

#endif
