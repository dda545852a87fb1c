#include "chat/office.h"

#include <string.h>

#include "base/clock.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/right_change.h"
#include "chat/room_fields.h"

/* The rank by has here, the one who has, and who granted it. */
struct ranks {
	enum rank by;
	enum rank who;     /* of the room's own */
	enum rank granter; /* RANK_GUEST: nobody */
	size_t count;      /* of rights */
};

static struct ranks look(struct room *room, const struct actor *by, user_id who)
{
	struct ranks ranks = { .granter = RANK_GUEST };
	const struct right *right;

	mutex_lock(&room->lock);
	ranks.by = room_rank_of(room, by->user, by->roles);
	ranks.who = room_rank_of(room, who, ROLE_USER);
	right = rights_find(&room->rights, who);
	if (right != NULL)
		ranks.granter = right->by_rank;
	ranks.count = room->rights.count;
	mutex_unlock(&room->lock);
	return ranks;
}

/* How one is told of a rank: "ann made ben an op". */
static const char *grant_text(enum rank rank)
{
	static const char *const texts[RANK_ADMIN + 1] = {
		[RANK_VOICED] = "voiced",
		[RANK_OP] = "an op",
		[RANK_OWNER] = "the owner",
	};

	return texts[rank] != NULL ? texts[rank] : "a plain member";
}

static void tell(struct room *room, const struct actor *by,
		 const struct user *who, enum rank rank)
{
	mutex_lock(&room->lock);
	room_tell(room, MESSAGE_RANKED, by->name, who->name, grant_text(rank),
		  0);
	mutex_unlock(&room->lock);
}

static struct right make_right(user_id user, enum rank rank,
			       const struct actor *by, enum rank by_rank)
{
	struct right right = { .user = user,
			       .rank = rank,
			       .since_ms = clock_wall_ms(),
			       .by_rank = by_rank };

	memcpy(right.by, by->name, sizeof(right.by));
	return right;
}

static enum err check_grant(const struct ranks *ranks, enum rank rank,
			    const char *name, bool is_own, struct refusal *why)
{
	enum rank higher = rank > ranks->who ? rank : ranks->who;
	enum permit permit = higher >= RANK_OP ? PERMIT_OP : PERMIT_VOICE;
	enum rank whom =
		ranks->granter > ranks->who ? ranks->granter : ranks->who;
	enum err e = permit_check(permit, ranks->by, whom);

	/* Everybody may step down. */
	if (is_own && rank < ranks->who && ranks->who < RANK_OWNER)
		return ERR_OK;
	if (e == ERR_NOT_ALLOWED)
		return refusal_give(why, e, "That is for the room's %s.",
				    rank_word(permit_least(permit)));
	if (e == ERR_RANK)
		return refusal_give(why, e, "A higher rank made %s %s.", name,
				    grant_text(ranks->who));
	if (ranks->who == RANK_OWNER)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "%s owns the room: hand it over first.",
				    name);
	if (ranks->who == rank)
		return refusal_give(why, ERR_EXISTS, "%s is %s already.", name,
				    grant_text(rank));
	if (rank > RANK_MEMBER && ranks->count >= RIGHTS_MOST)
		return refusal_give(why, ERR_ROOM_LIMIT,
				    "A room has at most %d ops and voiced.",
				    RIGHTS_MOST);
	return ERR_OK;
}

/* With the change lock. */
static enum err grant(struct chat *chat, const struct actor *by,
		      struct room *room, const struct user *who, enum rank rank,
		      struct refusal *why)
{
	struct act act = { .by = by,
			   .action = "room.rank",
			   .room = room,
			   .target = who->name,
			   .detail = rank_word(rank) };
	struct ranks ranks = look(room, by, who->id);
	struct right right = make_right(who->id, rank, by, ranks.by);
	struct right_change change = { .store = chat->store, .room = room };
	enum err e =
		check_grant(&ranks, rank, who->name, by->user == who->id, why);

	if (e != ERR_OK)
		return e;
	if (rank > RANK_MEMBER)
		change.right = &right;
	else
		change.dropped[0] = who->id;
	e = act_run(chat, &act, right_change_write, &change);
	if (e != ERR_OK)
		return e;
	right_change_apply(&change);
	tell(room, by, who, rank);
	return ERR_OK;
}

enum err office_grant(struct chat *chat, const struct actor *by,
		      struct room *room, const struct user *who, enum rank rank,
		      struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = grant(chat, by, room, who, rank, why);
	mutex_unlock(&chat->change);
	return e;
}

static enum err refuse_owner(enum err e, struct refusal *why)
{
	return e == ERR_OK
		       ? e
		       : refusal_give(why, e, "That is for the room's owner.");
}

/* With the change lock. */
static enum err transfer(struct chat *chat, const struct actor *by,
			 struct room *room, const struct user *to,
			 struct refusal *why)
{
	struct act act = { .by = by,
			   .action = "room.owner",
			   .room = room,
			   .target = to->name };
	struct ranks ranks = look(room, by, to->id);
	struct right_change change = { .store = chat->store, .room = room };
	struct room_facts facts;
	struct right right;
	enum err e = refuse_owner(
		permit_check(PERMIT_OWNER, ranks.by, RANK_GUEST), why);

	if (e == ERR_OK && ranks.who == RANK_OWNER)
		return refusal_give(why, ERR_EXISTS,
				    "%s owns the room already.", to->name);
	if (e != ERR_OK)
		return e;
	room_facts(room, &facts);
	right = make_right(facts.owner, RANK_OP, by, ranks.by);
	if (facts.owner != 0)
		change.right = &right;
	facts.owner = to->id;
	if (facts.successor == to->id)
		facts.successor = 0;
	change.facts = &facts;
	change.dropped[0] = to->id;
	e = act_run(chat, &act, right_change_write, &change);
	if (e != ERR_OK)
		return e;
	right_change_apply(&change);
	tell(room, by, to, RANK_OWNER);
	return ERR_OK;
}

enum err office_transfer(struct chat *chat, const struct actor *by,
			 struct room *room, const struct user *to,
			 struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = transfer(chat, by, room, to, why);
	mutex_unlock(&chat->change);
	return e;
}

/* With the change lock. */
static enum err name_successor(struct chat *chat, const struct actor *by,
			       struct room *room, const struct user *who,
			       struct refusal *why)
{
	struct act act = { .by = by,
			   .action = "room.successor",
			   .room = room,
			   .target = who == NULL ? NULL : who->name };
	user_id id = who == NULL ? 0 : who->id;
	struct ranks ranks = look(room, by, id);
	struct right_change change = { .store = chat->store, .room = room };
	struct room_facts facts;
	enum err e = refuse_owner(
		permit_check(PERMIT_OWNER, ranks.by, RANK_GUEST), why);

	room_facts(room, &facts);
	if (e == ERR_OK && id != 0 && id == facts.owner)
		return refusal_give(why, ERR_EXISTS,
				    "%s owns the room already.", who->name);
	if (e != ERR_OK)
		return e;
	facts.successor = id;
	change.facts = &facts;
	e = act_run(chat, &act, right_change_write, &change);
	if (e == ERR_OK)
		right_change_apply(&change);
	return e;
}

enum err office_name_successor(struct chat *chat, const struct actor *by,
			       struct room *room, const struct user *who,
			       struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = name_successor(chat, by, room, who, why);
	mutex_unlock(&chat->change);
	return e;
}
