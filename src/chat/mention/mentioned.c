#include "chat/mention/mentioned.h"

#include <string.h>

#include "base/mem.h"
#include "base/mention.h"
#include "chat/ignore/ignore_people.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"

struct found {
	const struct member *list[MENTIONED_MOST];
	size_t count;
};

static bool is_speaker(const struct person *person, const struct message *said)
{
	return person->number == (said->user != 0 ? said->user : said->guest);
}

static void add(struct found *found, const struct member *member,
		const struct message *said)
{
	for (size_t i = 0; i < found->count; i++) {
		if (found->list[i] == member)
			return;
	}
	if (!is_speaker(member->person, said) &&
	    !ignore_hides(member->person, said))
		found->list[found->count++] = member;
}

struct message *mentioned_new(struct room *room, const struct message *said)
{
	struct found found = { .count = 0 };
	struct mention_cursor c;
	struct mention m;
	struct message *notice;

	mention_begin(&c, said->text, strlen(said->text));
	while (found.count < MENTIONED_MOST && mention_next(&c, &m)) {
		const struct member *member = roll_find(&room->roll, &m);

		if (member != NULL)
			add(&found, member, said);
	}
	if (found.count == 0)
		return NULL;
	notice = message_new(MESSAGE_MENTIONED, room, NULL, said->from, "");
	notice->id = said->id;
	notice->people = mem_array(found.count, sizeof(struct person *));
	notice->people_count = found.count;
	for (size_t i = 0; i < found.count; i++)
		notice->people[i] = person_ref(found.list[i]->person);
	return notice;
}
