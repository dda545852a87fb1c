#include "chat/history/history.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/history/history_erase.h"
#include "chat/history/history_sweep.h"
#include "chat/history/history_table.h"
#include "chat/history/scribe.h"
#include "chat/marker/bookmark.h"
#include "chat/room_fields.h"
#include "log/log.h"

/* Calls of history_erase() at the end. */
enum { ERASED_AT_END = 4 };

struct retention history_limits(const struct chat *chat)
{
	int64_t count = atomic_load(&chat->history_count);
	int64_t age_s = atomic_load(&chat->history_age_s);

	return (struct retention){ .is_off = count == 0,
				   .count = count > 0 ? (uint32_t)count : 0,
				   .age_s = age_s > 0 ? age_s : 0 };
}

struct retention history_retention(const struct room *room)
{
	struct retention limits;

	if (room->chat == NULL)
		return room->facts.retention;
	limits = history_limits(room->chat);
	return retention_within(&room->facts.retention, &limits);
}

struct retention history_kept(struct room *room)
{
	struct retention r;

	mutex_lock(&room->lock);
	r = history_retention(room);
	mutex_unlock(&room->lock);
	return r;
}

bool history_is_kept(struct room *room)
{
	return !history_kept(room).is_off;
}

void history_add(struct room *room, struct message *m)
{
	struct history *h = &room->history;
	struct retention retention = history_retention(room);

	m->id = ++h->last_id;
	if (retention.is_off)
		return;
	recent_add(&h->recent, m);
	recent_trim(&h->recent, retention.count, INT64_MIN);
	if (room->chat != NULL)
		scribe_add(room->chat->scribe, &h->share, m);
}

static bool is_hit(const struct message *m, void *arg)
{
	return erasures_hit_message(arg, m);
}

void history_forget(struct room *room, const struct erasure *erasure)
{
	struct history *h = &room->history;

	erasures_add(&h->erasures, erasure);
	h->erasures_made++;
	recent_drop(&h->recent, is_hit, &h->erasures);
	if (room->chat != NULL)
		atomic_store(&room->chat->is_erasing, true);
}

void history_erasures(struct room *room, struct erasures *copy_r)
{
	mutex_lock(&room->lock);
	erasures_copy(&room->history.erasures, copy_r);
	mutex_unlock(&room->lock);
}

void history_stored(struct room *room, uint64_t given, size_t count,
		    size_t bytes)
{
	mutex_lock(&room->lock);
	if (room->history.given < given)
		room->history.given = given;
	room->history.stored += count;
	room->history.bytes += bytes;
	mutex_unlock(&room->lock);
}

static void load_head(const char *key, const struct history_head *head,
		      void *arg)
{
	struct chat *chat = arg;
	struct room *room = chat_room(chat, key);

	if (room == NULL)
		return;
	mutex_lock(&room->lock);
	room->history.last_id = head->given;
	room->history.given = head->given;
	room->history.stored = head->count;
	room->history.bytes = head->bytes;
	mutex_unlock(&room->lock);
	room_unref(&room);
}

/* Erasures go on where they ended. */
static enum err load_erasures(struct chat *chat)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = erasures_load(chat->store, room_name(rooms[i]),
				  &rooms[i]->history.erasures);
	chat_free_rooms(rooms, count);
	atomic_store(&chat->is_erasing, true);
	return e;
}

enum err history_load(struct chat *chat)
{
	enum err e = history_table_heads(chat->store, load_head, chat);

	return e == ERR_OK ? load_erasures(chat) : e;
}

/* Newest first. */
struct warming {
	struct room *room;
	struct message **list; /* references, one each */
	size_t most;
	size_t count;
	size_t bytes;
	struct erasures erasures; /* as they were before */
	uint64_t erasures_made;
};

static void drop_read(void *arg)
{
	struct warming *w = arg;

	while (w->count > 0)
		message_unref(&w->list[--w->count]);
	w->bytes = 0;
}

static bool read_one(const struct saying *saying, void *arg)
{
	struct warming *w = arg;

	if (w->count == w->most ||
	    w->bytes + saying->text_len > (size_t)RECENT_BYTES_MOST)
		return false;
	w->list[w->count++] = saying_message(saying, w->room);
	w->bytes += saying->text_len;
	return true;
}

/* What was read comes before what has been said since the start. */
static void fill_locked(struct room *room, const struct warming *w)
{
	struct recent *recent = &room->history.recent;
	uint64_t first =
		recent->count > 0 ? recent_at(recent, 0)->id : UINT64_MAX;
	struct recent all;

	recent_init(&all, recent->most);
	for (size_t i = w->count; i-- > 0;) {
		if (w->list[i]->id < first)
			recent_add(&all, w->list[i]);
	}
	for (size_t i = 0; i < recent->count; i++)
		recent_add(&all, recent_at(recent, i));
	recent_fini(recent);
	*recent = all;
	room->history.is_warm = true;
}

/* False when that was done. */
static bool begin_warming(struct room *room, struct warming *w)
{
	bool is_cold;

	mutex_lock(&room->lock);
	is_cold = !room->history.is_warm;
	w->most = room->history.recent.most;
	w->erasures_made = room->history.erasures_made;
	erasures_copy(&room->history.erasures, &w->erasures);
	mutex_unlock(&room->lock);
	return is_cold;
}

/* False when something was deleted meanwhile that may have been read. */
static bool end_warming(struct room *room, const struct warming *w)
{
	bool is_good;

	mutex_lock(&room->lock);
	is_good = room->history.erasures_made == w->erasures_made;
	if (is_good && !room->history.is_warm)
		fill_locked(room, w);
	mutex_unlock(&room->lock);
	return is_good;
}

static enum err read_all(struct chat *chat, struct warming *w)
{
	struct history_walk walk = { .store = chat->store,
				     .room = room_name(w->room),
				     .visit = read_one,
				     .begin = drop_read,
				     .arg = w,
				     .gone = &w->erasures };
	enum err e = scribe_write(chat->scribe);

	w->list = mem_array(w->most, sizeof(struct message *));
	/* What cannot be written, which is told, comes behind what was. */
	(void)e;
	return history_walk_down(&walk, UINT64_MAX);
}

void history_warm(struct chat *chat, struct room *room)
{
	bool is_done = false;

	while (!is_done) {
		struct warming w = { .room = room };
		enum err e = ERR_OK;

		is_done = !begin_warming(room, &w);
		if (!is_done) {
			e = read_all(chat, &w);
			is_done = end_warming(room, &w);
		}
		if (e != ERR_OK)
			log_warning("history",
				    "what was said in %s cannot be read: %s",
				    room_name(room), err_code(e));
		drop_read(&w);
		mem_free(w.list);
		erasures_fini(&w.erasures);
	}
}

enum err history_write(struct chat *chat)
{
	return scribe_write(chat->scribe);
}

bool history_is_due(struct chat *chat)
{
	return scribe_is_due(chat->scribe) || bookmark_is_due(chat) ||
	       atomic_load(&chat->is_erasing) ||
	       clock_mono_ms() >= atomic_load(&chat->history_sweep_ms);
}

void history_keep(struct chat *chat)
{
	enum err e = scribe_write(chat->scribe);
	bool was_stuck = atomic_exchange(&chat->history_is_stuck, e != ERR_OK);

	if (e != ERR_OK && !was_stuck)
		log_warning("history",
			    "what is said cannot be written for now: %s",
			    err_code(e));
	if (e != ERR_OK)
		return;
	if (was_stuck)
		log_notice("history", "what is said is written again");
	bookmark_keep(chat);
	history_erase(chat);
	history_sweep(chat);
}

void history_status(struct chat *chat, struct scribe_status *status_r)
{
	scribe_status(chat->scribe, status_r);
}

struct giving {
	struct store *store;
	const char *room;
	uint64_t given;
};

static enum err give(struct store_txn *txn, void *arg)
{
	const struct giving *g = arg;

	return history_table_give(txn, g->store, g->room, g->given);
}

/* So that numbers go on without a gap. */
static enum err settle(struct chat *chat, struct room *room)
{
	struct giving g = { chat->store, room_name(room), 0 };
	uint64_t noted;

	mutex_lock(&room->lock);
	g.given = room->history.last_id;
	noted = room->history.given;
	mutex_unlock(&room->lock);
	return g.given == noted ? ERR_OK : store_run(chat->store, give, &g);
}

/* What is left is for the next start. */
static void erase_rest(struct chat *chat)
{
	for (int i = 0; i < ERASED_AT_END && atomic_load(&chat->is_erasing);
	     i++)
		history_erase(chat);
}

void history_close(struct chat *chat)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	enum err e = scribe_write(chat->scribe);

	if (e == ERR_OK)
		erase_rest(chat);

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = settle(chat, rooms[i]);
	chat_free_rooms(rooms, count);
	if (e == ERR_OK)
		bookmark_close(chat);
	if (e != ERR_OK)
		log_warning("history", "the last messages were not written: %s",
			    err_code(e));
}
