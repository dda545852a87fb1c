#include "chat/herald.h"

#include <string.h>

#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/message.h"
#include "chat/person.h"
#include "chat/rank.h"

struct tale {
	role_set any;
	uint64_t origin;
	const char *text;
	size_t count;
};

static void tell_one(void *what, void *arg)
{
	struct person *person = what;
	struct tale *tale = arg;
	struct message *m;

	if (tale->any != 0 && (person_roles(person) & tale->any) == 0)
		return;
	m = message_new(MESSAGE_NOTICE, NULL, person, "", tale->text);
	m->origin = tale->origin;
	person_send(person, m);
	message_unref(&m);
	tale->count++;
}

size_t herald_tell(struct chat *chat, role_set any, uint64_t origin,
		   const char *text)
{
	struct tale tale = { any, origin, text, 0 };

	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, tell_one, &tale);
	mutex_unlock(&chat->lock);
	return tale.count;
}

enum err herald_broadcast(struct chat *chat, const struct actor *by,
			  const char *text, size_t *count_r,
			  struct refusal *why)
{
	const struct act act = { .by = by, .action = "server.broadcast" };
	AUTO(buf_fini) struct buf words = { 0 };
	enum err e = permit_check(PERMIT_BROADCAST, rank_of_roles(by->roles),
				  RANK_GUEST);

	if (e != ERR_OK)
		return refusal_give(why, e, "That is for administrators.");
	if (strlen(text) > BROADCAST_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "At most %d bytes can be told to "
				    "everybody.",
				    BROADCAST_MOST);
	mutex_lock(&chat->change);
	e = act_run(chat, &act, NULL, NULL);
	mutex_unlock(&chat->change);
	if (e != ERR_OK)
		return e;
	buf_print(&words, "%s to everybody: %s", by->name, text);
	*count_r = herald_tell(chat, 0, by->origin, buf_text(&words));
	return ERR_OK;
}
