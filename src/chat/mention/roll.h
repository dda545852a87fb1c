/*
 * The roll of a room: who is in it by name, for looking up the words of what
 * is said. A filter in front keeps most words from being looked up at all, so
 * its size follows the number of names. Owns nothing, locks nothing.
 */
#ifndef RIALTO_CHAT_ROLL_H
#define RIALTO_CHAT_ROLL_H

#include <stddef.h>
#include <stdint.h>

#include "base/mention.h"
#include "chat/name_index.h"

struct roll {
	struct name_index names;
	uint8_t *filter; /* how many names have a hash that falls there */
	size_t size;     /* of the filter: 0, or a power of two */
};

/* Zeroed memory is an empty one, and so it must be at the end. */
void roll_fini(struct roll *roll);

/* The name must be free, and the name dropped must be there. */
void roll_add(struct roll *roll, const char *name, void *what);
void roll_drop(struct roll *roll, const char *name);

/* NULL: nobody here has that name. */
void *roll_find(const struct roll *roll, const struct mention *m);

#endif
