/*
 * Rank: who may do what to whom. Guest < member < voiced < op < owner <
 * moderator < admin; the first five are a room's own. Only the same rank or a
 * higher one acts on somebody, or undoes what a rank did. Any thread.
 */
#ifndef RIALTO_CHAT_RANK_H
#define RIALTO_CHAT_RANK_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/refusal.h"
#include "user/user.h"

enum rank {
	RANK_GUEST,
	RANK_MEMBER,
	RANK_VOICED,
	RANK_OP,
	RANK_OWNER,
	RANK_MODERATOR,
	RANK_ADMIN,
};

/* "guest", "member" … "admin". */
const char *rank_word(enum rank rank);

/* What somebody is everywhere, by role: guest, member, moderator or admin. */
enum rank rank_of_roles(role_set roles);

/* What takes a rank to do: rows of one table. */
enum permit {
	PERMIT_TOPIC,
	PERMIT_INVITE,
	PERMIT_VOICE,
	PERMIT_KICK,
	PERMIT_BAN,
	PERMIT_QUIET,
	PERMIT_FILTER,
	PERMIT_SANCTIONS, /* see the lists */
	PERMIT_MODE,
	PERMIT_MODLOG,
	PERMIT_DELETE, /* what others have said */
	PERMIT_RETENTION,
	PERMIT_OP,
	PERMIT_OWNER, /* hand the room over, name a successor */
	PERMIT_CLOSE,
	PERMIT_GBAN,
	PERMIT_GMUTE,
	PERMIT_LOCKDOWN,
	PERMIT_SAMESITE,
	PERMIT_NOTE,
	PERMIT_REPORTS,
	PERMIT_BOARD, /* rules, message of the day */
	PERMIT_BROADCAST,
	PERMIT_COUNT
};

/* The least rank that may. */
enum rank permit_least(enum permit permit);

/*
 * ERR_NOT_ALLOWED when the rank `by` may not do it at all, ERR_RANK when it
 * may, but not to somebody (or against what was done by somebody) of the rank
 * `whom`; RANK_GUEST where there is nobody.
 */
NODISCARD enum err permit_check(enum permit permit, enum rank by,
				enum rank whom);

/* permit_check() where there is nobody; why says for whom of room it is. */
NODISCARD enum err permit_demand(enum permit permit, enum rank by,
				 const char *room, struct refusal *why);

#endif
