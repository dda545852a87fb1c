/* What staff is told of a room. Jobs only. */
#ifndef RIALTO_CHAT_ROOM_SHEET_H
#define RIALTO_CHAT_ROOM_SHEET_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/chat.h"

/*
 * Adds lines of "what: value", ended by "\n": name, made, owner, successor,
 * ops, voiced, modes, topic, kept, state, here, and the entries of its lists.
 */
NODISCARD enum err room_sheet_print(struct chat *chat, struct room *room,
				    struct buf *out);

#endif
