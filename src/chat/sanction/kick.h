/* Kicks: somebody is put out of a room. Jobs only. */
#ifndef RIALTO_CHAT_KICK_H
#define RIALTO_CHAT_KICK_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/refusal.h"

/*
 * ERR_NOT_ALLOWED, ERR_RANK, ERR_NO_SUCH_USER (nobody of that name is in the
 * room), ERR_BAD_INPUT (the actor; a reason above REASON_MOST).
 */
NODISCARD enum err kick_give(struct chat *chat, const struct actor *by,
			     struct room *room, const char *name,
			     const char *reason, struct refusal *why);

/*
 * With chat's change lock: kicks who may be kicked; shown is who is named for
 * it.
 */
NODISCARD enum err kick_carry_out(struct chat *chat, const struct actor *by,
				  struct room *room, struct person *who,
				  const char *shown, const char *reason);

#endif
