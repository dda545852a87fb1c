#include "chat/sanction/sanction_gate.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"

enum err sanction_gate_tell(const char *room, const struct sanction *s,
			    struct refusal *why)
{
	bool is_ban = s->kind == SANCTION_BAN;
	AUTO(buf_fini) struct buf term = { 0 };

	sanction_print_term(s, &term);
	return refusal_give(
		why, is_ban ? ERR_BANNED : ERR_QUIETED, "You are %s %s %s.",
		is_ban ? "banned from" : "quieted in", room, buf_text(&term));
}

static const struct sanction *find_ban(const struct room *room,
				       const struct subject *subject,
				       role_set roles)
{
	return sanctions_match(&room->sanctions, SANCTION_BAN, subject,
			       room_rank_of(room, subject->user, roles),
			       clock_wall_ms());
}

static enum err check_ban(struct room *room, const struct subject *subject,
			  role_set roles, struct refusal *why)
{
	const struct sanction *ban;
	enum err e = ERR_OK;

	mutex_lock(&room->lock);
	ban = find_ban(room, subject, roles);
	if (ban != NULL)
		e = sanction_gate_tell(room->name, ban, why);
	mutex_unlock(&room->lock);
	return e;
}

enum err sanction_gate_join(struct room *room, const struct actor *by,
			    const char *key, struct refusal *why)
{
	struct subject *subject =
		by->person == NULL ? NULL : subject_of(by->person);
	enum err e = ERR_OK;

	(void)key;
	if (subject != NULL)
		e = check_ban(room, subject, by->roles, why);
	subject_unref(&subject);
	return e;
}

enum err sanction_gate_return(struct room *room, const struct person *person,
			      struct refusal *why)
{
	return check_ban(room, person->subject, person_roles(person), why);
}

bool sanction_gate_bars(const struct room *room, const struct member *member)
{
	return member->subject != NULL &&
	       find_ban(room, member->subject, person_roles(member->person)) !=
		       NULL;
}

static enum rank rank_of(const struct room *room, const struct member *member)
{
	return room_rank_of(room, member->subject->user,
			    person_roles(member->person));
}

static const struct sanction *judge(const struct room *room,
				    struct member *member, int64_t now_ms)
{
	const struct sanctions *all = &room->sanctions;

	if (all->count == 0 || member->subject == NULL)
		return NULL;
	return sanctions_judge(all, member->subject, rank_of(room, member),
			       now_ms, &member->verdict);
}

enum err sanction_gate_speak(struct room *room, struct member *member,
			     const struct message *m, struct refusal *why)
{
	const struct sanction *s = judge(room, member, m->time_ms);

	if (s != NULL) {
		member->charged_ms = 0;
		return sanction_gate_tell(room->name, s, why);
	}
	if (member->charged_ms > m->time_ms)
		return refusal_give(why, ERR_QUIETED, "You are quieted in %s.",
				    room->name);
	return ERR_OK;
}

/* The author says no more until the quiet is recorded, and then by it. */
static void mute(struct room *room, struct member *member,
		 const struct sanction *filter, int64_t now_ms)
{
	struct charge charge = { .who = member->subject,
				 .kind = SANCTION_QUIET,
				 .seconds = FILTER_MUTE_S,
				 .by_user = filter->by_user,
				 .by_rank = filter->by_rank };

	memcpy(charge.by, filter->by, sizeof(charge.by));
	snprintf(charge.reason, sizeof(charge.reason), "filter #%llu%s%.200s",
		 (unsigned long long)filter->id,
		 filter->reason[0] == '\0' ? "" : ": ", filter->reason);
	docket_add(&room->docket, &charge);
	member->charged_ms = now_ms + CHARGE_MOST_MS;
}

enum err sanction_gate_sift(struct room *room, struct member *member,
			    const struct message *m, struct refusal *why)
{
	static const char *const ends[SANCTION_KINDS] = {
		[SANCTION_REFUSE] = "",
		[SANCTION_HOLD] = " Only its ops were told.",
		[SANCTION_MUTE] = " You are quieted for ten minutes.",
	};
	const struct sanction *s;

	if (room->sanctions.sieve == NULL || member->subject == NULL ||
	    rank_of(room, member) >= RANK_OP)
		return ERR_OK;
	s = sanctions_sift(&room->sanctions, m->text, m->time_ms);
	if (s == NULL)
		return ERR_OK;
	if (s->kind == SANCTION_MUTE)
		mute(room, member, s, m->time_ms);
	return refusal_give(
		why, s->kind == SANCTION_HOLD ? ERR_HELD : ERR_FILTERED,
		"A word filter of %s caught that (#%llu%s%s).%s", room->name,
		(unsigned long long)s->id, s->reason[0] == '\0' ? "" : ": ",
		s->reason, ends[s->kind]);
}
