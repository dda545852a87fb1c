/*
 * Who here ignores whom. What somebody says in rooms costs nothing more than
 * before unless somebody ignores that one: each person knows whether that may
 * be so, and whether it ignores anybody itself.
 */
#ifndef RIALTO_CHAT_IGNORE_PEOPLE_H
#define RIALTO_CHAT_IGNORE_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "chat/ignore/ignores.h"
#include "user/user.h"

struct chat;
struct message;
struct person;

/* Of users, whether they are here or not. Any thread, with any lock of chat. */
bool ignore_has(const struct chat *chat, user_id user, user_id other,
		enum ignore_kind kind);

/* Does who ignore other in this? Both are here. Without locks of people. */
bool ignore_person(struct chat *chat, const struct person *who,
		   struct person *other, enum ignore_kind kind);

/*
 * Is m something that somebody said or did in a room, whom this person does
 * not want to hear? Any thread, with any lock of chat.
 */
bool ignore_hides(const struct person *person, const struct message *m);

/* A copy of the list of a user, or of a guest, see person_number(). */
void ignore_list_of(const struct chat *chat, uint64_t number,
		    struct ignore_list *list_r);

/* The person is saying m in a room. */
void ignore_mark(const struct person *person, struct message *m);

/*
 * With the person's lock held: its name is new, or it has come, or lists have
 * changed that concern it.
 */
void ignore_weigh(struct chat *chat, struct person *person);

/* With the person's lock held: it goes. What a guest ignored is forgotten. */
void ignore_depart(struct chat *chat, const struct person *person);

#endif
