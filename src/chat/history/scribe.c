#include "chat/history/scribe.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "chat/history/history.h"
#include "chat/history/history_table.h"
#include "chat/room.h"
#include "log/limit.h"
#include "log/log.h"

enum {
	/* Of one room, in one transaction: short, so that readers go on. */
	BATCH_MOST = 256,
	/* Numbers that are noted as given ahead of what is. */
	AHEAD_LEAST = 256,
	AHEAD_TIMES = 4,
};

struct pile {
	struct message **list; /* references */
	size_t count;
	size_t room;
	size_t bytes; /* of the texts */
};

struct scribe {
	struct store *store; /* immutable */

	struct mutex writing; /* rank: LOCK_SCRIBE */
	struct store_waiter waiter;
	atomic_bool is_flushing; /* the store has the waiter */

	struct mutex lock; /* rank: LOCK_TABLE */
	struct pile waiting GUARDED_BY(lock);
	size_t under_way GUARDED_BY(lock); /* being written, beside them */
	uint64_t round GUARDED_BY(lock);   /* grows when all was written */
	uint64_t lost GUARDED_BY(lock);
	uint64_t told GUARDED_BY(lock);  /* of them the log has the number */
	bool is_losing GUARDED_BY(lock); /* which the log has */
	struct log_limit losing GUARDED_BY(lock);
	struct log_limit kept_again GUARDED_BY(lock);
};

struct scribe *scribe_new(struct store *store)
{
	struct scribe *scribe = mem_zero(sizeof(*scribe));

	scribe->store = store;
	mutex_init(&scribe->writing, LOCK_SCRIBE);
	mutex_init(&scribe->lock, LOCK_TABLE);
	return scribe;
}

static void pile_fini(struct pile *pile)
{
	for (size_t i = 0; i < pile->count; i++)
		message_unref(&pile->list[i]);
	mem_free(pile->list);
	memset(pile, 0, sizeof(*pile));
}

void scribe_free(struct scribe **scribe)
{
	struct scribe *s = *scribe;

	if (s == NULL)
		return;
	*scribe = NULL;
	if (atomic_load(&s->is_flushing))
		store_flush(s->store); /* which calls the waiter */
	pile_fini(&s->waiting);
	mutex_fini(&s->lock);
	mutex_fini(&s->writing);
	mem_free(s);
}

static void pile_add(struct pile *pile, struct message *m)
{
	if (pile->count == pile->room) {
		pile->room = pile->room == 0 ? 64 : pile->room * 2;
		pile->list = mem_resize(pile->list,
					pile->room * sizeof(pile->list[0]));
	}
	pile->list[pile->count++] = m;
	pile->bytes += strlen(m->text);
}

static bool is_full(const struct pile *pile)
{
	return pile->count >= SCRIBE_WAITING_MOST ||
	       pile->bytes >= SCRIBE_BYTES_MOST;
}

/* Or the room has had its share. */
static bool is_too_much_locked(struct scribe *scribe,
			       struct scribe_share *share,
			       const struct message *m) REQUIRES(scribe->lock)
{
	if (share->round != scribe->round)
		*share = (struct scribe_share){ .round = scribe->round };
	share->count++;
	share->bytes += strlen(m->text);
	return is_full(&scribe->waiting) ||
	       share->count > (size_t)SCRIBE_ROOM_WAITING ||
	       share->bytes > (size_t)SCRIBE_ROOM_BYTES;
}

void scribe_add(struct scribe *scribe, struct scribe_share *share,
		struct message *m)
{
	bool is_first = false;
	unsigned before;

	mutex_lock(&scribe->lock);
	if (!is_too_much_locked(scribe, share, m)) {
		pile_add(&scribe->waiting, message_ref(m));
	} else {
		scribe->lost++;
		is_first = !scribe->is_losing &&
			   log_limit_pass(&scribe->losing, clock_mono_ms(),
					  &before);
		scribe->is_losing = true;
	}
	mutex_unlock(&scribe->lock);
	if (is_first)
		log_warning("history", "the disk does not keep up: what is "
				       "said now is not kept");
}

bool scribe_is_due(struct scribe *scribe)
{
	bool is_due;

	mutex_lock(&scribe->lock);
	is_due = scribe->waiting.count > 0;
	mutex_unlock(&scribe->lock);
	return is_due;
}

void scribe_status(struct scribe *scribe, struct scribe_status *status_r)
{
	mutex_lock(&scribe->lock);
	status_r->waiting = scribe->waiting.count + scribe->under_way;
	status_r->lost = scribe->lost;
	mutex_unlock(&scribe->lock);
}

/* By room, then by number. */
static int compare(const void *a, const void *b)
{
	const struct message *x = *(struct message *const *)a;
	const struct message *y = *(struct message *const *)b;

	if (x->room != y->room)
		return (uintptr_t)x->room < (uintptr_t)y->room ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

struct batch {
	struct store *store;
	struct room *room;
	struct saying sayings[BATCH_MOST];
	size_t count;
	size_t bytes;
	uint64_t given;
};

static enum err put_batch(struct store_txn *txn, void *arg)
{
	const struct batch *batch = arg;

	return history_table_add(txn, batch->store, room_name(batch->room),
				 batch->sayings, batch->count, batch->given);
}

/* The first of list that are of one room, as many as fit. */
static void take_batch(struct batch *batch, struct message **list, size_t count)
{
	size_t ahead;

	batch->room = list[0]->room;
	batch->count = 0;
	batch->bytes = 0;
	while (batch->count < count && batch->count < BATCH_MOST &&
	       list[batch->count]->room == batch->room) {
		saying_of(list[batch->count], &batch->sayings[batch->count]);
		batch->bytes += saying_bytes(&batch->sayings[batch->count]);
		batch->count++;
	}
	ahead = count * AHEAD_TIMES;
	batch->given = list[batch->count - 1]->id +
		       (ahead < AHEAD_LEAST ? AHEAD_LEAST : ahead);
}

/* Writes and drops the first of a sorted pile until one fails. */
static enum err write_pile(struct scribe *scribe, struct pile *pile,
			   size_t *done_r)
{
	struct batch *batch = mem_zero(sizeof(*batch));
	enum err e = ERR_OK;
	size_t done = 0;

	batch->store = scribe->store;
	while (e == ERR_OK && done < pile->count) {
		take_batch(batch, pile->list + done, pile->count - done);
		e = store_run(scribe->store, put_batch, batch);
		if (e == ERR_OK) {
			history_stored(batch->room, batch->given, batch->count,
				       batch->bytes);
			done += batch->count;
		}
	}
	mem_free(batch);
	*done_r = done;
	return e;
}

/* What could not be written comes before what has come meanwhile. */
static void put_back(struct scribe *scribe, struct pile *pile, size_t done)
{
	struct pile rest = { 0 };
	struct pile old;

	for (size_t i = done; i < pile->count; i++)
		pile_add(&rest, message_ref(pile->list[i]));
	mutex_lock(&scribe->lock);
	for (size_t i = 0; i < scribe->waiting.count; i++) {
		if (is_full(&rest))
			scribe->lost++;
		else
			pile_add(&rest, message_ref(scribe->waiting.list[i]));
	}
	old = scribe->waiting;
	scribe->waiting = rest;
	scribe->under_way = 0;
	mutex_unlock(&scribe->lock);
	pile_fini(&old);
}

/* All is written; how many were lost that the log is to be told of now. */
static uint64_t finish(struct scribe *scribe)
{
	uint64_t untold;
	unsigned before;

	mutex_lock(&scribe->lock);
	scribe->under_way = 0;
	scribe->round++;
	untold = scribe->lost - scribe->told;
	if (untold > 0 &&
	    !log_limit_pass(&scribe->kept_again, clock_mono_ms(), &before))
		untold = 0;
	scribe->told += untold;
	scribe->is_losing = false;
	mutex_unlock(&scribe->lock);
	return untold;
}

static void flushed(struct store_waiter *waiter)
{
	struct scribe *scribe = CONTAINER(waiter, struct scribe, waiter);

	atomic_store(&scribe->is_flushing, false);
}

/* A power cut may cost the last second only: so it is not left to chance. */
static void flush_soon(struct scribe *scribe)
{
	if (atomic_exchange(&scribe->is_flushing, true))
		return;
	scribe->waiter.fn = flushed;
	scribe->waiter.ticket = store_ticket(scribe->store);
	store_when_durable(scribe->store, &scribe->waiter);
}

static enum err write_all(struct scribe *scribe, uint64_t *lost_r)
{
	struct pile pile;
	size_t done;
	enum err e;

	mutex_lock(&scribe->lock);
	pile = scribe->waiting;
	memset(&scribe->waiting, 0, sizeof(scribe->waiting));
	scribe->under_way = pile.count;
	mutex_unlock(&scribe->lock);
	if (pile.count == 0)
		return ERR_OK;
	qsort(pile.list, pile.count, sizeof(pile.list[0]), compare);
	e = write_pile(scribe, &pile, &done);
	if (done > 0)
		flush_soon(scribe);
	if (e != ERR_OK)
		put_back(scribe, &pile, done);
	else
		*lost_r = finish(scribe);
	pile_fini(&pile);
	return e;
}

enum err scribe_write(struct scribe *scribe)
{
	uint64_t lost = 0;
	enum err e;

	mutex_lock(&scribe->writing);
	e = write_all(scribe, &lost);
	mutex_unlock(&scribe->writing);
	if (lost > 0)
		log_warning("history",
			    "what is said is kept again lost=%" PRIu64, lost);
	return e;
}
