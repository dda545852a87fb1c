/*
 * The gate of a room: who may come in, and who may speak in it.
 */
#ifndef RIALTO_CHAT_GATE_H
#define RIALTO_CHAT_GATE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/message.h"
#include "chat/refusal.h"

struct person;
struct room;
struct member;

/*
 * May by enter the room, with this key (NULL: none given)? The room's lock is
 * not held.
 */
NODISCARD enum err gate_join(struct room *room, const struct actor *by,
			     const char *key, struct refusal *why);

/*
 * May somebody who logs in be in this room again? With the person's lock
 * held.
 */
NODISCARD enum err gate_return(struct room *room, const struct person *person,
			       struct refusal *why);

/* May the member say m? With the room's lock held, so it is brief. */
NODISCARD enum err gate_speak(struct room *room, struct member *member,
			      const struct message *m, struct refusal *why);

/*
 * May the member show the room the text of m, which is not said: a topic, or
 * a name? With the room's lock held.
 */
NODISCARD enum err gate_words(struct room *room, struct member *member,
			      const struct message *m, struct refusal *why);

#endif
