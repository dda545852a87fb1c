/* Pardons: how entries leave the lists of a room. Jobs only. */
#ifndef RIALTO_CHAT_PARDON_H
#define RIALTO_CHAT_PARDON_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/refusal.h"
#include "chat/sanction/sanction.h"

/*
 * Takes an entry away: what is its number ("12" or "#12"), or whom it is for,
 * as sentence_pass() reads it. With kind SANCTION_REFUSE any filter is meant.
 * ERR_NOT_ALLOWED, ERR_NOT_FOUND, ERR_RANK (a higher rank set it), and what
 * whom_mask() refuses.
 */
NODISCARD enum err pardon_give(struct chat *chat, const struct actor *by,
			       struct room *room, enum sanction_kind kind,
			       const char *what, struct sanction *lifted_r,
			       struct refusal *why);

#endif
