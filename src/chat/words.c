#include "chat/words.h"

#include <string.h>

#include "base/mem.h"
#include "chat/flood/flood_gate.h"
#include "chat/gate.h"
#include "chat/guard/guard_people.h"
#include "chat/mode/held.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"

enum err words_check(struct room *room, struct person *person,
		     enum message_kind kind, const char *text,
		     struct refusal *why)
{
	struct message *m = message_new(kind, room, NULL, "", text);
	struct held held = { 0 };
	struct member *member = NULL;
	enum err e = guard_may_speak(person, why);

	mutex_lock(&room->lock);
	if (person != NULL)
		member = room_find_member(room, person);
	if (e == ERR_OK && member != NULL) {
		memcpy(m->from, member->name, sizeof(m->from));
		e = gate_words(room, member, m, why);
	}
	/* Before the ops are shown it: that is counted as what is said. */
	if (e == ERR_HELD && room->chat != NULL &&
	    flood_tell(room->chat, person, NULL, why) != ERR_OK)
		e = ERR_FLOOD;
	if (e == ERR_HELD)
		held_gather(&held, room);
	mutex_unlock(&room->lock);
	held_tell(&held, room, m);
	message_unref(&m);
	return e;
}

/* References. */
static struct room **list_rooms(struct person *person, size_t *count_r)
{
	struct room **rooms;

	mutex_lock(&person->lock);
	*count_r = person->room_count;
	rooms = mem_array(person->room_count, sizeof(struct room *));
	for (size_t i = 0; i < person->room_count; i++)
		rooms[i] = room_ref(person->rooms[i]);
	mutex_unlock(&person->lock);
	return rooms;
}

enum err words_check_name(struct person *person, const char *name,
			  struct refusal *why)
{
	size_t count;
	struct room **rooms = list_rooms(person, &count);
	enum err e = ERR_OK;

	for (size_t i = 0; i < count; i++) {
		if (e == ERR_OK)
			e = words_check(rooms[i], person, MESSAGE_RENAMED, name,
					why);
		room_unref(&rooms[i]);
	}
	mem_free(rooms);
	return e;
}
