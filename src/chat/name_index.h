/*
 * Things found by their name, without case: a balanced tree, so that nobody
 * can make it slow by his choice of names. Owns nothing, locks nothing.
 */
#ifndef RIALTO_CHAT_NAME_INDEX_H
#define RIALTO_CHAT_NAME_INDEX_H

#include <stddef.h>

#include "base/text.h"

struct name_index {
	void *root; /* a tsearch() tree */
	size_t count;
};

/* Zeroed memory is an empty one. Calls drop for everything that is left. */
void name_index_fini(struct name_index *index, void (*drop)(void *what));

/* NULL when nothing has the name. */
void *name_index_find(const struct name_index *index, const char *name);

/* The name must be free, and the name dropped must be there. */
void name_index_add(struct name_index *index, const char *name, void *what);
void name_index_drop(struct name_index *index, const char *name);

size_t name_index_count(const struct name_index *index);

/* Visits all in the order of their names; fn changes nothing here. */
void name_index_walk(const struct name_index *index,
		     void (*fn)(void *what, void *arg), void *arg);

/* The same for the names, in lower case. */
void name_index_walk_keys(const struct name_index *index,
			  void (*fn)(const char *key, void *arg), void *arg);

#endif
