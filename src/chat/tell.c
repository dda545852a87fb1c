#include "chat/tell.h"

#include <stdio.h>

#include "chat/flood/flood_gate.h"
#include "chat/guard/guard_people.h"
#include "chat/herald.h"
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

enum err tell_person(struct chat *chat, struct person *from, const char *to,
		     const char *text, uint64_t origin, struct buf *away_r,
		     struct refusal *why)
{
	struct person *person = chat_person(chat, to);
	char from_name[NAME_MOST + 1];
	char to_name[NAME_MOST + 1];
	enum err e = ERR_OK;

	if (person == NULL)
		return ERR_NO_SUCH_USER;
	/* Who is muted may still ask those who can undo it. */
	if ((person_roles(person) & HERALD_STAFF) == 0)
		e = guard_may_speak(from, why);
	if (e == ERR_OK)
		e = flood_tell(chat, from, text, why);
	if (e != ERR_OK) {
		person_unref(&person);
		return e;
	}
	person_name(from, from_name);
	person_name(person, to_name);
	if (person != from)
		send_private(from, MESSAGE_PRIVATE_SENT, from_name, to_name,
			     text, origin);
	send_private(person, MESSAGE_PRIVATE, from_name, to_name, text,
		     person == from ? origin : 0);
	person_away(person, away_r);
	person_unref(&person);
	return ERR_OK;
}

void tell_notice(struct person *to, uint64_t session, const char *text)
{
	struct message *m = message_new(MESSAGE_NOTICE, NULL, to, "", text);

	m->session = session;
	person_send(to, m);
	message_unref(&m);
}
