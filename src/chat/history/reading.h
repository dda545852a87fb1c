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

struct search;

/* ERR_NO_ROOM. Any thread. */
NODISCARD enum err reading_check(struct room *room, const struct actor *by,
				 struct refusal *why);

/*
 * References to the rooms that the actor is inside of; for chat_free_rooms().
 * Any thread.
 */
struct room **reading_rooms(const struct actor *by, size_t *count_r);

/*
 * Lets a search look in the room or, without one, in all that the actor is
 * inside of: ERR_NO_ROOM, with the words of none. Any thread.
 */
NODISCARD enum err reading_search(struct search *search, struct room *room,
				  const struct actor *by, const char *none,
				  struct refusal *why);

/* Between pages: no more in rooms that the actor may not read any more. */
void reading_search_on(struct search *search, const struct actor *by);

#endif
