/* What somebody changes about whom to ignore. Jobs. */
#ifndef RIALTO_CHAT_IGNORE_ACT_H
#define RIALTO_CHAT_IGNORE_ACT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/ignore/ignore.h"
#include "chat/refusal.h"
#include "user/user.h"

struct chat;

/* What is asked, and what came of it. */
struct ignoring {
	const char *name;
	unsigned kinds;             /* to add, or to take away */
	char name_r[NAME_MOST + 1]; /* as it is written */
	unsigned kinds_r;           /* that are ignored now */
	bool is_staff_r;            /* whose private words come nevertheless */
};

/*
 * Somebody ignores a user, or a guest who is here; a user for good, a guest
 * while it stays. ERR_NO_SUCH_USER, ERR_BAD_INPUT (oneself), ERR_LIMIT.
 */
NODISCARD enum err ignore_add(struct chat *chat, const struct actor *by,
			      struct ignoring *what, struct refusal *why);

/* And no longer. ERR_NOT_FOUND. */
NODISCARD enum err ignore_take(struct chat *chat, const struct actor *by,
			       struct ignoring *what, struct refusal *why);

/* With the change lock: the user is no more. */
NODISCARD enum err ignore_forget(struct chat *chat, user_id user);

#endif
