/* What of a chat the store knows, at start-up. Nobody else is here yet. */
#include <string.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard.h"
#include "chat/guard/lockdown.h"
#include "chat/rights/heritage.h"
#include "chat/room_fields.h"
#include "chat/roster.h"

static void load_room(const struct room_facts *facts, void *arg)
{
	struct chat *chat = arg;

	/* A visit may be made again after a deadlock. */
	mutex_lock(&chat->lock);
	if (name_index_find(&chat->rooms, facts->name) == NULL)
		chat_add_room(chat, facts);
	mutex_unlock(&chat->lock);
}

static enum err load_lists(struct chat *chat)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		const char *name = room_name(rooms[i]);

		e = rights_load(chat->store, name, &rooms[i]->rights);
		if (e == ERR_OK)
			e = sanction_table_load(chat->store, name,
						&rooms[i]->sanctions);
	}
	chat_free_rooms(rooms, count);
	return e;
}

enum err chat_load(struct chat *chat)
{
	struct room_facts facts = { .created_ms = clock_wall_ms() };
	enum err e = roster_walk(chat->store, load_room, chat);

	if (e == ERR_OK)
		e = cloak_load(chat->store, chat->cloak_key);
	if (e == ERR_OK)
		e = load_lists(chat);
	if (e == ERR_OK)
		e = history_load(chat);
	if (e == ERR_OK)
		e = heritage_mend(chat);
	if (e == ERR_OK)
		e = guard_load(chat->guard, chat->store);
	if (e == ERR_OK)
		e = lockdown_load(chat);
	if (e == ERR_OK)
		e = closing_load(chat);
	if (e == ERR_OK)
		e = board_load(chat);
	if (e == ERR_OK)
		e = ignores_load(chat->ignores, chat->store);
	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->lock);
	chat->default_room = name_index_find(&chat->rooms, chat->default_name);
	mutex_unlock(&chat->lock);
	if (chat->default_room != NULL) {
		/* Guests come into it without a job. */
		history_warm(chat, chat->default_room);
		return ERR_OK;
	}
	memcpy(facts.name, chat->default_name, sizeof(facts.name));
	e = roster_add_room(chat->store, &facts);
	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->lock);
	chat->default_room = chat_add_room(chat, &facts);
	mutex_unlock(&chat->lock);
	return ERR_OK;
}
