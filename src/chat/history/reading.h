/*
 * Who may read what was said in a room: whoever is inside; elsewhere, by
 * naming the room, moderators and administrators, who look after it, and
 * auditors, who read everything.
 */
#ifndef RIALTO_CHAT_READING_H
#define RIALTO_CHAT_READING_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/refusal.h"
#include "chat/room.h"

/* ERR_NO_ROOM. Any thread. */
NODISCARD enum err reading_check(struct room *room, const struct actor *by,
				 struct refusal *why);

/*
 * References to the rooms that the actor is inside of; for chat_free_rooms().
 * Any thread.
 */
struct room **reading_rooms(const struct actor *by, size_t *count_r);

#endif
