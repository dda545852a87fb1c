/*
 * What is held back from a room goes to its ops: they are gathered with the
 * room's lock held, and told without. One owner.
 */
#ifndef RIALTO_CHAT_HELD_H
#define RIALTO_CHAT_HELD_H

#include <stddef.h>

#include "chat/message.h"

struct person;
struct room;

struct held {
	struct person **ops; /* references */
	size_t count;
};

/* With the room's lock held. Into an empty one: who is here and an op. */
void held_gather(struct held *held, const struct room *room);

/* Tells them m, which nobody else was told, and empties held. */
void held_tell(struct held *held, struct room *room, const struct message *m);

#endif
