/*
 * The last messages of a room, in memory: what those who enter are shown. As
 * many as fit, the oldest go first. Lives under the room's lock.
 */
#ifndef RIALTO_CHAT_RECENT_H
#define RIALTO_CHAT_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chat/message.h"

/* Of the texts together. */
enum { RECENT_BYTES_MOST = 64 * 1024 };

struct recent {
	struct message **ring; /* references */
	size_t most;
	size_t first;
	size_t count;
	size_t bytes; /* of the texts */
};

/* Nothing in it, room for most. */
void recent_init(struct recent *r, size_t most);

/* Drops what it holds. */
void recent_clear(struct recent *r);
void recent_fini(struct recent *r);

/* Takes a reference of its own. */
void recent_add(struct recent *r, struct message *m);

/* Drops what is beyond the last most (0: none is), or of before then. */
void recent_trim(struct recent *r, size_t most, int64_t before_ms);

/* The i-th, oldest first; borrowed. */
struct message *recent_at(const struct recent *r, size_t i);

/* Drops those for which is_gone says so. */
void recent_drop(struct recent *r,
		 bool (*is_gone)(const struct message *m, void *arg),
		 void *arg);

#endif
