/* Those in a room whom an entry of its lists is for. One owner. */
#ifndef RIALTO_CHAT_HITS_H
#define RIALTO_CHAT_HITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "chat/rank.h"
#include "chat/sanction/sanction.h"

struct person;
struct room;

struct hits {
	const struct sanction *s;
	struct room *room;
	struct person **people; /* references */
	user_id *users;         /* theirs; 0: a guest */
	char (*names)[NAME_MOST + 1];
	size_t count;
	enum rank highest; /* of all it is for; RANK_GUEST: there is nobody */
	char highest_name[NAME_MOST + 1];
};

/*
 * Takes the room's lock. Who is exempt is left out; and so is, of a ban or a
 * quiet, who is of a higher rank than set it, but for highest.
 */
void hits_find(struct hits *hits, struct room *room, const struct sanction *s);
void hits_fini(struct hits *hits);

bool hits_has(const struct hits *hits, const struct person *person);

/* Adds "ann, ben and 12 others"; *count_r is how many. */
void hits_print(const struct hits *hits, struct buf *names, size_t *count_r);

#endif
