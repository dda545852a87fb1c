/*
 * Changes of a room's members, for chat.c, which holds the person's lock.
 */
#ifndef RIALTO_CHAT_ROOM_FIELDS_H
#define RIALTO_CHAT_ROOM_FIELDS_H

#include "chat/room.h"

/*
 * Adds the person, with the sessions it has, tells the others, and sends the
 * person's workers MESSAGE_ENTERED with the replay; origin is the session
 * that asked for it, or 0.
 */
void room_enter(struct room *room, struct person *person, uint64_t origin);

/*
 * Takes the person out, sends its workers MESSAGE_EXITED, and tells the others
 * by a message of this kind.
 */
void room_exit(struct room *room, struct person *person,
	       enum message_kind kind);

/* The person's first session in this worker has come; the last has gone. */
void room_worker_came(struct room *room, unsigned subscriber);
void room_worker_went(struct room *room, unsigned subscriber);

/* Sends MESSAGE_ENTERED for one new session of a member. */
void room_attach(struct room *room, struct person *person, unsigned subscriber,
		 uint64_t session);

/* A member has a new name. */
void room_rename(struct room *room, struct person *person, const char *name);

/* Drops the replay, whose messages refer to the room: the room closes. */
void room_forget(struct room *room);

/* Tells of crowds that came and went since the last call. */
void room_tick(struct room *room);

#endif
