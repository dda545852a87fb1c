#include "chat/rank.h"

#include <assert.h>
#include <stddef.h>

static const char *const rank_words[] = {
	[RANK_GUEST] = "guest",   [RANK_MEMBER] = "member",
	[RANK_VOICED] = "voiced", [RANK_OP] = "op",
	[RANK_OWNER] = "owner",   [RANK_MODERATOR] = "moderator",
	[RANK_ADMIN] = "admin",
};

static const enum rank permits[PERMIT_COUNT] = {
	[PERMIT_TOPIC] = RANK_MEMBER,
	[PERMIT_INVITE] = RANK_OP,
	[PERMIT_VOICE] = RANK_OP,
	[PERMIT_KICK] = RANK_OP,
	[PERMIT_BAN] = RANK_OP,
	[PERMIT_QUIET] = RANK_OP,
	[PERMIT_FILTER] = RANK_OP,
	[PERMIT_SANCTIONS] = RANK_OP,
	[PERMIT_MODE] = RANK_OP,
	[PERMIT_MODLOG] = RANK_OP,
	[PERMIT_DELETE] = RANK_OP,
	[PERMIT_RETENTION] = RANK_OWNER,
	[PERMIT_OP] = RANK_OWNER,
	[PERMIT_OWNER] = RANK_OWNER,
	[PERMIT_CLOSE] = RANK_MODERATOR,
	[PERMIT_GBAN] = RANK_MODERATOR,
	[PERMIT_GMUTE] = RANK_MODERATOR,
	[PERMIT_LOCKDOWN] = RANK_MODERATOR,
	[PERMIT_SAMESITE] = RANK_MODERATOR,
	[PERMIT_NOTE] = RANK_MODERATOR,
	[PERMIT_REPORTS] = RANK_MODERATOR,
	[PERMIT_BOARD] = RANK_ADMIN,
	[PERMIT_BROADCAST] = RANK_ADMIN,
};

static const struct {
	role_set role;
	enum rank rank;
} role_ranks[] = {
	{ ROLE_ADMIN, RANK_ADMIN },
	{ ROLE_MODERATOR, RANK_MODERATOR },
	{ ROLE_USER, RANK_MEMBER },
};

const char *rank_word(enum rank rank)
{
	assert(rank <= RANK_ADMIN);
	return rank_words[rank];
}

enum rank rank_of_roles(role_set roles)
{
	for (size_t i = 0; i < COUNT(role_ranks); i++) {
		if ((roles & role_ranks[i].role) != 0)
			return role_ranks[i].rank;
	}
	return RANK_GUEST;
}

enum rank permit_least(enum permit permit)
{
	assert(permit < PERMIT_COUNT);
	return permits[permit];
}

enum err permit_demand(enum permit permit, enum rank by, const char *room,
		       struct refusal *why)
{
	enum rank least = permit_least(permit);

	if (by >= least)
		return ERR_OK;
	return refusal_give(why, ERR_NOT_ALLOWED,
			    "That is for %ss of %s and above.",
			    rank_word(least), room);
}

enum err permit_check(enum permit permit, enum rank by, enum rank whom)
{
	if (by < permit_least(permit))
		return ERR_NOT_ALLOWED;
	return by < whom ? ERR_RANK : ERR_OK;
}
