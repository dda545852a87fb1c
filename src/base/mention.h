/*
 * Names in what is said: a word of its own that is somebody's name, as in
 * "@ann", "Ann:" or "(ann)", mentions that one; "joanna", "ann3" and
 * "ann-marie" do not. Any thread.
 */
#ifndef RIALTO_BASE_MENTION_H
#define RIALTO_BASE_MENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* A word that may be a name, in what is said; borrowed. */
struct mention {
	const char *name;
	size_t len;
	uint32_t hash; /* mention_hash() */
};

/* Where to go on looking. */
struct mention_cursor {
	const char *at;
	const char *end;
	struct mention rest; /* the same without what it ends with; len 0: no */
};

void mention_begin(struct mention_cursor *c, const char *text, size_t len);

/* The next word; false: there is none. "ann_" comes as it is, then as "ann". */
NODISCARD bool mention_next(struct mention_cursor *c, struct mention *m_r);

/* Of a name, the same in upper and lower case. */
uint32_t mention_hash(const char *name, size_t len);

/* Does the text mention name? */
bool mention_has(const char *text, size_t len, const char *name);

#endif
