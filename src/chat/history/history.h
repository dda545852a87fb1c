/*
 * The history of a room: what was said in it, remembered. Its last messages
 * are in memory, all within the room's retention are in the store, where the
 * scribe writes them. Functions with "room" in front act under its lock.
 *
 * Calls marked "job" wait for the store: only jobs and start-up make them.
 */
#ifndef RIALTO_CHAT_HISTORY_H
#define RIALTO_CHAT_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/history/erasure.h"
#include "chat/history/recent.h"
#include "chat/history/retention.h"
#include "chat/history/scribe.h"

struct chat;
struct room;

/* In the room, under its lock. */
struct history {
	uint64_t last_id;  /* of the newest message */
	uint64_t given;    /* noted in the store: none above was given */
	uint64_t stored;   /* messages in the store */
	uint64_t bytes;    /* of them, see saying_bytes() */
	int64_t since_ms;  /* the oldest of them may be of then; 0: not known */
	uint64_t noted_id; /* of the markers of all; see reading.h */
	bool is_warm;      /* what the store had last has been read */
	struct scribe_share share;
	struct recent recent;
	struct erasures erasures;
	uint64_t erasures_made; /* since the start */
};

/* With the room's lock held. Gives what was said its number, and keeps it. */
void history_add(struct room *room, struct message *m);

/* With the room's lock held: the room's choice within the server's limits. */
struct retention history_retention(const struct room *room);

/* The same of any thread; and what the settings allow. */
struct retention history_kept(struct room *room);
struct retention history_limits(const struct chat *chat);

/*
 * With the room's lock held: from now on nobody is shown what the erasure,
 * which was written, hits.
 */
void history_forget(struct room *room, const struct erasure *erasure);

/* A copy of what was deleted, and may still be in the store. Any thread. */
void history_erasures(struct room *room, struct erasures *copy_r);

/* Is what is said in the room remembered at all? Any thread. */
bool history_is_kept(struct room *room);

/* Start-up: numbers go on where they ended. */
NODISCARD enum err history_load(struct chat *chat);

/*
 * Job. Reads what those who enter the room are shown, unless that was done.
 * What cannot be read is logged, and not shown.
 */
void history_warm(struct chat *chat, struct room *room);

/*
 * Job. Writes what has been said until now, so that who reads the store finds
 * it. Errors: store_run(); then what was said last waits on.
 */
NODISCARD enum err history_write(struct chat *chat);

/* Is there something for history_keep() to do? Any thread. */
bool history_is_due(struct chat *chat);

/* Job, at most every quarter of a second: writes, and drops what is old. */
void history_keep(struct chat *chat);

/* What has not been written yet, and what never will be. Any thread. */
void history_status(struct chat *chat, struct scribe_status *status_r);

/*
 * At the end, when nobody speaks any more: writes the rest, and erases what
 * was deleted, unless that takes too long: then the next start goes on.
 */
void history_close(struct chat *chat);

/* For the scribe: so many more of the room are stored. Takes the lock. */
void history_stored(struct room *room, uint64_t given, size_t count,
		    size_t bytes);

#endif
