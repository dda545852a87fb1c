#include "chat/sanction/invite.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/flood/flood_gate.h"
#include "chat/guard/guard_people.h"
#include "chat/ignore/ignore_people.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_change.h"
#include "chat/sanction/sanction_gate.h"
#include "chat/sanction/sentence.h"
#include "chat/tell.h"

/* A guest by name and host: others may have either. */
static void make_mask(const struct subject *who, struct mask *mask_r)
{
	char text[MASK_MOST + 1];

	if (who->user != 0) {
		mask_of_user(who->user, who->name, mask_r);
		return;
	}
	snprintf(text, sizeof(text), "%s!guest@%s", who->name,
		 who->count == 0 ? "*" : who->hosts[0].cloak);
	if (mask_parse(text, mask_r, NULL) != ERR_OK)
		mask_of_guest(who, mask_r);
}

static enum err check(struct chat *chat, const struct actor *by,
		      struct room *room, struct person *who, const char *name,
		      struct refusal *why)
{
	enum err e = permit_demand(PERMIT_INVITE,
				   room_rank(room, by->user, by->roles),
				   room_name(room), why);
	struct actor invited = { .person = who };

	if (e != ERR_OK)
		return e;
	if (who == NULL)
		return refusal_give(why, ERR_NO_SUCH_USER, "%.32s is not here.",
				    name);
	invited.roles = person_roles(who);
	if (room_has(room, who))
		return refusal_give(why, ERR_EXISTS, "%s is in %s already.",
				    name, room_name(room));
	if (sanction_gate_join(room, &invited, NULL, NULL) != ERR_OK)
		return refusal_give(why, ERR_BANNED,
				    "%s is banned from %s: /unban first.", name,
				    room_name(room));
	/* It is heard elsewhere, and as often as it is repeated. */
	e = guard_may_speak(by->person, why);
	return e == ERR_OK ? flood_tell(chat, by->person, NULL, why) : e;
}

static void tell(struct person *who, const struct actor *by,
		 const struct room *room)
{
	char text[160];

	snprintf(text, sizeof(text), "%s invites you to %s: /join %s", by->name,
		 room_name(room), room_name(room));
	tell_notice(who, 0, text);
}

/* With the change lock. */
static enum err invite(struct chat *chat, const struct actor *by,
		       struct room *room, struct person *who,
		       struct refusal *why)
{
	struct subject *subject = subject_of(who);
	int64_t now_ms = clock_wall_ms();
	struct sanction s = { .kind = SANCTION_PASS,
			      .by_user = by->user,
			      .by_rank = room_rank(room, by->user, by->roles),
			      .since_ms = now_ms,
			      .until_ms = now_ms + INVITE_S * INT64_C(1000) };
	enum err e;

	make_mask(subject, &s.mask);
	subject_unref(&subject);
	memcpy(s.by, by->name, sizeof(s.by));
	e = sentence_check_lists(room, &s, why);
	if (e == ERR_OK)
		e = sentence_carry_out(chat, by, room, &s, NULL);
	/* Who does not want to hear of it is invited all the same. */
	if (e == ERR_OK &&
	    (by->person == NULL ||
	     !ignore_person(chat, who, by->person, IGNORE_INVITATIONS)))
		tell(who, by, room);
	return e;
}

enum err invite_give(struct chat *chat, const struct actor *by,
		     struct room *room, const char *name, struct refusal *why)
{
	struct person *who;
	enum err e;

	mutex_lock(&chat->change);
	who = chat_person(chat, name);
	e = check(chat, by, room, who, name, why);
	if (e == ERR_OK)
		e = invite(chat, by, room, who, why);
	mutex_unlock(&chat->change);
	person_unref(&who);
	return e;
}

/* The number of the entry of this kind that is for by; 0: none. */
static uint64_t find(struct room *room, const struct actor *by,
		     enum sanction_kind kind)
{
	struct subject *who =
		by->person == NULL ? NULL : subject_of(by->person);
	const struct sanction *s = NULL;
	uint64_t id = 0;

	if (who == NULL)
		return 0;
	mutex_lock(&room->lock);
	s = sanctions_match(&room->sanctions, kind, who, RANK_GUEST,
			    clock_wall_ms());
	if (s != NULL)
		id = s->id;
	mutex_unlock(&room->lock);
	subject_unref(&who);
	return id;
}

bool invite_admits(struct room *room, const struct actor *by)
{
	return find(room, by, SANCTION_PASS) != 0 ||
	       find(room, by, SANCTION_ADMIT) != 0;
}

void invite_use(struct chat *chat, const struct actor *by, struct room *room)
{
	uint64_t id = find(room, by, SANCTION_PASS);
	struct sanction_change change = { .store = chat->store,
					  .room = room,
					  .dropped = &id,
					  .drop_count = 1 };

	/* Otherwise it ends with its hour. */
	if (id != 0 &&
	    store_run(chat->store, sanction_change_write, &change) == ERR_OK)
		sanction_change_apply(&change);
}
