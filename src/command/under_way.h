/*
 * Ids under way: of what was asked for and is not answered yet, so that the
 * store may not have it yet either. Who would refuse what was asked under an id
 * looks here first, and then into the store: what is in neither was not done,
 * and is not about to be. A table of fixed size, in memory; any thread.
 *
 * What all that is paid goes through, and few look at: to begin and to end cost
 * no search, however many are under way.
 */
#ifndef RIALTO_COMMAND_UNDER_WAY_H
#define RIALTO_COMMAND_UNDER_WAY_H

#include <stdbool.h>

#include "base/list.h"
#include "crypto/uuid.h"
#include "user/user.h"

struct under_way;

/* One of them, within what its giver has; all zero, it is not under way. */
struct under_way_id {
	struct under_way *where;
	struct list link;
	struct uuid id;
	user_id user;
	const void *by;
};

struct under_way *under_way_new(void);

/* None is under way any more. */
void under_way_free(struct under_way **under_way);

/*
 * The user asks for something under the id; by is whatever gives it. Before
 * anything is looked at that it may be refused for.
 */
void under_way_begin(struct under_way *under_way, struct under_way_id *one,
		     user_id user, const struct uuid *id, const void *by);

/* It is answered: the store has it, or it was not done. May be called twice. */
void under_way_end(struct under_way_id *one);

/*
 * Did the user begin to ask under the id before, by something else that is
 * under way still? Also true when there is too much to look through.
 */
bool under_way_before(struct under_way *under_way, user_id user,
		      const struct uuid *id, const void *by);

#endif
