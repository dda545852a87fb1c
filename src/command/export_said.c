/* What a user has said in rooms: the newest of it. */
#include <string.h>

#include "chat/history/history.h"
#include "chat/history/search.h"
#include "command/export.h"

enum {
	SAID_MOST = 200,
	SAID_BYTES = 64 * 1024, /* of their texts */
};

struct collecting {
	json_t *list;
	size_t bytes;
	bool is_full;
};

static void add_one(struct collecting *c, const struct message *m)
{
	size_t len = strlen(m->text);

	c->is_full = c->is_full || json_array_size(c->list) == SAID_MOST ||
		     c->bytes + len > (size_t)SAID_BYTES;
	if (c->is_full)
		return;
	c->bytes += len;
	json_array_append_new(c->list,
			      json_pack("{s:s, s:I, s:o, s:s, s:b, s:o}",
					"room", room_name(m->room), "id",
					(json_int_t)m->id, "time",
					export_time(m->time_ms), "as", m->from,
					"is_action", m->kind == MESSAGE_ACTION,
					"text", export_text(m->text)));
}

/* Pages until enough is found, or so much was looked at. */
static enum err collect(struct search *search, struct collecting *c)
{
	uint64_t looked = 0;
	enum err e = ERR_OK;

	for (;;) {
		const struct message *m;

		while (e == ERR_OK && !search_is_done(search))
			e = search_step(search);
		for (size_t i = 0; (m = search_hit(search, i)) != NULL; i++)
			add_one(c, m);
		looked += search_looked(search);
		if (e != ERR_OK || c->is_full || !search_has_more(search))
			return e;
		if (looked >= SEARCH_PATIENCE)
			break;
		search_turn(search);
	}
	c->is_full = true;
	return e;
}

static enum err make_said(const struct export *x, json_t **value_r)
{
	struct chat *chat = x->realm->chat;
	struct search_what what = { .whose = { .user = x->user.id } };
	struct search *search = search_new(chat, &what);
	struct collecting c = { .list = json_array() };
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	enum err written = history_write(chat);
	enum err e;

	for (size_t i = 0; i < count; i++)
		search_add_room(search, rooms[i]);
	chat_free_rooms(rooms, count);
	e = collect(search, &c);
	search_free(&search);
	/* On a full disk what was said last is not here. */
	*value_r =
		json_pack("{s:b, s:o}", "is_all",
			  written == ERR_OK && !c.is_full, "messages", c.list);
	return e;
}

const struct export_part export_of_said[] = {
	{ "said", false, make_said },
	{ 0 },
};
