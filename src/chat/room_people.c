/* Who is in a room, for people to read. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chat/person.h"
#include "chat/room_fields.h"

/* A copy of the members with references, so that the lock is held briefly. */
struct listed {
	struct person *person;
	char name[NAME_MOST + 1];
	enum rank rank;
};

struct listing {
	const struct room *room;
	struct listed *members;
	size_t count;
};

static void list_member(const void *node, VISIT visit, void *arg)
{
	struct listing *listing = arg;
	const struct member *member = *(struct member *const *)node;
	struct listed *one = &listing->members[listing->count];
	user_id user = person_user(member->person);

	if (visit != postorder && visit != leaf)
		return;
	one->person = person_ref(member->person);
	memcpy(one->name, member->name, sizeof(one->name));
	one->rank = room_rank_of(listing->room, user, ROLE_USER);
	listing->count++;
}

static int compare_names(const void *a, const void *b)
{
	return name_compare(((const struct listed *)a)->name,
			    ((const struct listed *)b)->name);
}

/* What of ranks is shown: those of the room itself. */
static const char *mark(enum rank rank)
{
	static const char *const marks[RANK_ADMIN + 1] = {
		[RANK_VOICED] = " (voiced)",
		[RANK_OP] = " (op)",
		[RANK_OWNER] = " (owner)",
	};

	return marks[rank] != NULL ? marks[rank] : "";
}

static void add_name(struct buf *list, const struct listed *one)
{
	buf_print(list, "%s%s%s", buf_len(list) > 0 ? ", " : "", one->name,
		  mark(one->rank));
}

void room_print_people(struct room *room, struct buf *out)
{
	AUTO(buf_fini) struct buf here = { 0 };
	AUTO(buf_fini) struct buf away = { 0 };
	AUTO(buf_fini) struct buf words = { 0 };
	struct listing all = { .room = room };

	mutex_lock(&room->lock);
	all.members = mem_array(room->member_count, sizeof(all.members[0]));
	twalk_r(room->members, list_member, &all);
	mutex_unlock(&room->lock);
	qsort(all.members, all.count, sizeof(all.members[0]), compare_names);
	for (size_t i = 0; i < all.count; i++) {
		struct listed *one = &all.members[i];

		if (person_away(one->person, &words))
			add_name(&away, one);
		else
			add_name(&here, one);
		person_unref(&one->person);
	}
	mem_free(all.members);
	buf_add_text(out, buf_len(&here) > 0 ? buf_text(&here) : "nobody");
	if (buf_len(&away) > 0)
		buf_print(out, "; away: %s", buf_text(&away));
}
