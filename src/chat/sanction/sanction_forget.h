/* What becomes of a user's entries in the lists of rooms. */
#ifndef RIALTO_CHAT_SANCTION_FORGET_H
#define RIALTO_CHAT_SANCTION_FORGET_H

#include "base/attr.h"
#include "base/err.h"
#include "user/user.h"

struct chat;

/*
 * With the change lock; a job. A user is no more: nor are bans, invitations
 * and the like that name the user, in any room.
 */
NODISCARD enum err sanction_forget(struct chat *chat, user_id user);

#endif
