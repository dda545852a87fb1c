#include "chat/history/history_erase.h"

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/history/history_table.h"
#include "chat/room_fields.h"
#include "log/limit.h"
#include "log/log.h"

enum {
	ERASED_AT_ONCE = 128,    /* in one transaction */
	LOOKED_AT_ONCE = 4096,   /* for one transaction */
	LOOKED_MOST = 64 * 1024, /* in one call */
	ERASED_MOST = 4096,      /* likewise */
};

/* The next of what an erasure hits. */
struct erasing {
	struct store *store;
	const char *room;
	struct erasure erasure;
	uint64_t ids[ERASED_AT_ONCE];
	size_t count;
	size_t looked;
	uint64_t next;   /* where to go on */
	bool is_stopped; /* there is more */
	uint64_t erased;
	uint64_t bytes; /* of those */
};

static void begin(void *arg)
{
	struct erasing *e = arg;

	e->count = 0;
	e->looked = 0;
	e->next = e->erasure.from;
	e->is_stopped = false;
}

static bool look(const struct saying *saying, void *arg)
{
	struct erasing *e = arg;

	if (saying->id > e->erasure.upto)
		return false;
	e->looked++;
	e->next = saying->id + 1;
	if (erasure_hits(&e->erasure, saying->id, saying->time_ms, saying->user,
			 saying->from))
		e->ids[e->count++] = saying->id;
	e->is_stopped =
		e->count == ERASED_AT_ONCE || e->looked == LOOKED_AT_ONCE;
	return !e->is_stopped;
}

/* So that the next start goes on there; or forgets it. */
static enum err erase(struct store_txn *txn, void *arg)
{
	struct erasing *e = arg;
	enum err err;

	e->erased = 0;
	e->bytes = 0;
	err = history_table_erase(txn, e->store, e->room, e->ids, e->count,
				  &e->erased, &e->bytes);
	if (err != ERR_OK)
		return err;
	if (!e->is_stopped)
		return erasure_delete(txn, e->store, e->room, e->erasure.id);
	e->erasure.from = e->next;
	return erasure_put(txn, e->store, e->room, &e->erasure);
}

static void note(struct room *room, const struct erasing *e)
{
	struct history *h = &room->history;
	struct erasure *erasure;

	mutex_lock(&room->lock);
	h->stored -= e->erased < h->stored ? e->erased : h->stored;
	h->bytes -= e->bytes < h->bytes ? e->bytes : h->bytes;
	erasure = erasures_find(&h->erasures, e->erasure.id);
	if (!e->is_stopped)
		erasures_drop(&h->erasures, e->erasure.id);
	else if (erasure != NULL)
		erasure->from = e->next;
	mutex_unlock(&room->lock);
}

/* False when there is none. */
static bool first_erasure(struct room *room, struct erasing *e)
{
	bool is_any;

	mutex_lock(&room->lock);
	is_any = room->history.erasures.count > 0;
	if (is_any)
		e->erasure = room->history.erasures.list[0];
	mutex_unlock(&room->lock);
	return is_any;
}

struct budget {
	size_t looked;
	size_t erased;
	bool is_over; /* of one erasure at least, all is out of the store */
};

static bool is_spent(const struct budget *budget)
{
	return budget->looked >= LOOKED_MOST || budget->erased >= ERASED_MOST;
}

static void warn(struct chat *chat, const char *room, enum err e)
{
	unsigned before;

	if (log_limit_pass(&chat->erase_limit, clock_mono_ms(), &before))
		log_warning("history", "%s cannot be erased from for now: %s",
			    room, err_code(e));
}

/* True when there is more to do. */
static bool erase_room(struct chat *chat, struct room *room,
		       struct budget *budget)
{
	struct erasing e = { .store = chat->store, .room = room_name(room) };
	struct history_walk walk = { .store = chat->store,
				     .room = e.room,
				     .visit = look,
				     .begin = begin,
				     .arg = &e };

	while (first_erasure(room, &e)) {
		enum err err;

		if (is_spent(budget))
			return true;
		/* Nothing that it hits may come into the store later. */
		err = scribe_write(chat->scribe);
		if (err == ERR_OK)
			err = history_scan(&walk, e.erasure.from);
		if (err == ERR_OK || err == ERR_CORRUPT)
			err = store_run(chat->store, erase, &e);
		if (err != ERR_OK) {
			warn(chat, e.room, err);
			return true;
		}
		note(room, &e);
		budget->looked += e.looked + 1;
		budget->erased += e.count;
		budget->is_over |= !e.is_stopped;
	}
	return false;
}

void history_erase(struct chat *chat)
{
	struct budget budget = { 0 };
	bool is_left = false;
	struct room **rooms;
	size_t count;

	if (!atomic_exchange(&chat->is_erasing, false))
		return;
	rooms = chat_rooms(chat, &count);
	for (size_t i = 0; i < count; i++)
		is_left |= erase_room(chat, rooms[i], &budget);
	chat_free_rooms(rooms, count);
	if (budget.is_over)
		store_tidy(chat->store);
	if (is_left)
		atomic_store(&chat->is_erasing, true);
}
