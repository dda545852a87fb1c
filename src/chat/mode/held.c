#include "chat/mode/held.h"

#include <search.h>

#include "base/mem.h"
#include "chat/person.h"
#include "chat/room_fields.h"

struct gathering {
	struct held *held;
	const struct room *room;
};

static void gather(const void *node, VISIT visit, void *arg)
{
	struct gathering *g = arg;
	struct held *held = g->held;
	const struct member *member = *(struct member *const *)node;
	const struct person *person = member->person;

	if ((visit != postorder && visit != leaf) ||
	    room_rank_of(g->room, person_user(person), person_roles(person)) <
		    RANK_OP)
		return;
	held->ops =
		mem_resize(held->ops, (held->count + 1) * sizeof(held->ops[0]));
	held->ops[held->count++] = person_ref(member->person);
}

void held_gather(struct held *held, const struct room *room)
{
	struct gathering g = { held, room };

	twalk_r(room->members, gather, &g);
}

void held_tell(struct held *held, struct room *room, const struct message *m)
{
	for (size_t i = 0; i < held->count; i++) {
		struct message *copy = message_new(
			MESSAGE_HELD, room, held->ops[i], m->from, m->text);

		person_send(held->ops[i], copy);
		message_unref(&copy);
		person_unref(&held->ops[i]);
	}
	mem_free(held->ops);
	*held = (struct held){ 0 };
}
