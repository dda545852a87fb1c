/*
 * Invitations: somebody may come into a room once, within an hour, even when
 * it is for the invited only. Jobs only.
 */
#ifndef RIALTO_CHAT_INVITE_H
#define RIALTO_CHAT_INVITE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/refusal.h"

enum { INVITE_S = 60 * 60 };

/*
 * Invites who is here under that name, and tells so. ERR_NOT_ALLOWED,
 * ERR_NO_SUCH_USER, ERR_EXISTS (inside already), ERR_BANNED,
 * ERR_ROOM_LIMIT.
 */
NODISCARD enum err invite_give(struct chat *chat, const struct actor *by,
			       struct room *room, const char *name,
			       struct refusal *why);

/* by is invited, or of those who always are. The room's lock is not held. */
bool invite_admits(struct room *room, const struct actor *by);

/* With chat's change lock: by has come in, so that the invitation is spent. */
void invite_use(struct chat *chat, const struct actor *by, struct room *room);

#endif
