#include "chat/message.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/person.h"
#include "chat/room.h"

struct message *message_new(enum message_kind kind, struct room *room,
			    struct person *to, const char *from,
			    const char *text)
{
	size_t size = strlen(text) + 1;
	struct message *m = mem_alloc(sizeof(*m) + size);

	memset(m, 0, sizeof(*m));
	atomic_init(&m->refs, 1);
	m->kind = kind;
	m->time_ms = clock_wall_ms();
	m->room = room == NULL ? NULL : room_ref(room);
	m->to = to == NULL ? NULL : person_ref(to);
	snprintf(m->from, sizeof(m->from), "%s", from);
	memcpy(m->text, text, size);
	return m;
}

struct message *message_ref(struct message *m)
{
	atomic_fetch_add_explicit(&m->refs, 1, memory_order_relaxed);
	return m;
}

void message_unref(struct message **m)
{
	struct message *message = *m;

	*m = NULL;
	if (message == NULL || atomic_fetch_sub(&message->refs, 1) != 1)
		return;
	for (size_t i = 0; i < message->replay_count; i++)
		message_unref(&message->replay[i]);
	mem_free(message->replay);
	for (size_t i = 0; i < message->people_count; i++)
		person_unref(&message->people[i]);
	mem_free(message->people);
	mem_free(message->erasure);
	room_unref(&message->room);
	person_unref(&message->to);
	mem_free(message);
}
