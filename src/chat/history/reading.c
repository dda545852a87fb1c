#include "chat/history/reading.h"

#include "base/mem.h"
#include "chat/chat.h"
#include "chat/history/search.h"
#include "chat/person_fields.h"

enum { READERS = ROLE_MODERATOR | ROLE_ADMIN | ROLE_AUDITOR };

enum err reading_check(struct room *room, const struct actor *by,
		       struct refusal *why)
{
	if ((by->roles & READERS) != 0 ||
	    (by->person != NULL && room_has(room, by->person)))
		return ERR_OK;
	return refusal_give(why, ERR_NO_ROOM,
			    "What was said in %s is for those who are in it: "
			    "/join %s first.",
			    room_name(room), room_name(room));
}

struct room **reading_rooms(const struct actor *by, size_t *count_r)
{
	struct person *p = by->person;
	struct room **rooms = NULL;

	*count_r = 0;
	if (p == NULL)
		return NULL;
	mutex_lock(&p->lock);
	rooms = mem_array(p->room_count + 1, sizeof(rooms[0]));
	for (size_t i = 0; i < p->room_count; i++)
		rooms[i] = room_ref(p->rooms[i]);
	*count_r = p->room_count;
	mutex_unlock(&p->lock);
	return rooms;
}

enum err reading_search(struct search *search, struct room *room,
			const struct actor *by, const char *none,
			struct refusal *why)
{
	struct room **rooms;
	size_t count;
	enum err e;

	if (room != NULL) {
		e = reading_check(room, by, why);
		if (e == ERR_OK)
			search_add_room(search, room);
		return e;
	}
	rooms = reading_rooms(by, &count);
	for (size_t i = 0; i < count; i++)
		search_add_room(search, rooms[i]);
	chat_free_rooms(rooms, count);
	return count > 0 ? ERR_OK : refusal_give(why, ERR_NO_ROOM, "%s", none);
}

/* arg: the actor */
static bool may_read(struct room *room, void *arg)
{
	return reading_check(room, arg, NULL) == ERR_OK;
}

void reading_search_on(struct search *search, const struct actor *by)
{
	struct actor copy = *by;

	search_keep_rooms(search, may_read, &copy);
}
