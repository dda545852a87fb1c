#include "chat/history/reading.h"

#include "base/mem.h"
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
