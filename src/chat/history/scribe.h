/*
 * The scribe takes what is said in all rooms and writes it, many messages in
 * one transaction. Those who speak never wait for it: what cannot be written
 * for now stays in memory up to a bound, and what is beyond is not kept.
 */
#ifndef RIALTO_CHAT_SCRIBE_H
#define RIALTO_CHAT_SCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/message.h"
#include "store/store.h"

struct scribe;

enum {
	/* That may wait to be written. */
	SCRIBE_WAITING_MOST = 65536,
	SCRIBE_BYTES_MOST = 32 * 1024 * 1024,
	/* Of one room: not even who owns ten can push out what others say. */
	SCRIBE_ROOM_WAITING = 8192,
	SCRIBE_ROOM_BYTES = 2 * 1024 * 1024,
};

/* What has come of one room since all was written last; of the scribe. */
struct scribe_share {
	uint64_t round;
	size_t count;
	size_t bytes;
};

/* Borrows the store for good. */
struct scribe *scribe_new(struct store *store);

/* Drops what was not written. */
void scribe_free(struct scribe **scribe);

/*
 * Takes a reference of its own to what was said in a room, whose share it is,
 * and whose lock is held.
 */
void scribe_add(struct scribe *scribe, struct scribe_share *share,
		struct message *m);

/* Does something wait to be written? Any thread. */
bool scribe_is_due(struct scribe *scribe);

/*
 * Job; one at a time, others wait. Writes all that waits and has it made
 * durable soon. What could not be written waits on. Errors: store_run().
 */
NODISCARD enum err scribe_write(struct scribe *scribe);

struct scribe_status {
	uint64_t waiting; /* messages that have not been written yet */
	uint64_t lost;    /* that have not been kept, since the start */
};

/* Any thread. */
void scribe_status(struct scribe *scribe, struct scribe_status *status_r);

#endif
