#include "chat/relay.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "chat/gate.h"
#include "chat/ignore/ignore_people.h"
#include "chat/mode/held.h"
#include "chat/mode/modes.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_gate.h"

static struct message *joined(struct room *room, const struct relay *what)
{
	AUTO(buf_fini) struct buf text = { 0 };

	for (size_t i = 0; i < what->count; i++)
		buf_print(&text, "%s%s", i == 0 ? "" : " ", what->lines[i]);
	return message_new(MESSAGE_SAY, room, NULL, "", buf_text(&text));
}

/* The words count as those of who asked for them; NULL: nobody did. */
static void utter_locked(struct room *room, const struct relay *what,
			 const struct person *asker)
{
	for (size_t i = 0; i < what->count; i++) {
		struct message *m = message_new(MESSAGE_SAY, room, NULL,
						what->from, what->lines[i]);

		if (asker != NULL)
			ignore_mark(asker, m);
		m->origin = what->origin;
		room_utter(room, m);
		message_unref(&m);
	}
}

/* A filter for whole lines would not catch one among others. */
static enum err sift_locked(struct room *room, struct member *member,
			    const struct relay *what, struct refusal *why)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && what->count > 1 && i < what->count;
	     i++) {
		struct message *m = message_new(MESSAGE_SAY, room, NULL,
						member->name, what->lines[i]);

		e = sanction_gate_sift(room, member, m, why);
		message_unref(&m);
	}
	return e;
}

enum err relay_answer(struct room *room, struct person *person,
		      const struct relay *what, struct refusal *why)
{
	struct message *m = joined(room, what);
	struct held held = { 0 };
	struct member *member;
	enum err e = ERR_NO_ROOM;

	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	if (member != NULL) {
		memcpy(m->from, member->name, sizeof(m->from));
		e = gate_speak(room, member, m, why);
		if (e == ERR_OK)
			e = sift_locked(room, member, what, why);
	}
	if (e == ERR_OK) {
		modes_note_speaker(room, member);
		utter_locked(room, what, person);
	} else if (e == ERR_HELD) {
		held_gather(&held, room);
	}
	mutex_unlock(&room->lock);
	held_tell(&held, room, m);
	message_unref(&m);
	return e;
}

static enum err check_text_locked(struct room *room, const char *text,
				  struct refusal *why)
{
	const struct sanction *s =
		room->sanctions.sieve == NULL
			? NULL
			: sanctions_sift(&room->sanctions, text,
					 clock_wall_ms());

	if (modes_have(&room->facts.modes, MODE_PLAIN) &&
	    modes_text_is_coloured(text))
		return refusal_give(why, ERR_FILTERED,
				    "%s takes no colour or formatting codes.",
				    room->name);
	if (s == NULL)
		return ERR_OK;
	return refusal_give(why, ERR_FILTERED,
			    "A word filter of %s caught that (#%llu).",
			    room->name, (unsigned long long)s->id);
}

static enum err check_locked(struct room *room, const char *text,
			     const struct relay *what, struct refusal *why)
{
	enum err e;

	if (room->closing != NULL)
		return refusal_give(why, ERR_ROOM_CLOSED, "%s is closed.",
				    room->name);
	if (modes_have(&room->facts.modes, MODE_MODERATED))
		return refusal_give(why, ERR_MODERATED, "%s is moderated.",
				    room->name);
	e = check_text_locked(room, text, why);
	for (size_t i = 0; e == ERR_OK && i < what->count; i++)
		e = check_text_locked(room, what->lines[i], why);
	return e;
}

enum err relay_tell(struct room *room, const struct relay *what,
		    struct refusal *why)
{
	struct message *m = joined(room, what);
	enum err e;

	mutex_lock(&room->lock);
	e = check_locked(room, m->text, what, why);
	if (e == ERR_OK)
		utter_locked(room, what, NULL);
	mutex_unlock(&room->lock);
	message_unref(&m);
	return e;
}
