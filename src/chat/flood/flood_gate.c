#include "chat/flood/flood_gate.h"

#include <stdio.h>

#include "base/quantity.h"
#include "chat/chat_fields.h"
#include "chat/flood/flood_charge.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"

/* What a person is told; what is "said" or "joined". */
static void refuse(const struct flood_finding *finding, const char *what,
		   struct refusal *why)
{
	char wait[QUANTITY_TEXT];

	quantity_print_seconds(finding->wait_s > 0 ? finding->wait_s : 1, wait);
	if (finding->is_of_room)
		refusal_give(why, ERR_FLOOD,
			     "Too much is %s here at once by all of you: try "
			     "again in %s.",
			     what, wait);
	else if (finding->is_repeat)
		refusal_give(why, ERR_FLOOD,
			     "You said that often enough: again in %s.", wait);
	else
		refusal_give(why, ERR_FLOOD,
			     "Too much at once: try again in %s.", wait);
}

/* Who is graded up is remembered at once, should it come twice. */
static bool take(struct chat *chat, struct person *person,
		 const struct flood_try *t, struct flood_finding *finding)
{
	bool is_taken = flood_take(&chat->flood, &person->flood, t, finding);

	if (finding->grade != FLOOD_WARN)
		flood_past_keep(chat->flood_past, &person->flood_key,
				&person->flood);
	return is_taken;
}

static bool is_exempt(const struct room *room, user_id user, role_set roles)
{
	return room_rank_of(room, user, roles) >= RANK_OP;
}

enum err flood_speak(struct room *room, struct member *member,
		     const struct message *m, struct refusal *why)
{
	struct person *person = member->person;
	struct flood_try t = { .kind = FLOOD_MESSAGES,
			       .text = m->text,
			       .room = &room->flood };
	struct flood_finding finding;

	if (room->chat == NULL ||
	    is_exempt(room, person_user(person), person_roles(person)) ||
	    take(room->chat, person, &t, &finding))
		return ERR_OK;
	refuse(&finding, "said", why);
	return flood_charge_speaker(room, member, m, finding.grade, why);
}

enum err flood_join(struct room *room, const struct actor *by, const char *key,
		    struct refusal *why)
{
	struct flood_try t = { .kind = FLOOD_JOINS, .room = &room->flood };
	struct flood_finding finding;
	bool is_taken;

	(void)key;
	if (by->person == NULL)
		return ERR_OK;
	mutex_lock(&room->lock);
	is_taken = is_exempt(room, by->user, by->roles) ||
		   take(room->chat, by->person, &t, &finding);
	mutex_unlock(&room->lock);
	if (is_taken)
		return ERR_OK;
	refuse(&finding, "joined", why);
	return flood_charge_joiner(room, by, finding.grade, why);
}

enum err flood_tell(struct chat *chat, struct person *from, const char *text,
		    struct refusal *why)
{
	struct flood_try t = { .kind = FLOOD_MESSAGES, .text = text };
	struct flood_finding finding;

	if (from == NULL || rank_of_roles(person_roles(from)) >= RANK_OP ||
	    take(chat, from, &t, &finding))
		return ERR_OK;
	refuse(&finding, "said", why);
	return flood_charge_teller(chat, from, finding.grade, why);
}

void flood_arrive(struct chat *chat, struct person *person, const char *address)
{
	person->flood_key = flood_key(person->user, address);
	flood_past_recall(chat->flood_past, &person->flood_key, &person->flood);
}

void flood_depart(struct chat *chat, struct person *person)
{
	flood_past_keep(chat->flood_past, &person->flood_key, &person->flood);
}
