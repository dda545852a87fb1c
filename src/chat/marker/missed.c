#include "chat/marker/missed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/mention.h"
#include "chat/chat_fields.h"
#include "chat/history/history_table.h"
#include "chat/history/scribe.h"
#include "chat/ignore/ignore_people.h"
#include "chat/marker/bookmark.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "log/log.h"

void reader_init(struct reader *reader, const struct chat *chat, user_id user,
		 const char *name)
{
	reader->user = user;
	reader->left = MISSED_READ_MOST;
	snprintf(reader->name, sizeof(reader->name), "%s", name);
	ignore_list_of(chat, user, &reader->ignored);
}

static void count_one(struct missed *missed, const char *text, size_t len,
		      const char *name)
{
	missed->count++;
	missed->mentions += mention_has(text, len, name);
}

struct counting {
	struct reader *reader;
	struct missed missed;
	uint64_t end; /* the first that is in memory */
	uint64_t last;
	size_t read;
	bool is_cut;
};

static void begin(void *arg)
{
	struct counting *c = arg;

	memset(&c->missed, 0, sizeof(c->missed));
	c->read = 0;
	c->is_cut = false;
}

/* Own words, and those of people who are ignored. */
static bool is_left_out(struct reader *reader, const struct saying *saying)
{
	const struct ignore *ignored;

	if (saying->user != 0 && saying->user == reader->user)
		return true;
	ignored = ignore_list_find(&reader->ignored, saying->user,
				   saying->user == 0 ? saying->from : "");
	return ignored != NULL && (ignored->kinds & IGNORE_ROOMS) != 0;
}

static bool count_stored(const struct saying *saying, void *arg)
{
	struct counting *c = arg;

	if (saying->id >= c->end)
		return false;
	if (c->missed.count == MISSED_MOST || c->read == c->reader->left) {
		c->is_cut = true;
		return false;
	}
	c->read++;
	c->last = saying->id;
	if (!is_left_out(c->reader, saying))
		count_one(&c->missed, saying->text, saying->text_len,
			  c->reader->name);
	return true;
}

/* False: all that came after the marker is in memory, or nothing is kept. */
static bool must_count(struct room *room, const struct marker *marker,
		       struct counting *c)
{
	const struct recent *recent = &room->history.recent;
	bool must;

	mutex_lock(&room->lock);
	c->end = recent->count > 0 ? recent_at(recent, 0)->id
				   : room->history.last_id + 1;
	must = !history_retention(room).is_off && c->end > marker->id + 1;
	mutex_unlock(&room->lock);
	return must;
}

void missed_count(struct chat *chat, struct room *room, struct reader *reader,
		  struct tally *tally)
{
	struct counting c = { .reader = reader };
	AUTO(erasures_fini) struct erasures gone = { 0 };
	struct history_walk walk = { .store = chat->store,
				     .room = room_name(room),
				     .visit = count_stored,
				     .begin = begin,
				     .arg = &c,
				     .gone = &gone };
	enum err e;

	tally->counted_to = tally->marker.id;
	if (!must_count(room, &tally->marker, &c))
		return;
	e = scribe_write(chat->scribe);
	history_erasures(room, &gone);
	if (e == ERR_OK)
		e = history_scan(&walk, tally->marker.id + 1);
	if (e != ERR_OK)
		log_warning("history", "what is new in %s cannot be read: %s",
			    room_name(room), err_code(e));
	tally->missed = c.missed;
	tally->missed.is_more = c.is_cut || e != ERR_OK;
	tally->counted_to = c.end - 1;
	reader->left -= c.read;
}

static bool find_marker(struct chat *chat, const struct person *person,
			const struct reader *reader, struct room *room,
			struct marker *marker_r)
{
	enum err e;

	memset(marker_r, 0, sizeof(*marker_r));
	if (person != NULL && bookmark_of_member(room, person, marker_r))
		return true;
	e = bookmark_marker(chat, reader->user, room, marker_r);
	if (e != ERR_OK)
		log_warning("history", "a marker of %s cannot be read: %s",
			    room_name(room), err_code(e));
	return e == ERR_OK && marker_r->time_ms != 0;
}

void missed_find(struct chat *chat, user_id user, const char *name,
		 struct room *room, struct tally *tally_r)
{
	struct reader reader;

	memset(tally_r, 0, sizeof(*tally_r));
	if (user == 0)
		return;
	reader_init(&reader, chat, user, name);
	if (find_marker(chat, NULL, &reader, room, &tally_r->marker))
		missed_count(chat, room, &reader, tally_r);
}

void missed_load(struct chat *chat, user_id user, const char *name,
		 struct room_names *names)
{
	struct person *person = chat_person(chat, name);
	struct reader reader;

	reader_init(&reader, chat, user, name);
	if (person != NULL && person->user != user)
		person_unref(&person);
	mem_free(names->tallies);
	names->tallies = mem_array(names->count + 1, sizeof(struct tally));
	for (size_t i = 0; i <= names->count; i++) {
		struct tally *tally = &names->tallies[i];
		struct room *room =
			chat_room(chat, i < names->count ? names->names[i]
							 : chat->default_name);

		if (room != NULL &&
		    find_marker(chat, person, &reader, room, &tally->marker))
			missed_count(chat, room, &reader, tally);
		room_unref(&room);
	}
	person_unref(&person);
}

static bool is_own(const struct message *m, const struct person *person)
{
	return m->user != 0 && m->user == person->user;
}

void missed_fill(const struct room *room, const struct member *member,
		 const struct tally *tally, struct message *m)
{
	struct missed *missed = &m->missed;
	uint64_t first;

	if (tally == NULL || tally->marker.time_ms == 0 ||
	    history_retention(room).is_off)
		return;
	*missed = tally->missed;
	missed->since_ms = tally->marker.time_ms;
	m->missed_at = m->replay_count;
	first = m->replay_count > 0 ? m->replay[0]->id
				    : room->history.last_id + 1;
	missed->is_more |= first > tally->counted_to + 1;
	m->is_missed_cut = missed->count > 0 || missed->is_more;
	for (size_t i = m->replay_count; i-- > 0;) {
		const struct message *said = m->replay[i];

		if (said->id <= tally->counted_to)
			break;
		if (is_own(said, member->person) ||
		    ignore_hides(member->person, said))
			continue;
		m->missed_at = i;
		count_one(missed, said->text, strlen(said->text), member->name);
	}
	if (m->is_missed_cut)
		m->missed_at = 0;
}

static void print_count(const struct missed *missed, struct buf *out)
{
	if (missed->is_more)
		buf_add_text(out, "More than ");
	if (missed->count >= 1000)
		buf_print(out, "%" PRIu64 ",%03" PRIu64, missed->count / 1000,
			  missed->count % 1000);
	else
		buf_print(out, "%" PRIu64, missed->count);
	buf_print(out, " new message%s", missed->count == 1 ? "" : "s");
}

static void print_mentions(const struct missed *missed, struct buf *out)
{
	if (missed->mentions == 0)
		return;
	if (missed->count == 1 && !missed->is_more)
		buf_add_text(out, ", which mentions you");
	else
		buf_print(out, ", %" PRIu64 " of them mention%s you",
			  missed->mentions, missed->mentions == 1 ? "s" : "");
}

void missed_print(const struct missed *missed, const char *room, int64_t now_ms,
		  struct buf *out)
{
	char then[CLOCK_TEXT];
	char now[CLOCK_TEXT];
	size_t date = sizeof("2026-11-20 ") - 1;

	if (missed->count == 0)
		return;
	clock_print(missed->since_ms, then);
	clock_print(now_ms, now);
	print_count(missed, out);
	buf_print(out, " in %s since %s", room,
		  strncmp(then, now, date) == 0 ? then + date : then);
	print_mentions(missed, out);
}
