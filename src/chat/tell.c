#include "chat/tell.h"

#include <stdio.h>

#include "chat/flood/flood_gate.h"
#include "chat/guard/guard_people.h"
#include "chat/herald.h"
#include "chat/ignore/ignore_people.h"
#include "chat/message.h"

static void send_private(struct person *to, enum message_kind kind,
			 const char *from, const char *peer, const char *text,
			 uint64_t origin)
{
	struct message *m = message_new(kind, NULL, to, from, text);

	m->origin = origin;
	snprintf(m->peer, sizeof(m->peer), "%s", peer);
	person_send(to, m);
	message_unref(&m);
}

void told_fini(struct told *told)
{
	buf_fini(&told->away);
}

void tell_sent(struct person *from, const char *to, const char *text,
	       uint64_t origin)
{
	char from_name[NAME_MOST + 1];

	person_name(from, from_name);
	send_private(from, MESSAGE_PRIVATE_SENT, from_name, to, text, origin);
}

enum err tell_refuse_ignored(struct refusal *why)
{
	return refusal_give(why, ERR_IGNORED,
			    "That is not told: you are ignored there.");
}

static enum err check(struct chat *chat, struct person *from, struct person *to,
		      const char *text, struct refusal *why)
{
	enum err e = ERR_OK;

	/* Who is muted may still ask those who can undo it. */
	if (to != NULL && (person_roles(to) & HERALD_STAFF) == 0)
		e = guard_may_speak(from, why);
	if (e == ERR_OK)
		e = flood_tell(chat, from, text, why);
	if (e == ERR_OK && to == NULL)
		e = ERR_NO_SUCH_USER;
	/* Whoever looks after the place is heard. */
	if (e == ERR_OK && (person_roles(from) & HERALD_STAFF) == 0 &&
	    ignore_person(chat, to, from, IGNORE_PRIVATE))
		e = tell_refuse_ignored(why);
	return e;
}

static void tell(struct person *from, struct person *to, const char *text,
		 uint64_t origin, struct told *told)
{
	char from_name[NAME_MOST + 1];
	char to_name[NAME_MOST + 1];

	person_name(from, from_name);
	person_name(to, to_name);
	if (to != from)
		tell_sent(from, to_name, text, origin);
	send_private(to, MESSAGE_PRIVATE, from_name, to_name, text,
		     to == from ? origin : 0);
	told->is_to_keep = person_answer_away(to, from, &told->away) &&
			   to != from && !person_is_guest(from) &&
			   !person_is_guest(to);
}

enum err tell_person(struct chat *chat, struct person *from, const char *to,
		     const char *text, uint64_t origin, struct told *told_r,
		     struct refusal *why)
{
	struct person *person = chat_person(chat, to);
	enum err e = check(chat, from, person, text, why);

	if (e == ERR_OK)
		tell(from, person, text, origin, told_r);
	person_unref(&person);
	return e;
}

void tell_notice(struct person *to, uint64_t session, const char *text)
{
	struct message *m = message_new(MESSAGE_NOTICE, NULL, to, "", text);

	m->session = session;
	person_send(to, m);
	message_unref(&m);
}
