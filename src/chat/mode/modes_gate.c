/* What the modes of a room say to those who come, and to those who speak. */
#include <string.h>

#include "base/clock.h"
#include "base/quantity.h"
#include "chat/flood/flood_gate.h"
#include "chat/mode/modes.h"
#include "chat/person.h"
#include "chat/room_fields.h"
#include "chat/sanction/invite.h"

/* What a newcomer at the door looks like. */
struct visitor {
	const struct modes *modes;
	const char *room;
	enum rank rank;
	bool is_invited;
	bool is_user;
	size_t count; /* of people inside */
	const char *key;
};

static enum err check_invited(const struct visitor *v, struct refusal *why)
{
	if (v->is_invited)
		return ERR_OK;
	return refusal_give(why, ERR_INVITE_ONLY,
			    "%s is for the invited: ask one of its ops.",
			    v->room);
}

static enum err check_key(const struct visitor *v, struct refusal *why)
{
	if (modes_key_fits(v->modes, v->key))
		return ERR_OK;
	return refusal_give(why, ERR_BAD_KEY,
			    v->key == NULL ? "%s has a key: write /join %s KEY."
					   : "That is not the key of %s.",
			    v->room, v->room);
}

static enum err check_limit(const struct visitor *v, struct refusal *why)
{
	if (v->count < v->modes->values[MODE_LIMIT])
		return ERR_OK;
	return refusal_give(why, ERR_ROOM_FULL,
			    "%s is full: its limit is %u people.", v->room,
			    v->modes->values[MODE_LIMIT]);
}

static enum err check_user(const struct visitor *v, struct refusal *why)
{
	if (v->is_user)
		return ERR_OK;
	return refusal_give(why, ERR_USERS_ONLY,
			    "%s is for users with a login: /register makes you "
			    "one.",
			    v->room);
}

/* Those of the rank, and above, come in whatever the mode says. */
static const struct {
	enum mode mode;
	enum rank exempt;
	enum err (*check)(const struct visitor *v, struct refusal *why);
} join_rules[] = {
	{ MODE_USERS_JOIN, RANK_OP, check_user },
	{ MODE_INVITE_ONLY, RANK_OP, check_invited },
	{ MODE_KEY, RANK_OP, check_key },
	{ MODE_LIMIT, RANK_OP, check_limit },
};

enum err modes_join(struct room *room, const struct actor *by, const char *key,
		    struct refusal *why)
{
	struct visitor v = { .room = room_name(room),
			     .is_user = by->user != 0,
			     .is_invited = invite_admits(room, by),
			     .key = key };
	struct modes modes;

	mutex_lock(&room->lock);
	modes = room->facts.modes;
	v.modes = &modes;
	v.rank = room_rank_of(room, by->user, by->roles);
	v.count = room->member_count;
	mutex_unlock(&room->lock);
	for (size_t i = 0; i < COUNT(join_rules); i++) {
		enum err e = ERR_OK;

		if (modes_have(v.modes, join_rules[i].mode) &&
		    v.rank < join_rules[i].exempt)
			e = join_rules[i].check(&v, why);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

/* Somebody who wants to say something. */
struct speaker {
	const struct room *room;
	const struct modes *modes;
	struct member *member;
	const struct message *m;
};

static enum err check_voiced(const struct speaker *s, struct refusal *why)
{
	return refusal_give(why, ERR_MODERATED,
			    "%s is moderated: only the voiced and ops speak.",
			    s->room->name);
}

static enum err check_speaker(const struct speaker *s, struct refusal *why)
{
	if (!person_is_guest(s->member->person))
		return ERR_OK;
	return refusal_give(why, ERR_USERS_ONLY,
			    "In %s only users with a login speak: /register "
			    "makes you one.",
			    s->room->name);
}

/* How long it is until so much time has passed since then; false: it has. */
static bool must_wait(int64_t since_ms, uint32_t span_s,
		      char left_r[QUANTITY_TEXT])
{
	int64_t left_ms = since_ms + (int64_t)span_s * 1000 - clock_mono_ms();

	if (left_ms <= 0)
		return false;
	quantity_print_seconds((left_ms + 999) / 1000, left_r);
	return true;
}

static enum err check_newcomer(const struct speaker *s, struct refusal *why)
{
	char left[QUANTITY_TEXT];

	if (!must_wait(s->member->since_ms, s->modes->values[MODE_NEWCOMER],
		       left))
		return ERR_OK;
	return refusal_give(why, ERR_NEWCOMER,
			    "You are new in %s: you may speak in %s.",
			    s->room->name, left);
}

static enum err check_slow(const struct speaker *s, struct refusal *why)
{
	char left[QUANTITY_TEXT];

	if (!s->member->has_spoken ||
	    !must_wait(s->member->spoke_ms, s->modes->values[MODE_SLOW], left))
		return ERR_OK;
	return refusal_give(why, ERR_SLOW_MODE,
			    "%s is in slow mode: you may speak again in %s.",
			    s->room->name, left);
}

static enum err check_plain(const struct speaker *s, struct refusal *why)
{
	if (!modes_text_is_coloured(s->m->text))
		return ERR_OK;
	return refusal_give(why, ERR_FILTERED,
			    "%s takes no colour or formatting codes.",
			    s->room->name);
}

/* What the ops are shown is counted as what all are. */
static enum err hold(struct room *room, const struct speaker *s,
		     struct refusal *why)
{
	enum err e = flood_speak(room, s->member, s->m, why);

	if (e != ERR_OK)
		return e;
	return refusal_give(why, ERR_HELD, "Only the ops of %s were told.",
			    room->name);
}

/* Those of the rank, and above, speak whatever the mode says. */
static const struct {
	enum mode mode;
	enum rank exempt;
	bool is_held; /* may be held for the ops instead */
	enum err (*check)(const struct speaker *s, struct refusal *why);
} speak_rules[] = {
	{ MODE_MODERATED, RANK_VOICED, true, check_voiced },
	{ MODE_USERS_SPEAK, RANK_VOICED, true, check_speaker },
	{ MODE_NEWCOMER, RANK_VOICED, true, check_newcomer },
	{ MODE_PLAIN, RANK_ADMIN + 1, false, check_plain },
	{ MODE_SLOW, RANK_VOICED, false, check_slow },
};

enum {
	SPEAK_MODES = 1U << MODE_MODERATED | 1U << MODE_USERS_SPEAK |
		      1U << MODE_NEWCOMER | 1U << MODE_PLAIN | 1U << MODE_SLOW
};

enum err modes_speak(struct room *room, struct member *member,
		     const struct message *m, struct refusal *why)
{
	const struct person *person = member->person;
	const struct modes *modes = &room->facts.modes;
	struct speaker s = { room, modes, member, m };
	enum rank rank;

	if ((modes->set & SPEAK_MODES) == 0)
		return ERR_OK;
	rank = room_rank_of(room, person_user(person), person_roles(person));
	for (size_t i = 0; i < COUNT(speak_rules); i++) {
		enum err e = ERR_OK;

		if (modes_have(modes, speak_rules[i].mode) &&
		    rank < speak_rules[i].exempt)
			e = speak_rules[i].check(&s, why);
		if (e != ERR_OK && speak_rules[i].is_held &&
		    modes_have(modes, MODE_OP_MODERATED))
			return hold(room, &s, why);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

void modes_note_speaker(const struct room *room, struct member *member)
{
	member->has_spoken = modes_have(&room->facts.modes, MODE_SLOW);
	if (member->has_spoken)
		member->spoke_ms = clock_mono_ms();
}

enum err modes_words(struct room *room, struct member *member,
		     const struct message *m, struct refusal *why)
{
	const struct person *person = member->person;
	const struct modes *modes = &room->facts.modes;
	struct speaker s = { room, modes, member, m };

	if (m->kind != MESSAGE_TOPIC || !modes_have(modes, MODE_NEWCOMER) ||
	    room_rank_of(room, person_user(person), person_roles(person)) >=
		    RANK_VOICED)
		return ERR_OK;
	return check_newcomer(&s, why);
}

enum err modes_topic(const struct modes *modes, enum rank rank,
		     const char *topic, struct refusal *why)
{
	if (modes_have(modes, MODE_TOPIC_LOCKED) && rank < RANK_OP)
		return refusal_give(why, ERR_TOPIC_LOCKED,
				    "The topic is locked: only ops set it.");
	if (modes_have(modes, MODE_MODERATED) && rank < RANK_VOICED)
		return refusal_give(why, ERR_MODERATED,
				    "The room is moderated: only the voiced "
				    "and ops set its topic.");
	if (modes_have(modes, MODE_PLAIN) && modes_text_is_coloured(topic))
		return refusal_give(why, ERR_FILTERED,
				    "The room takes no colour or formatting "
				    "codes.");
	return ERR_OK;
}

bool modes_text_is_coloured(const char *text)
{
	return strpbrk(text, "\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f") != NULL;
}

bool modes_show(struct room *room, const struct person *person, user_id user,
		role_set roles)
{
	bool is_shown;

	mutex_lock(&room->lock);
	is_shown = !modes_have(&room->facts.modes, MODE_SECRET) ||
		   (roles & ROLE_AUDITOR) != 0 ||
		   (person != NULL && room_find_member(room, person) != NULL) ||
		   room_rank_of(room, user, roles) >= RANK_OP;
	mutex_unlock(&room->lock);
	return is_shown;
}
