#include "chat/history/history_sweep.h"

#include <string.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/history/history_table.h"
#include "chat/room_fields.h"
#include "log/log.h"

enum {
	DROPPED_AT_ONCE = 256,  /* in one transaction */
	DROPPED_OF_ROOM = 4096, /* in one sweep */
	/* In one sweep: what is said meanwhile waits to be written. */
	DROPPED_MOST = 8192,
	PERIOD_MS = 60 * 1000,
	AHEAD_MOST = 16 * 1024, /* looked at, see find_last() */
	/* Nothing grows old so soon after a start or a jump of the clock. */
	TRUST_MS = 3600 * 1000,
	JUMP_LEAST_MS = 60 * 1000,
};

/* The oldest of a room that have to go. */
struct leaving {
	struct store *store;
	const char *room;
	bool is_clock_good; /* so that what is old may go */
	bool is_off;        /* all has to go, and is not to be found again */
	uint64_t too_many;
	uint64_t too_long;  /* bytes */
	int64_t too_old_ms; /* what is of before then */
	int64_t now_ms;
	uint64_t last; /* what has no greater number is as old */
	size_t looked;
	size_t count;
	uint64_t bytes;
	int64_t since_ms; /* the first that stays */
};

static bool goes(const struct saying *saying, void *arg)
{
	struct leaving *l = arg;

	l->since_ms = saying->time_ms;
	if (l->count == DROPPED_AT_ONCE ||
	    (l->count >= l->too_many && l->bytes >= l->too_long &&
	     saying->time_ms >= l->too_old_ms && saying->id > l->last))
		return false;
	l->count++;
	l->bytes += saying_bytes(saying);
	return true;
}

static enum err drop(struct store_txn *txn, void *arg)
{
	struct leaving *l = arg;

	l->count = 0;
	l->bytes = 0;
	l->since_ms = INT64_MAX;
	return history_table_drop(txn, l->store, l->room, l->is_off, goes, l);
}

/* False: nothing of the room has to go. */
static bool judge(struct room *room, struct leaving *l)
{
	struct retention r;
	const struct history *h = &room->history;
	int64_t most_bytes = atomic_load(&room->chat->history_bytes);
	int64_t now_ms = clock_wall_ms();
	bool is_due;

	mutex_lock(&room->lock);
	r = history_retention(room);
	l->is_off = r.is_off;
	l->too_many = r.is_off                             ? UINT64_MAX
		      : r.count > 0 && h->stored > r.count ? h->stored - r.count
							   : 0;
	l->too_old_ms = r.age_s > 0 && l->is_clock_good
				? now_ms - r.age_s * 1000
				: INT64_MIN;
	l->too_long = most_bytes > 0 && h->bytes > (uint64_t)most_bytes
			      ? h->bytes - (uint64_t)most_bytes
			      : 0;
	l->now_ms = now_ms;
	if (r.is_off)
		recent_clear(&room->history.recent);
	recent_trim(&room->history.recent, r.count, l->too_old_ms);
	is_due = h->stored > 0 &&
		 (l->too_many > 0 || l->too_long > 0 ||
		  h->since_ms < l->too_old_ms || h->since_ms > now_ms);
	mutex_unlock(&room->lock);
	return is_due;
}

static void note(struct room *room, const struct leaving *l)
{
	struct history *h = &room->history;

	mutex_lock(&room->lock);
	h->stored -= l->count < h->stored ? l->count : h->stored;
	h->bytes -= l->bytes < h->bytes ? l->bytes : h->bytes;
	if (l->count < DROPPED_AT_ONCE)
		h->since_ms = l->since_ms == INT64_MAX ? 0 : l->since_ms;
	mutex_unlock(&room->lock);
}

static bool look(const struct saying *saying, void *arg)
{
	struct leaving *l = arg;
	bool is_old = saying->time_ms < l->too_old_ms;

	if (is_old)
		l->last = saying->id;
	return (is_old || saying->time_ms > l->now_ms) &&
	       ++l->looked < AHEAD_MOST;
}

/*
 * When the clock was ahead once, what was said then would keep all that came
 * later from growing old. True when some of it has to go.
 */
static bool find_last(struct leaving *l)
{
	struct history_walk walk = {
		.store = l->store, .room = l->room, .visit = look, .arg = l
	};
	uint64_t before = l->last;

	if (l->since_ms <= l->now_ms || l->since_ms == INT64_MAX ||
	    l->too_old_ms == INT64_MIN)
		return false;
	l->looked = 0;
	return history_walk_up(&walk, 1) == ERR_OK && l->last > before;
}

/* Drops about most at most; how many it did. */
static enum err sweep_room(struct chat *chat, struct room *room, size_t most,
			   size_t *dropped_r)
{
	struct leaving l = { .store = chat->store,
			     .room = room_name(room),
			     .is_clock_good = clock_mono_ms() >=
					      chat->history_age_from_ms };
	enum err e = ERR_OK;

	*dropped_r = 0;
	while (e == ERR_OK && *dropped_r < most && judge(room, &l)) {
		e = store_run(chat->store, drop, &l);
		if (e != ERR_OK)
			break;
		note(room, &l);
		*dropped_r += l.count;
		if (l.count == 0 && !find_last(&l))
			break;
	}
	/* Of a full disk the store tells. */
	if (e != ERR_OK && e != ERR_STORAGE_FULL)
		log_warning("history", "%s cannot be swept: %s", l.room,
			    err_code(e));
	return e;
}

/*
 * A clock that was wrong once must not cost a room its history: there is time
 * to put it right.
 */
static void watch_clock(struct chat *chat)
{
	int64_t mono_ms = clock_mono_ms();
	int64_t ahead_ms = clock_wall_ms() - mono_ms;
	int64_t jump_ms = ahead_ms - chat->history_ahead_ms;

	if (jump_ms > -JUMP_LEAST_MS && jump_ms < JUMP_LEAST_MS)
		return;
	chat->history_ahead_ms = ahead_ms;
	chat->history_age_from_ms = mono_ms + TRUST_MS;
}

void history_sweep(struct chat *chat)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	size_t left = DROPPED_MOST;
	bool has_more = false;
	enum err e = ERR_OK;
	size_t dropped;

	watch_clock(chat);
	for (size_t i = 0; e == ERR_OK && left > 0 && i < count; i++) {
		size_t at = chat->history_sweep_from++ % count;
		size_t most = left < DROPPED_OF_ROOM ? left : DROPPED_OF_ROOM;

		e = sweep_room(chat, rooms[at], most, &dropped);
		has_more |= dropped >= most;
		left -= dropped < left ? dropped : left;
	}
	chat_free_rooms(rooms, count);
	atomic_store(&chat->history_sweep_ms,
		     has_more && e == ERR_OK ? 0 : clock_mono_ms() + PERIOD_MS);
}
