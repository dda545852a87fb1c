/*
 * A table of fixed size in memory from pairs of texts to small values. What
 * was touched longest ago makes room. Texts are kept as a MAC under a random
 * key, so that strangers cannot choose which of them share a bucket. The
 * owner locks.
 */
#ifndef RIALTO_USER_TAG_TABLE_H
#define RIALTO_USER_TAG_TABLE_H

#include <stddef.h>

#include "base/attr.h"

struct tag_table;

/* Entries that share a bucket. */
enum { TAG_TABLE_SLOTS = 4 };

/* buckets is a power of two; value_bytes at most 16. */
struct tag_table *tag_table_new(size_t buckets, size_t value_bytes);
void tag_table_free(struct tag_table **table);

/* The value, borrowed until the next touch; NULL when there is none. */
void *tag_table_find(struct tag_table *table, const char *first,
		     const char *second);

/* As above, but made, and zeroed, where there was none. */
NODISCARD void *tag_table_touch(struct tag_table *table, const char *first,
				const char *second);

void tag_table_drop(struct tag_table *table, const char *first,
		    const char *second);

#endif
