/* The lists of a room, for its ops to read. Jobs only. */
#ifndef RIALTO_CHAT_SANCTION_LIST_H
#define RIALTO_CHAT_SANCTION_LIST_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/refusal.h"
#include "chat/sanction/sanction.h"

/*
 * Adds a line for each entry of this kind that is not over (kind 0: of any;
 * SANCTION_REFUSE: any filter), ended by "\n":
 *
 *     #12 ban user:troll by ann 2026-11-21 15:00 until 2026-11-21 18:00: spam
 *
 * ERR_NOT_ALLOWED below ops, save for auditors.
 */
NODISCARD enum err sanction_list_print(struct chat *chat,
				       const struct actor *by,
				       struct room *room,
				       enum sanction_kind kind, struct buf *out,
				       struct refusal *why);

#endif
