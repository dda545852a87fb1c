/* What chat holds of a user: rooms, rights, sanctions, reports. */
#include <string.h>

#include "bank/heard.h"
#include "base/mem.h"
#include "chat/board/board.h"
#include "chat/guard/guard_act.h"
#include "chat/guard/note.h"
#include "chat/marker/marker.h"
#include "chat/report/report_news.h"
#include "chat/trace.h"
#include "command/export.h"

/* Of the rooms there are, in turn. */
struct tour {
	const struct export *x;
	struct room_names inside; /* memberships */
	json_t *list;
};

typedef void visit_fn(const struct tour *tour, const struct trace *trace);

static void visit_rooms(const struct tour *tour, visit_fn *visit)
{
	size_t count;
	struct room **rooms = chat_rooms(tour->x->realm->chat, &count);

	for (size_t i = 0; i < count; i++) {
		struct trace trace;

		trace_find(rooms[i], tour->x->user.id, &trace);
		visit(tour, &trace);
		trace_fini(&trace);
	}
	chat_free_rooms(rooms, count);
}

/* Since when; -1: no member. */
static int64_t member_since(const struct tour *tour, const char *room)
{
	const struct room_names *inside = &tour->inside;

	for (size_t i = 0; i < inside->count; i++) {
		if (name_compare(inside->names[i], room) == 0)
			return inside->since_ms == NULL ? 0
							: inside->since_ms[i];
	}
	return -1;
}

static void add_room(const struct tour *tour, const struct trace *trace)
{
	const struct room_facts *facts = &trace->facts;
	const struct user *user = &tour->x->user;
	int64_t since_ms = member_since(tour, facts->name);
	bool is_successor = facts->successor == user->id;
	bool has_topic = facts->topic[0] != '\0' &&
			 name_compare(facts->topic_by, user->name) == 0;
	json_t *room;

	if (since_ms < 0 && trace->rank <= RANK_MEMBER && !is_successor &&
	    !has_topic)
		return;
	room = json_pack("{s:s, s:b, s:o, s:s, s:b}", "name", facts->name,
			 "is_member", since_ms >= 0, "member_since",
			 export_time(since_ms > 0 ? since_ms : 0), "rank",
			 rank_word(trace->rank), "is_successor", is_successor);
	if (trace->has_right) {
		json_object_set_new(room, "rank_by",
				    json_string(trace->right.by));
		json_object_set_new(room, "rank_since",
				    export_time(trace->right.since_ms));
	}
	if (has_topic) {
		json_object_set_new(room, "topic", export_text(facts->topic));
		json_object_set_new(room, "topic_since",
				    export_time(facts->topic_ms));
	}
	json_array_append_new(tour->list, room);
}

static enum err make_rooms(const struct export *x, json_t **value_r)
{
	struct tour tour = { .x = x, .list = json_array() };
	enum err e = chat_memberships(x->realm->chat, x->user.id, &tour.inside);

	*value_r = tour.list;
	if (e == ERR_OK)
		visit_rooms(&tour, add_room);
	room_names_fini(&tour.inside);
	return e;
}

static void add_sanctions(const struct tour *tour, const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++) {
		const struct sanction *s = &trace->sanctions[i];

		json_array_append_new(
			tour->list,
			json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:o}", "id",
				  (json_int_t)s->id, "room", trace->facts.name,
				  "kind", sanction_word(s->kind), "by",
				  export_text(s->by), "since",
				  export_time(s->since_ms), "until",
				  export_time(s->until_ms), "reason",
				  export_text(s->reason)));
	}
}

static void add_guards(const struct export *x, enum guard_kind kind,
		       const char *word, json_t *list)
{
	size_t count;
	struct guard_entry *all = guard_list_all(x->realm->chat, kind, &count);

	for (size_t i = 0; i < count; i++) {
		const struct guard_entry *g = &all[i];

		if (g->user != x->user.id)
			continue;
		json_array_append_new(
			list, json_pack("{s:I, s:n, s:s, s:o, s:o, s:o, s:o}",
					"id", (json_int_t)g->id, "room", "kind",
					word, "by", export_text(g->by), "since",
					export_time(g->since_ms), "until",
					export_time(g->until_ms), "reason",
					export_text(g->reason)));
	}
	mem_free(all);
}

/* Of rooms, and of the whole server: those have no room. */
static enum err make_sanctions(const struct export *x, json_t **value_r)
{
	struct tour tour = { .x = x, .list = json_array() };

	*value_r = tour.list;
	visit_rooms(&tour, add_sanctions);
	add_guards(x, GUARD_BAN, "ban", tour.list);
	add_guards(x, GUARD_MUTE, "mute", tour.list);
	return ERR_OK;
}

static const char *state_word(enum report_state state)
{
	static const char *const words[] = { [REPORT_OPEN] = "open",
					     [REPORT_TAKEN] = "taken",
					     [REPORT_CLOSED] = "closed" };

	return words[state];
}

struct reports {
	user_id user;
	bool is_about; /* else: by the user */
	json_t *list;
};

/* Nobody learns here who has reported whom but of his own. */
static bool add_report(const struct report *report, void *arg)
{
	const struct reports *r = arg;
	json_t *one;

	if ((r->is_about ? report->target_user : report->user) != r->user)
		return true;
	one = json_pack("{s:I, s:o, s:s, s:o, s:s, s:o}", "number",
			(json_int_t)report->number, "time",
			export_time(report->time_ms), "about", report->target,
			"room", export_text(report->room), "state",
			state_word(report->state), "outcome",
			report->state == REPORT_CLOSED
				? export_text(report->note)
				: json_null());
	if (r->is_about)
		json_object_set_new(one, "handled_by", export_text(report->by));
	else
		json_object_set_new(one, "words", export_text(report->words));
	json_array_append_new(r->list, one);
	return true;
}

static enum err make_reports(const struct export *x, bool is_about,
			     json_t **value_r)
{
	struct reports r = { x->user.id, is_about, json_array() };

	*value_r = r.list;
	return report_walk(x->realm->store, add_report, &r);
}

static enum err make_reports_made(const struct export *x, json_t **value_r)
{
	return make_reports(x, false, value_r);
}

static enum err make_reports_about(const struct export *x, json_t **value_r)
{
	return make_reports(x, true, value_r);
}

static enum err make_pending(const struct export *x, json_t **value_r)
{
	bool has_news = false;
	enum err e = report_news_look(x->realm->chat, x->user.id, &has_news);

	*value_r = json_pack("{s:b}", "news_of_reports", has_news);
	return e;
}

static enum err make_notes(const struct export *x, json_t **value_r)
{
	struct note *notes = NULL;
	size_t count = 0;
	enum err e = note_list(x->realm->store, x->user.id, &notes, &count);

	*value_r = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(*value_r,
				      json_pack("{s:I, s:o, s:s, s:o}", "id",
						(json_int_t)notes[i].id, "time",
						export_time(notes[i].time_ms),
						"by", notes[i].by, "text",
						export_text(notes[i].text)));
	mem_free(notes);
	return e;
}

static enum err make_shown(const struct export *x, json_t **value_r)
{
	uint64_t versions[BOARD_PARTS];
	struct heard heard = { 0 };
	enum err e = board_seen_by(x->realm->chat, x->user.id, versions);

	if (e == ERR_OK)
		e = heard_get(x->realm->store, x->user.id, &heard);
	*value_r = json_object();
	for (unsigned i = 0; i < BOARD_PARTS; i++)
		json_object_set_new(*value_r, board_word(i),
				    json_integer((json_int_t)versions[i]));
	json_object_set_new(*value_r, "bank",
			    json_integer((json_int_t)heard.upto));
	return e;
}

struct markers {
	const struct export *x;
	json_t *list;
};

static void add_marker(const char *key, const struct marker *marker, void *arg)
{
	const struct markers *markers = arg;
	struct room *room = chat_room(markers->x->realm->chat, key);

	json_array_append_new(markers->list,
			      json_pack("{s:s, s:I, s:o}", "room",
					room == NULL ? key : room_name(room),
					"last_read", (json_int_t)marker->id,
					"time", export_time(marker->time_ms)));
	room_unref(&room);
}

static enum err make_markers(const struct export *x, json_t **value_r)
{
	struct markers markers = { x, json_array() };

	*value_r = markers.list;
	return marker_list(x->realm->store, x->user.id, add_marker, &markers);
}

const struct export_part export_of_chat[] = {
	{ "rooms", false, make_rooms },
	{ "sanctions", false, make_sanctions },
	{ "reports_made", false, make_reports_made },
	{ "pending", false, make_pending },
	{ "shown", false, make_shown },
	{ "markers", false, make_markers },
	{ "reports_about", true, make_reports_about },
	{ "notes", true, make_notes },
	{ 0 },
};
