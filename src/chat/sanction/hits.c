#include "chat/sanction/hits.h"

#include <search.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/person.h"
#include "chat/room_fields.h"

enum { NAMES_SHOWN = 10 };

static void look(const void *node, VISIT visit, void *arg)
{
	struct hits *hits = arg;
	const struct member *member = *(struct member *const *)node;
	const struct sanctions *all = &hits->room->sanctions;
	const struct sanction *s = hits->s;
	enum rank rank;

	if ((visit != postorder && visit != leaf) || member->subject == NULL ||
	    !sanction_is_for(s, member->subject) ||
	    sanctions_exempt(all, member->subject, s->by_rank, s->since_ms))
		return;
	rank = room_rank_of(hits->room, member->subject->user,
			    person_roles(member->person));
	if (rank > hits->highest) {
		hits->highest = rank;
		memcpy(hits->highest_name, member->name, sizeof(member->name));
	}
	if (sanction_is_against(s->kind) && rank > s->by_rank)
		return;
	hits->people[hits->count] = person_ref(member->person);
	hits->users[hits->count] = member->subject->user;
	memcpy(hits->names[hits->count], member->name, sizeof(member->name));
	hits->count++;
}

void hits_find(struct hits *hits, struct room *room, const struct sanction *s)
{
	memset(hits, 0, sizeof(*hits));
	hits->s = s;
	hits->room = room;
	if (s->mask.kind == 0)
		return;
	mutex_lock(&room->lock);
	hits->people = mem_array(room->member_count, sizeof(*hits->people));
	hits->users = mem_array(room->member_count, sizeof(*hits->users));
	hits->names = mem_array(room->member_count, sizeof(*hits->names));
	twalk_r(room->members, look, hits);
	mutex_unlock(&room->lock);
}

void hits_fini(struct hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		person_unref(&hits->people[i]);
	mem_free(hits->people);
	mem_free(hits->users);
	mem_free(hits->names);
	memset(hits, 0, sizeof(*hits));
}

bool hits_has(const struct hits *hits, const struct person *person)
{
	for (size_t i = 0; i < hits->count; i++) {
		if (hits->people[i] == person)
			return true;
	}
	return false;
}

void hits_print(const struct hits *hits, struct buf *names, size_t *count_r)
{
	size_t shown = hits->count < NAMES_SHOWN ? hits->count : NAMES_SHOWN;

	for (size_t i = 0; i < shown; i++)
		buf_print(names, "%s%s", i == 0 ? "" : ", ", hits->names[i]);
	if (hits->count > shown)
		buf_print(names, " and %zu others", hits->count - shown);
	*count_r = hits->count;
}
