#include "chat/rights/office.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/flood/flood_gate.h"
#include "chat/guard/guard_people.h"
#include "chat/rights/right_change.h"
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

const char *office_text(enum rank rank)
{
	static const char *const texts[RANK_ADMIN + 1] = {
		[RANK_VOICED] = "voiced",
		[RANK_OP] = "an op",
		[RANK_OWNER] = "the owner",
	};

	return texts[rank] != NULL ? texts[rank] : "a plain member";
}

/* Whoever has a room could reach all with it, muted or not, again and again. */
static bool may_tell(struct chat *chat, const struct actor *by)
{
	return guard_may_speak(by->person, NULL) == ERR_OK &&
	       flood_tell(chat, by->person, NULL, NULL) == ERR_OK;
}

/* Who is here, but not in the room, hears it as well. */
static void tell_absent(struct chat *chat, struct room *room,
			const struct actor *by, const struct user *who,
			const char *what)
{
	struct person *person = chat_person(chat, who->name);
	char text[256];

	if (person != NULL && person != by->person && !room_has(room, person) &&
	    may_tell(chat, by)) {
		struct message *m;

		snprintf(text, sizeof(text), "%s made you %s in %s.", by->name,
			 what, room_name(room));
		m = message_new(MESSAGE_NOTICE, NULL, person, "", text);
		person_send(person, m);
		message_unref(&m);
	}
	person_unref(&person);
}

static void tell(struct chat *chat, struct room *room, const struct actor *by,
		 const struct user *who, enum rank rank)
{
	mutex_lock(&room->lock);
	room_tell(room, MESSAGE_RANKED, by->name, who->name, office_text(rank),
		  0);
	mutex_unlock(&room->lock);
	tell_absent(chat, room, by, who, office_text(rank));
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

/* A right that is granted or taken. */
struct grant {
	const struct user *who;
	enum rank from; /* RANK_MEMBER when it is granted: anything */
	enum rank to;
};

/* Only who has a right may grant it, or take it. */
static enum err check_permit(const struct ranks *ranks, const struct room *room,
			     const struct grant *g, struct refusal *why)
{
	bool is_op = g->from == RANK_OP || g->to == RANK_OP;
	enum rank whom =
		ranks->granter > ranks->who ? ranks->granter : ranks->who;
	enum err e =
		permit_check(is_op ? PERMIT_OP : PERMIT_VOICE, ranks->by, whom);

	if (e == ERR_NOT_ALLOWED && is_op)
		return refusal_give(why, e,
				    "Only the owner of %s says who is an op.",
				    room_name(room));
	if (e == ERR_NOT_ALLOWED)
		return refusal_give(why, e,
				    "Only the ops of %s say who is voiced.",
				    room_name(room));
	if (e == ERR_RANK && ranks->who == RANK_OWNER)
		return refusal_give(why, e, "%s owns %s.", g->who->name,
				    room_name(room));
	if (e == ERR_RANK && ranks->who > ranks->by)
		return refusal_give(why, e, "%s is %s of %s.", g->who->name,
				    office_text(ranks->who), room_name(room));
	if (e == ERR_RANK)
		return refusal_give(why, e,
				    "%s was made %s by a higher rank (%s).",
				    g->who->name, office_text(ranks->who),
				    rank_word(ranks->granter));
	return e;
}

/* What somebody is already, or is not. */
static enum err check_change(const struct ranks *ranks, const struct room *room,
			     const struct grant *g, struct refusal *why)
{
	const char *name = g->who->name;

	if (g->to > RANK_MEMBER && ranks->who >= g->to)
		return refusal_give(why, ERR_EXISTS, "%s is %s of %s already.",
				    name, office_text(ranks->who),
				    room_name(room));
	if (g->to == RANK_MEMBER && ranks->who != g->from)
		return refusal_give(why, ERR_EXISTS, "%s is not %s in %s.",
				    name, office_text(g->from),
				    room_name(room));
	if (g->to > RANK_MEMBER && ranks->count >= RIGHTS_MOST)
		return refusal_give(why, ERR_ROOM_LIMIT,
				    "A room has at most %d ops and voiced.",
				    RIGHTS_MOST);
	return ERR_OK;
}

/* With the change lock. */
static enum err change_locked(struct chat *chat, const struct actor *by,
			      struct room *room, const struct grant *g,
			      struct refusal *why)
{
	struct act act = { .by = by,
			   .action = "room.rank",
			   .room = room,
			   .target = g->who->name,
			   .detail = rank_word(g->to) };
	struct ranks ranks = look(room, by, g->who->id);
	struct right right = make_right(g->who->id, g->to, by, ranks.by);
	struct right_change change = { .store = chat->store, .room = room };
	bool steps_down = g->to == RANK_MEMBER && by->user == g->who->id;
	enum err e = chat_check_user(chat, g->who->id);

	if (e == ERR_OK && !steps_down)
		e = check_permit(&ranks, room, g, why);
	if (e == ERR_OK)
		e = check_change(&ranks, room, g, why);
	if (e != ERR_OK)
		return e;
	if (g->to > RANK_MEMBER)
		change.right = &right;
	else
		change.dropped[0] = g->who->id;
	e = act_run(chat, &act, right_change_write, &change);
	if (e != ERR_OK)
		return e;
	right_change_apply(&change);
	tell(chat, room, by, g->who, g->to);
	return ERR_OK;
}

static enum err change(struct chat *chat, const struct actor *by,
		       struct room *room, const struct grant *g,
		       struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = change_locked(chat, by, room, g, why);
	mutex_unlock(&chat->change);
	return e;
}

enum err office_grant(struct chat *chat, const struct actor *by,
		      struct room *room, const struct user *who, enum rank rank,
		      struct refusal *why)
{
	return change(chat, by, room, &(struct grant){ who, RANK_MEMBER, rank },
		      why);
}

enum err office_revoke(struct chat *chat, const struct actor *by,
		       struct room *room, const struct user *who,
		       enum rank rank, struct refusal *why)
{
	return change(chat, by, room, &(struct grant){ who, rank, RANK_MEMBER },
		      why);
}

static enum err refuse_owner(enum err e, const struct room *room,
			     struct refusal *why)
{
	return e == ERR_OK
		       ? e
		       : refusal_give(why, e, "That is for the owner of %s.",
				      room_name(room));
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
		permit_check(PERMIT_OWNER, ranks.by, RANK_GUEST), room, why);

	if (e == ERR_OK && ranks.who == RANK_OWNER)
		return refusal_give(why, ERR_EXISTS,
				    "%s owns the room already.", to->name);
	if (e == ERR_OK)
		e = chat_check_user(chat, to->id);
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
	tell(chat, room, by, to, RANK_OWNER);
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

enum err office_successor(const struct actor *by, struct room *room,
			  user_id *user_r, struct refusal *why)
{
	struct room_facts facts;

	room_facts(room, &facts);
	*user_r = facts.successor;
	return refuse_owner(permit_check(PERMIT_OWNER,
					 room_rank(room, by->user, by->roles),
					 RANK_GUEST),
			    room, why);
}

/* With the change lock. */
static enum err name_successor(struct chat *chat, const struct actor *by,
			       struct room *room, const struct user *who,
			       struct refusal *why)
{
	struct act act = { .by = by,
			   .action = "room.successor",
			   .room = room,
			   .target = who == NULL ? "nobody" : who->name };
	user_id id = who == NULL ? 0 : who->id;
	struct ranks ranks = look(room, by, id);
	struct right_change change = { .store = chat->store, .room = room };
	struct room_facts facts;
	enum err e = refuse_owner(
		permit_check(PERMIT_OWNER, ranks.by, RANK_GUEST), room, why);

	room_facts(room, &facts);
	if (e == ERR_OK && id != 0 && id == facts.owner)
		return refusal_give(why, ERR_EXISTS,
				    "%s owns the room already.", who->name);
	if (e == ERR_OK && id != 0)
		e = chat_check_user(chat, id);
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
