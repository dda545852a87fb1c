/*
 * What one peer still has to be sent, and how many peers share the same
 * bytes.
 *
 * An outbox has a queue of its own. A channel is a set of outboxes that
 * receive the same lines: the lines are appended once to the channel's batch,
 * and each outbox with nothing else to send follows the batch, so that at the
 * end of the turn it is encrypted straight from there. An outbox that must be
 * given something of its own meanwhile copies its part of the batch to its
 * queue first and is then served line by line until the turn ends. So every
 * peer has one order, whatever way the bytes took.
 *
 * All of it belongs to one worker.
 */
#ifndef RIALTO_NET_OUTBOX_H
#define RIALTO_NET_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/list.h"
#include "net/stream.h"

/* What a worker has to flush at the end of its turn. */
struct outbox_turn {
	struct list outboxes; /* struct outbox.turn_link */
	struct list channels; /* struct channel.turn_link */
	unsigned lines;       /* appended to channels since the last flush */
};

struct outbox {
	struct stream *stream; /* borrowed */
	struct outbox_turn *turn;
	struct buf queue;
	struct seat *following; /* NULL, or whose channel's batch it follows */
	uint32_t follow_from;   /* the first byte of the batch for it */
	uint32_t limit;         /* bytes in queue at most */
	bool is_over;           /* the limit was passed: bytes are missing */
	bool is_broken;         /* the stream failed */
	bool is_left_out;       /* of the line that is being appended */
	struct list turn_link;  /* in turn->outboxes while there is a reason */
};

struct channel {
	struct outbox_turn *turn;
	struct list seats;  /* struct seat.link */
	struct list singly; /* struct seat.singly_link: served line by line */
	struct buf batch;
	struct list turn_link; /* in turn->channels while batch is not empty */
};

/* An outbox's place in a channel; memory of whoever seats it. */
struct seat {
	struct channel *channel; /* NULL: not seated */
	struct outbox *outbox;
	struct list link;
	struct list singly_link;
};

void outbox_turn_init(struct outbox_turn *turn);

void outbox_init(struct outbox *o, struct outbox_turn *turn,
		 struct stream *stream, uint32_t limit);

/* All its seats must have been left. */
void outbox_fini(struct outbox *o);

/* Queues bytes behind everything before; past the limit sets is_over. */
void outbox_write(struct outbox *o, const void *bytes, size_t len);

/* Everything was given to the stream, and by it to the system. */
bool outbox_is_empty(const struct outbox *o);

/*
 * Drops what is queued, so that a last word finds room, but for the end of a
 * line that may have begun; clears is_over.
 */
void outbox_drop(struct outbox *o);

/* Sends what the stream takes. Sets is_broken when the stream failed. */
void outbox_flush(struct outbox *o);

void channel_init(struct channel *c, struct outbox_turn *turn);

/* All seats must have been left. */
void channel_fini(struct channel *c);

/* From now on o receives what is appended to c. */
void seat_take(struct seat *seat, struct channel *c, struct outbox *o);

/* What was appended before is still delivered. An empty seat is left alone. */
void seat_leave(struct seat *seat);

/* Appends a line to every outbox in c except those, count of them. */
void channel_append(struct channel *c, const void *bytes, size_t len,
		    struct outbox *const *except, size_t count);

/*
 * Sends each follower its part of the batch. An outbox whose stream broke or
 * did not take all is in turn->outboxes afterwards, for whoever flushes them.
 */
void channel_flush(struct channel *c);

#endif
