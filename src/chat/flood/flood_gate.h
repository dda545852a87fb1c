/*
 * Flood control at the gate of a room, see gate.h, and for what one person
 * does elsewhere that others are told of. Ops and above are not counted.
 */
#ifndef RIALTO_CHAT_FLOOD_GATE_H
#define RIALTO_CHAT_FLOOD_GATE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/message.h"
#include "chat/refusal.h"

struct chat;
struct member;
struct person;
struct room;

/*
 * ERR_FLOOD. The room's lock is not held. To be asked first: joins that are
 * refused afterwards count as well, since keys are guessed so.
 */
NODISCARD enum err flood_join(struct room *room, const struct actor *by,
			      const char *key, struct refusal *why);

/* ERR_FLOOD. With the room's lock held. */
NODISCARD enum err flood_speak(struct room *room, struct member *member,
			       const struct message *m, struct refusal *why);

/*
 * ERR_FLOOD. What is said to somebody (text), or told to others: a new name, a
 * topic (NULL). A NULL from is the console.
 */
NODISCARD enum err flood_tell(struct chat *chat, struct person *from,
			      const char *text, struct refusal *why);

/* A person comes with its first session, and goes with its last. */
void flood_arrive(struct chat *chat, struct person *person,
		  const char *address);
void flood_depart(struct chat *chat, struct person *person);

#endif
