/* The owner of a room says how much of it is remembered. Jobs only. */
#ifndef RIALTO_CHAT_RETENTION_CHANGE_H
#define RIALTO_CHAT_RETENTION_CHANGE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/history/retention.h"
#include "chat/refusal.h"

struct chat;
struct room;

/*
 * Sets it, and tells those inside. When it is off, what was kept is erased;
 * what is beyond a smaller one goes with the next sweep. ERR_NOT_ALLOWED,
 * ERR_BAD_INPUT (more than the server keeps), ERR_EXISTS (it is so), ERR_BUSY,
 * and the errors of act_run().
 */
NODISCARD enum err retention_set(struct chat *chat, const struct actor *by,
				 struct room *room,
				 const struct retention *choice,
				 struct refusal *why);

#endif
