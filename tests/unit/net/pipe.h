/*
 * Outboxes on socket pairs without TLS, and what came out at the other end.
 */
#ifndef RIALTO_TESTS_UNIT_NET_PIPE_H
#define RIALTO_TESTS_UNIT_NET_PIPE_H

#include "net/outbox.h"

struct pipe {
	struct stream stream;
	struct outbox outbox;
	struct seat seat;
	struct seat other; /* in a second channel */
	int far;           /* the peer's end */
	struct buf got;
};

enum { PIPE_LIMIT = 4096 };

void pipe_init(struct pipe *p, struct outbox_turn *turn);
void pipe_fini(struct pipe *p);

/* What has come since the last look, as text; borrowed until the next. */
const char *pipe_read(struct pipe *p);

/* Writes to the socket past the outbox until it takes no more. */
size_t pipe_clog(struct pipe *p);

/* Reads so many bytes away. */
void pipe_drain(struct pipe *p, size_t len);

/* The end of a worker's turn. */
void turn_flush(struct outbox_turn *turn);

void channel_say(struct channel *c, const char *text, struct pipe *except);
void pipe_say(struct pipe *p, const char *text);

#endif
