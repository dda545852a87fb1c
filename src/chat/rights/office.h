/*
 * Offices: who is owner, op or voiced in a room, and how that changes. All are
 * jobs; what they change is committed, not yet durable.
 */
#ifndef RIALTO_CHAT_OFFICE_H
#define RIALTO_CHAT_OFFICE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/rank.h"
#include "chat/refusal.h"
#include "chat/room.h"

/*
 * Makes a user an op or voiced (RANK_OP, RANK_VOICED). ERR_NOT_ALLOWED,
 * ERR_RANK (who is, or was made so by, a higher rank), ERR_EXISTS (is that
 * already, or more), ERR_ROOM_LIMIT (RIGHTS_MOST).
 */
NODISCARD enum err office_grant(struct chat *chat, const struct actor *by,
				struct room *room, const struct user *who,
				enum rank rank, struct refusal *why);

/*
 * Makes an op, or one who is voiced, a plain member again. Everybody may step
 * down. As office_grant(); ERR_EXISTS for who is not of that rank.
 */
NODISCARD enum err office_revoke(struct chat *chat, const struct actor *by,
				 struct room *room, const struct user *who,
				 enum rank rank, struct refusal *why);

/* What one is told to be: "an op", "voiced", "the owner", "a plain member". */
const char *office_text(enum rank rank);

/* The room gets another owner; the one before becomes an op. Likewise. */
NODISCARD enum err office_transfer(struct chat *chat, const struct actor *by,
				   struct room *room, const struct user *to,
				   struct refusal *why);

/* Who was named as such, for the owner to see; 0: nobody. ERR_NOT_ALLOWED. */
NODISCARD enum err office_successor(const struct actor *by, struct room *room,
				    user_id *user_r, struct refusal *why);

/* Who owns the room when the owner's user is removed; NULL: nobody named. */
NODISCARD enum err office_name_successor(struct chat *chat,
					 const struct actor *by,
					 struct room *room,
					 const struct user *who,
					 struct refusal *why);

#endif
