#include "chat/history/replay.h"

#include "base/mem.h"
#include "chat/marker/missed.h"
#include "chat/room_fields.h"

struct message *replay_new(struct room *room, const struct member *member,
			   const struct tally *tally)
{
	struct message *m =
		message_new(MESSAGE_ENTERED, room, member->person, "", "");
	const struct recent *recent = &room->history.recent;

	m->replay = mem_array(recent->count, sizeof(struct message *));
	m->replay_count = recent->count;
	for (size_t i = 0; i < recent->count; i++)
		m->replay[i] = message_ref(recent_at(recent, i));
	missed_fill(room, member, tally, m);
	return m;
}
