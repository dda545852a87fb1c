/*
 * A tiny line service on a real listener, and clients of it. Its lines:
 *
 *     echo TEXT     is answered TEXT
 *     close         is answered bye, and the session closes
 *     refuse        the session is refused with busy
 *     park          parks the session; see echo_resume()
 *     deadline N    as session_set_deadline(); idle N likewise
 *     flood N       is answered by N lines of a thousand bytes
 *     post N        makes N posts to the other worker
 */
#ifndef RIALTO_TESTS_UNIT_NET_ECHO_H
#define RIALTO_TESTS_UNIT_NET_ECHO_H

#include <stdbool.h>

#include "net/server.h"

struct echo {
	struct server *server;
	struct tls *tls;
	char dir[64];
	char path[96];
	struct limits limits;
};

/* What the sessions of all tests did; read it with echo_wait(). */
struct echo_counts {
	unsigned opened;
	unsigned inputs;
	unsigned parked;
	unsigned closed;
	unsigned refused;
	unsigned stopped;
	unsigned posts;             /* calls made by "post" */
	enum err why;               /* of the last that closed */
	struct session_handle last; /* the last that sent a line */
};

/* A server with so many workers on a Unix socket, not started. */
void echo_init(struct echo *e, unsigned workers);

/* Opens one more listener; fails the test when it cannot. */
void echo_listen(struct echo *e, const char *address, bool tls);

void echo_start(struct echo *e);

/* Stops the server when it runs, and frees it. */
void echo_fini(struct echo *e);

/* Waits until holds(counts) and copies the counts. */
struct echo_counts echo_wait(bool (*holds)(const struct echo_counts *counts,
					   unsigned than),
			     unsigned than);
bool has_opened(const struct echo_counts *counts, unsigned than);
bool has_closed(const struct echo_counts *counts, unsigned than);
bool has_parked(const struct echo_counts *counts, unsigned than);
bool has_posted(const struct echo_counts *counts, unsigned than);

/* Resumes the session that parked last, once, by an answer of a job. */
void echo_resume(struct echo *e, struct session_handle session);

/* Makes fn's call in the worker and waits until it was made. */
void echo_call(struct worker *worker, void (*fn)(struct worker *w, void *arg),
	       void *arg);

/* Counts as a post. */
void echo_note_post(void);

/* A connected client; its reads wait ten seconds at most. */
int echo_connect(const struct echo *e);
void echo_send(int fd, const char *text);

/* Reads exactly this, or fails. */
void echo_expect(int fd, const char *text);

/* Reads up to the end of the stream; the whole text is this. */
void echo_expect_end(int fd, const char *text);

#endif
