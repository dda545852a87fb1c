/*
 * Heritage: what becomes of rooms when a user is no more. The successor gets
 * those the user owned, else whoever is an op for longest, else nobody: then
 * moderators look after them. A room is never to be had by being empty.
 */
#ifndef RIALTO_CHAT_HERITAGE_H
#define RIALTO_CHAT_HERITAGE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"

/* Job. The user's memberships, rights and entries of the guard go as well. */
NODISCARD enum err heritage_forget(struct chat *chat, const struct actor *by,
				   user_id user);

/*
 * Start-up: does what a crash kept heritage_forget() from doing, for owners
 * and ops whose user is not there.
 */
NODISCARD enum err heritage_mend(struct chat *chat);

#endif
