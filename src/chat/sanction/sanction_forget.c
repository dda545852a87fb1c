#include "chat/sanction/sanction_forget.h"

#include "chat/chat_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_change.h"

/* Writes the numbers of those that name the user; returns how many. */
static size_t collect(struct room *room, user_id user,
		      uint64_t ids_r[SANCTIONS_MOST])
{
	const struct sanctions *all = &room->sanctions;
	size_t count = 0;

	mutex_lock(&room->lock);
	for (size_t i = 0; i < all->count && count < SANCTIONS_MOST; i++) {
		const struct mask *mask = &all->list[i]->mask;

		if (mask->kind == MASK_USER && mask->user == user)
			ids_r[count++] = all->list[i]->id;
	}
	mutex_unlock(&room->lock);
	return count;
}

static enum err forget_in(struct chat *chat, struct room *room, user_id user)
{
	uint64_t ids[SANCTIONS_MOST];
	struct sanction_change change = { .store = chat->store,
					  .room = room,
					  .dropped = ids };
	enum err e;

	change.drop_count = collect(room, user, ids);
	if (change.drop_count == 0)
		return ERR_OK;
	e = store_run(chat->store, sanction_change_write, &change);
	if (e == ERR_OK)
		sanction_change_apply(&change);
	return e;
}

enum err sanction_forget(struct chat *chat, user_id user)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = forget_in(chat, rooms[i], user);
	chat_free_rooms(rooms, count);
	return e;
}
