#include "chat/watch.h"

#include "chat/chat_fields.h"
#include "chat/room_fields.h"

enum {
	PRIVATE_MODES =
		1U << MODE_SECRET | 1U << MODE_KEY | 1U << MODE_INVITE_ONLY
};

void watch_set(struct chat *chat, const struct watch *watch)
{
	chat->watch = *watch;
}

static bool is_private(const struct room *room)
{
	return (room->facts.modes.set & PRIVATE_MODES) != 0;
}

bool watch_is_private(struct room *room)
{
	bool is;

	mutex_lock(&room->lock);
	is = is_private(room);
	mutex_unlock(&room->lock);
	return is;
}

void watch_tell(const struct room *room, enum watch_event event,
		const char *name, const char *text)
{
	struct watch_sight sight = {
		.event = event, .room = room->name, .name = name, .text = text
	};

	if (room->chat == NULL || room->chat->watch.see == NULL)
		return;
	sight.is_private = is_private(room);
	room->chat->watch.see(room->chat->watch.arg, &sight);
}
