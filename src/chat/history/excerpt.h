/*
 * Excerpts from what was said in a room: a page of it, oldest first. Jobs
 * only; the errors of store_view(), and ERR_CORRUPT.
 */
#ifndef RIALTO_CHAT_EXCERPT_H
#define RIALTO_CHAT_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/message.h"

struct chat;
struct room;

/* Bytes of text in an excerpt, or one message. */
enum { EXCERPT_BYTES_MOST = 128 * 1024 };

struct excerpt {
	struct message **list; /* references */
	size_t count;
	bool has_more; /* in the direction that was asked for */
};

void excerpt_fini(struct excerpt *excerpt);

/* The last `most` below the number. */
NODISCARD enum err excerpt_before(struct chat *chat, struct room *room,
				  uint64_t below, size_t most,
				  struct excerpt *excerpt_r);

/* The first `most` from the number on. */
NODISCARD enum err excerpt_from(struct chat *chat, struct room *room,
				uint64_t from, size_t most,
				struct excerpt *excerpt_r);

/*
 * The number of the first that was said at that time or later, or what will be
 * above all numbers. When the clock was put back meanwhile, one such number.
 */
NODISCARD enum err excerpt_find(struct chat *chat, struct room *room,
				int64_t time_ms, uint64_t *number_r);

#endif
