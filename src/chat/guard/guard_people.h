/*
 * The mutes of the guard, as the people who are here meet them. Each person
 * carries the number of the mute that hits it, so that to speak costs no
 * search.
 */
#ifndef RIALTO_CHAT_GUARD_PEOPLE_H
#define RIALTO_CHAT_GUARD_PEOPLE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/guard/guard.h"
#include "chat/message.h"
#include "chat/refusal.h"

struct chat;
struct member;
struct person;
struct room;

/* With the person's lock: which mute hits it, when its sessions changed. */
void guard_weigh(struct guard *guard, struct person *person);

/* A mute is new, or lifted: whom it hits is told. Other kinds: nothing. */
void guard_reach(struct chat *chat, const struct guard_entry *entry,
		 bool is_lifted);

/* ERR_BANNED, with until when and why. address is as text. */
NODISCARD enum err guard_may_enter(struct chat *chat, user_id user,
				   role_set roles, const char *address,
				   struct refusal *why);

/* ERR_MUTED, with until when and why. A NULL person may always speak. */
NODISCARD enum err guard_may_speak(struct person *person, struct refusal *why);

/* The same of a user who is not in chat. */
NODISCARD enum err guard_may_write(struct chat *chat, user_id user,
				   role_set roles, const char *address,
				   struct refusal *why);

/* The gate's check. */
NODISCARD enum err guard_speak(struct room *room, struct member *member,
			       const struct message *m, struct refusal *why);

#endif
