#include "command/room_text.h"

#include <inttypes.h>

#include "base/clock.h"
#include "chat/history/history.h"
#include "chat/marker/missed.h"

enum {
	CROWD = 50, /* people who are still told by name */
	LINE_MOST = 400,
};

void room_text_topic(struct room *room, struct buf *out)
{
	struct room_facts facts;
	char when[CLOCK_TEXT];

	room_facts(room, &facts);
	if (facts.topic[0] == '\0') {
		buf_print(out, "%s has no topic.", facts.name);
		return;
	}
	clock_print(facts.topic_ms, when);
	buf_print(out, "Topic of %s: %s (%s, %s)", facts.name, facts.topic,
		  facts.topic_by, when);
}

void room_text_history(struct room *room, struct buf *out)
{
	if (!history_is_kept(room))
		buf_print(out, "What is said in %s is not kept.",
			  room_name(room));
}

void room_text_missed(const struct message *m, int64_t now_ms, struct buf *out)
{
	char since[CLOCK_TEXT];

	missed_print(&m->missed, room_name(m->room), now_ms, out);
	if (m->missed.count == 0 || !m->is_missed_cut)
		return;
	clock_print(m->missed.since_ms, since);
	buf_add_text(out, " (");
	if (m->replay_count > 0)
		buf_print(out, "the last %zu follow%s; ", m->replay_count,
			  m->replay_count == 1 ? "s" : "");
	buf_print(out, "/review since %s shows all)", since);
}

void room_text_mentioned(const struct message *m, struct buf *out)
{
	buf_print(out, "%s mentioned you in %s (#%" PRIu64 ").", m->from,
		  room_name(m->room), m->id);
}

void room_text_people(struct room *room, struct buf *out)
{
	size_t count = room_count(room);

	if (count > CROWD) {
		buf_print(out, "%s: %zu people; /who lists them.",
			  room_name(room), count);
		return;
	}
	buf_print(out, "%s: ", room_name(room));
	room_print_people(room, out);
}

/* Where a line of at most LINE_MOST bytes ends: behind a comma, if any. */
static size_t cut(const char *text, size_t len)
{
	size_t at = LINE_MOST;

	if (len <= LINE_MOST)
		return len;
	while (at > 0 && text[at - 1] != ' ')
		at--;
	return at > 0 ? at : LINE_MOST;
}

void room_text_everybody(struct room *room, struct buf *out)
{
	AUTO(buf_fini) struct buf all = { 0 };

	room_print_people(room, &all);
	while (buf_len(&all) > 0) {
		size_t len = cut(buf_at(&all), buf_len(&all));
		size_t shown = len;

		while (shown > 0 && buf_at(&all)[shown - 1] == ' ')
			shown--;
		buf_print(out, "%s: %.*s\n", room_name(room), (int)shown,
			  buf_at(&all));
		buf_take(&all, len);
	}
}
