/* Entries of the guard that are of no use any more. */
#ifndef RIALTO_CHAT_GUARD_KEEP_H
#define RIALTO_CHAT_GUARD_KEEP_H

#include "base/attr.h"
#include "base/err.h"
#include "user/user.h"

struct chat;

/* A user is no more: nor are entries by user. With the change lock; a job. */
NODISCARD enum err guard_forget(struct chat *chat, user_id user);

/*
 * The keeper's chore: removes what ended more than a day ago. Not at once,
 * since a clock that has jumped may be put right again.
 */
void guard_tick(struct chat *chat);

#endif
