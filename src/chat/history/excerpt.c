#include "chat/history/excerpt.h"

#include <string.h>

#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/history/history_table.h"
#include "chat/room_fields.h"

void excerpt_fini(struct excerpt *excerpt)
{
	for (size_t i = 0; i < excerpt->count; i++)
		message_unref(&excerpt->list[i]);
	mem_free(excerpt->list);
	memset(excerpt, 0, sizeof(*excerpt));
}

struct gathering {
	struct excerpt *excerpt;
	struct room *room;
	size_t most;
	size_t bytes;
	struct erasures gone;
};

static void begin(void *arg)
{
	struct gathering *g = arg;

	while (g->excerpt->count > 0)
		message_unref(&g->excerpt->list[--g->excerpt->count]);
	g->excerpt->has_more = false;
	g->bytes = 0;
}

static bool gather(const struct saying *saying, void *arg)
{
	struct gathering *g = arg;
	struct excerpt *excerpt = g->excerpt;

	g->bytes += saying->text_len;
	if (excerpt->count == g->most ||
	    (excerpt->count > 0 && g->bytes > (size_t)EXCERPT_BYTES_MOST)) {
		excerpt->has_more = true;
		return false;
	}
	excerpt->list[excerpt->count++] = saying_message(saying, g->room);
	return true;
}

static void turn_round(struct excerpt *excerpt)
{
	for (size_t i = 0; i < excerpt->count / 2; i++) {
		struct message *m = excerpt->list[i];

		excerpt->list[i] = excerpt->list[excerpt->count - 1 - i];
		excerpt->list[excerpt->count - 1 - i] = m;
	}
}

static struct history_walk prepare(struct chat *chat, struct gathering *g)
{
	memset(g->excerpt, 0, sizeof(*g->excerpt));
	g->excerpt->list = mem_array(g->most, sizeof(struct message *));
	history_erasures(g->room, &g->gone);
	return (struct history_walk){ .store = chat->store,
				      .room = room_name(g->room),
				      .visit = gather,
				      .begin = begin,
				      .arg = g,
				      .gone = &g->gone };
}

enum err excerpt_before(struct chat *chat, struct room *room, uint64_t below,
			size_t most, struct excerpt *excerpt_r)
{
	struct gathering g = { .excerpt = excerpt_r,
			       .room = room,
			       .most = most };
	struct history_walk walk = prepare(chat, &g);
	enum err e = history_walk_down(&walk, below);

	erasures_fini(&g.gone);
	turn_round(excerpt_r);
	return e;
}

enum err excerpt_from(struct chat *chat, struct room *room, uint64_t from,
		      size_t most, struct excerpt *excerpt_r)
{
	struct gathering g = { .excerpt = excerpt_r,
			       .room = room,
			       .most = most };
	struct history_walk walk = prepare(chat, &g);
	enum err e = history_walk_up(&walk, from);

	erasures_fini(&g.gone);
	return e;
}

struct look {
	uint64_t id; /* 0: there is none */
	int64_t time_ms;
};

static bool look_at(const struct saying *saying, void *arg)
{
	*(struct look *)arg = (struct look){ saying->id, saying->time_ms };
	return false;
}

enum err excerpt_find(struct chat *chat, struct room *room, int64_t time_ms,
		      uint64_t *number_r)
{
	struct look look = { 0 };
	struct history_walk walk = { .store = chat->store,
				     .room = room_name(room),
				     .visit = look_at,
				     .arg = &look };
	enum err e = history_walk_down(&walk, UINT64_MAX);
	uint64_t low = 1;
	uint64_t high = look.id + 1;

	if (look.id > 0 && look.time_ms < time_ms)
		low = high;
	while (e == ERR_OK && low < high) {
		uint64_t middle = low + (high - low) / 2;

		look.id = 0;
		e = history_walk_up(&walk, middle);
		if (look.id == 0 || look.time_ms >= time_ms)
			high = middle;
		else
			low = look.id + 1;
	}
	*number_r = low;
	return e;
}
