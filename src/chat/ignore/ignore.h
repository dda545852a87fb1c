/*
 * Whom somebody does not want to hear, and of what kind. A user is known by
 * the number, whatever the name; a guest by the name, and while it stays also
 * under another. Plain values.
 */
#ifndef RIALTO_CHAT_IGNORE_H
#define RIALTO_CHAT_IGNORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/text.h"

/* A set of these bits is a set of kinds. */
enum ignore_kind {
	IGNORE_ROOMS = 1,       /* what is said and done in rooms */
	IGNORE_PRIVATE = 2,     /* /tell */
	IGNORE_INVITATIONS = 4, /* they are made, but not told */
	IGNORE_MEMOS = 8,       /* of payments */
	IGNORE_ALL = 15,
};

/* The bit of "rooms" and so on; 0: no such kind. Without case. */
unsigned ignore_kind(const char *word);

/* "rooms, private" */
void ignore_print_kinds(unsigned kinds, struct buf *out);

struct ignore {
	uint64_t number; /* see person_number(); 0: a guest of before */
	char guest[NAME_MOST + 1]; /* a guest's name; "": it is a user */
	unsigned kinds;            /* never 0 */
};

/* Is it for a user's number, or a guest's number or name? */
bool ignore_is_for(const struct ignore *entry, uint64_t number,
		   const char *guest);

enum { IGNORES_MOST = 100 }; /* of one person */

struct ignore_list {
	struct ignore list[IGNORES_MOST];
	size_t count;
};

/* The entry that is for them; NULL: none. */
struct ignore *ignore_list_find(struct ignore_list *list, uint64_t number,
				const char *guest);

/* Adds kinds. False when the list is full. */
NODISCARD bool ignore_list_add(struct ignore_list *list,
			       const struct ignore *more);

/* Takes kinds from an entry of the list, which goes when it has none left. */
void ignore_list_take(struct ignore_list *list, struct ignore *entry,
		      unsigned kinds);

/* The stored form, version first; out is empty. Numbers of guests are not. */
void ignore_encode(const struct ignore_list *list, struct buf *out);
NODISCARD bool ignore_decode(const void *bytes, size_t len,
			     struct ignore_list *list_r);

#endif
