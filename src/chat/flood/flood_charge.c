#include "chat/flood/flood_charge.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "chat/actor.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard_act.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/subject.h"
#include "user/users.h"

static const char reason[] = "flood";

void flood_charges_init(struct flood_charges *charges)
{
	memset(charges, 0, sizeof(*charges));
	mutex_init(&charges->lock, LOCK_TABLE);
}

void flood_charges_fini(struct flood_charges *charges)
{
	for (size_t i = 0; i < charges->count; i++)
		person_unref(&charges->list[i].who);
	mutex_fini(&charges->lock);
}

/* What there is no time for is the grade below. */
static enum flood_grade soften(const struct flood_rules *rules,
			       enum flood_grade grade)
{
	if (grade == FLOOD_BAN && atomic_load(&rules->ban_s) == 0)
		return FLOOD_KICK;
	if (grade == FLOOD_QUIET && atomic_load(&rules->quiet_s) == 0)
		return FLOOD_WARN;
	return grade;
}

static int64_t seconds_of(const struct flood_rules *rules,
			  enum flood_grade grade)
{
	return atomic_load(grade == FLOOD_BAN ? &rules->ban_s
					      : &rules->quiet_s);
}

static enum err tell(struct refusal *why, const char *what, int64_t seconds)
{
	char time[QUANTITY_TEXT];

	quantity_print_seconds(seconds, time);
	return refusal_give(why, ERR_FLOOD, "Too much at once: you are %s%s%s.",
			    what, seconds > 0 ? " for " : "",
			    seconds > 0 ? time : "");
}

/* So low a rank that every op may undo it. */
static void charge(struct room *room, struct subject *who, int kind,
		   int64_t seconds)
{
	struct charge c = { .who = who,
			    .kind = kind,
			    .seconds = seconds,
			    .by = DOCKET_DAEMON,
			    .by_rank = RANK_VOICED };

	memcpy(c.reason, reason, sizeof(reason));
	docket_add(&room->docket, &c);
}

enum err flood_charge_speaker(struct room *room, struct member *member,
			      const struct message *m, enum flood_grade grade,
			      struct refusal *why)
{
	static const struct {
		int kind; /* of a charge */
		const char *word;
	} ends[] = {
		[FLOOD_WARN] = { 0, NULL },
		[FLOOD_QUIET] = { SANCTION_QUIET, "quieted" },
		[FLOOD_KICK] = { DOCKET_KICK, "kicked" },
		[FLOOD_BAN] = { SANCTION_BAN, "banned" },
	};
	const struct flood_rules *rules = &room->chat->flood;
	int64_t seconds;

	grade = soften(rules, grade);
	if (grade == FLOOD_WARN || member->subject == NULL)
		return ERR_FLOOD;
	seconds = grade == FLOOD_KICK ? 0 : seconds_of(rules, grade);
	charge(room, member->subject, ends[grade].kind, seconds);
	member->charged_ms = m->time_ms + CHARGE_MOST_MS;
	return tell(why, ends[grade].word, seconds);
}

enum err flood_charge_joiner(struct room *room, const struct actor *by,
			     enum flood_grade grade, struct refusal *why)
{
	const struct flood_rules *rules = &room->chat->flood;
	struct subject *who;

	if (soften(rules, grade) != FLOOD_BAN)
		return ERR_FLOOD;
	who = subject_of(by->person);
	mutex_lock(&room->lock);
	charge(room, who, SANCTION_BAN, atomic_load(&rules->ban_s));
	mutex_unlock(&room->lock);
	subject_unref(&who);
	return tell(why, "banned", atomic_load(&rules->ban_s));
}

enum err flood_charge_teller(struct chat *chat, struct person *person,
			     enum flood_grade grade, struct refusal *why)
{
	struct flood_charges *all = &chat->flood_charges;
	int64_t seconds = seconds_of(&chat->flood, grade);

	if (grade == FLOOD_WARN || seconds == 0)
		return ERR_FLOOD;
	mutex_lock(&all->lock);
	if (all->count < FLOOD_CHARGES_MOST)
		all->list[all->count++] = (struct flood_mute){
			.who = person_ref(person),
			.seconds = seconds,
		};
	mutex_unlock(&all->lock);
	return tell(why, "muted", seconds);
}

static enum err mute(struct chat *chat, const struct subject *who,
		     int64_t seconds)
{
	static const struct actor daemon = { .roles = ROLE_MODERATOR };
	struct user user;
	struct guard_order order = { .kind = GUARD_MUTE,
				     .guest = who->name,
				     .duration_s = seconds,
				     .reason = reason };
	struct guard_entry entry;
	enum err e = ERR_OK;

	if (who->user != 0) {
		e = users_get(chat->users, who->user, &user);
		order.user = &user;
	} else if (who->count > 0 && !who->hosts[0].is_local) {
		order.network = who->hosts[0].network;
		network_widen(&order.network, 32, 64);
	} else {
		e = ERR_NOT_FOUND;
	}
	return e == ERR_OK ? guard_order(chat, &daemon, &order, &entry, NULL)
			   : e;
}

/* Where no mute can be set, the pause goes on. */
static void set(struct chat *chat, struct person *person, int64_t seconds)
{
	struct subject *who = subject_of(person);

	if (mute(chat, who, seconds) == ERR_OK)
		flood_resume(&person->flood);
	subject_unref(&who);
}

void flood_charge_tick(struct chat *chat)
{
	struct flood_charges *all = &chat->flood_charges;
	struct flood_mute list[FLOOD_CHARGES_MOST];
	size_t count;

	mutex_lock(&all->lock);
	count = all->count;
	memcpy(list, all->list, count * sizeof(list[0]));
	all->count = 0;
	mutex_unlock(&all->lock);
	for (size_t i = 0; i < count; i++) {
		set(chat, list[i].who, list[i].seconds);
		person_unref(&list[i].who);
	}
}
