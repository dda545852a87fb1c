/*
 * Markers that wait to be written: who leaves, or goes on reading, never waits
 * for the store. What was written lately is kept as well, so that a login that
 * read the store before sees what was queued behind it. Any thread.
 */
#ifndef RIALTO_CHAT_MARKER_QUEUE_H
#define RIALTO_CHAT_MARKER_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "chat/marker/marker.h"

struct marker_queue;
struct room;

/* The most it remembers: what is beyond is not noted. */
enum { MARKERS_WAITING_MOST = 65536 };

/* One that waits; the room is borrowed, rooms stay while there is a chat. */
struct marker_note {
	user_id user;
	struct room *room;
	struct marker marker;
};

struct marker_queue *marker_queue_new(void);
void marker_queue_free(struct marker_queue **queue);

void marker_queue_put(struct marker_queue *queue,
		      const struct marker_note *note);

/* False: none waits, and none was written lately. */
bool marker_queue_find(struct marker_queue *queue, user_id user,
		       const struct room *room, struct marker *marker_r);

bool marker_queue_is_due(struct marker_queue *queue);

/* Copies the first that wait, at most `most`; they go on waiting. */
size_t marker_queue_peek(struct marker_queue *queue, struct marker_note *list_r,
			 size_t most);

/* They were written, or are nobody's; a newer one of the same waits on. */
void marker_queue_done(struct marker_queue *queue,
		       const struct marker_note *list, size_t count);

/* Drops what was written long ago. */
void marker_queue_trim(struct marker_queue *queue);

#endif
