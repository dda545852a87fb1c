/*
 * Whose messages: those of a user, whatever it was called then, or those that
 * were said under a name, by a guest or by who is no more. Plain values.
 */
#ifndef RIALTO_CHAT_WHOSE_H
#define RIALTO_CHAT_WHOSE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "user/user.h"

struct users;

struct whose {
	user_id user;             /* 0: no user */
	char name[NAME_MOST + 1]; /* "": no name */
};

/* Job. Whoever is called so now, and whoever was: users_find(). */
NODISCARD enum err whose_find(struct users *users, const char *name,
			      struct whose *whose_r);

/* Those of the user, if there is one, and those that were said as name. */
struct whose whose_named(user_id user, const char *name);

bool whose_is_anybody(const struct whose *whose);

/* Either fits; anybody's do when neither is set. */
bool whose_fits(const struct whose *whose, user_id user, const char *from);

#endif
