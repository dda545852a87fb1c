#include "chat/herald.h"

#include "chat/chat_fields.h"
#include "chat/message.h"
#include "chat/person.h"

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
