#include "store/committer.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "log/log.h"
#include "store/env.h"

enum {
	RETRY_MS = 100,
	LAST_MS = 3000, /* for space, at the end */
	GATHER_MOST_MS = 20,
	GATHER_SHARE = 2, /* of a flush */
};

struct committer {
	struct store *store;
	struct thread thread;

	struct mutex lock; /* rank: LOCK_COMMIT */
	struct cond work;  /* the thread waits for it */
	struct cond done;  /* committer_flush() waits for it */
	struct list under_way GUARDED_BY(lock); /* struct commit, by ticket */
	struct store_waiter *first GUARDED_BY(lock);
	struct store_waiter **last GUARDED_BY(lock);
	bool is_asleep GUARDED_BY(lock);
	bool is_stopping GUARDED_BY(lock);
	bool is_taken GUARDED_BY(lock);    /* see committer_take_over() */
	bool is_kicked GUARDED_BY(lock);   /* flush, though nobody waits */
	int64_t until_ms GUARDED_BY(lock); /* waits for space; 0: for ever */
	size_t waiting GUARDED_BY(lock);   /* in the queue */
	size_t answered GUARDED_BY(lock);  /* by the last release */
	size_t party GUARDED_BY(lock);     /* those, and who waited on */
	size_t expected GUARDED_BY(lock);  /* it waits for so many; 0: not */
	int64_t flush_ms GUARDED_BY(lock); /* how long the last one took */

	atomic_uint_fast64_t counted;
	atomic_uint_fast64_t durable;
	atomic_uint_fast64_t released; /* durable, and everybody was called */
	atomic_uint_fast64_t flushes;
};

uint64_t committer_ticket(struct committer *c)
{
	return atomic_load(&c->counted);
}

uint64_t committer_durable(struct committer *c)
{
	return atomic_load(&c->durable);
}

uint64_t committer_flushes(struct committer *c)
{
	return atomic_load(&c->flushes);
}

static void wake_locked(struct committer *c)
{
	if (!c->is_asleep || c->is_taken)
		return;
	c->is_asleep = false;
	cond_wake_one(&c->work);
}

void committer_enter(struct committer *c, struct commit *commit)
{
	mutex_lock(&c->lock);
	commit->ticket = atomic_fetch_add(&c->counted, 1) + 1;
	list_append(&c->under_way, &commit->link);
	mutex_unlock(&c->lock);
}

void committer_leave(struct committer *c, struct commit *commit)
{
	mutex_lock(&c->lock);
	list_remove(&commit->link);
	/* Somebody may be waiting for just this one. */
	if (c->first != NULL && c->waiting >= c->expected)
		wake_locked(c);
	mutex_unlock(&c->lock);
}

void committer_wait(struct committer *c, struct store_waiter *waiter)
{
	/* Who comes later does not overtake those who are being called. */
	bool is_next = waiter->ticket <= atomic_load(&c->released);

	if (!is_next) {
		mutex_lock(&c->lock);
		waiter->next = NULL;
		*c->last = waiter;
		c->last = &waiter->next;
		if (++c->waiting >= c->expected)
			wake_locked(c);
		mutex_unlock(&c->lock);
		return;
	}
	waiter->fn(waiter);
}

/* The ticket up to which every commit has returned. */
static uint64_t settled_locked(const struct committer *c)
{
	const struct commit *oldest;

	if (list_is_empty(&c->under_way))
		return atomic_load(&c->counted);
	oldest = LIST_ITEM(c->under_way.next, const struct commit, link);
	return oldest->ticket - 1;
}

/*
 * Counts a flush that found the disk full, and waits a little. The answers
 * wait until there is space: nothing was promised yet, and Berkeley DB writes
 * the same bytes again. Only at the end nobody can wait any longer.
 */
static void wait_for_space(struct committer *c, bool is_first, int rc)
{
	bool is_over;

	if (is_first)
		log_error("store", "the disk is full: answers wait until "
				   "there is space");
	mutex_lock(&c->lock);
	is_over = c->until_ms != 0 && clock_mono_ms() >= c->until_ms;
	if (!is_over)
		(void)cond_wait_ms(&c->work, &c->lock, RETRY_MS);
	mutex_unlock(&c->lock);
	if (is_over)
		env_die("the log cannot be written", rc);
}

/*
 * Makes the log durable, and the names of log files that are new. When the
 * disk is full returns the error's number, otherwise 0.
 */
static int flush(struct committer *c)
{
	DB_ENV *env = c->store->env;
	int rc = env->log_flush(env, NULL);

	if (rc == ENOSPC || rc == EDQUOT)
		return rc;
	if (rc != 0)
		env_die("the log cannot be written", rc);
	env_sync_names(c->store);
	atomic_fetch_add(&c->flushes, 1);
	return 0;
}

/* Takes those at the head of the queue whose tickets are up to this one. */
static struct store_waiter *take_locked(struct committer *c, uint64_t ticket)
{
	struct store_waiter *taken = c->first;
	struct store_waiter **end = &taken;

	c->answered = 0;
	while (*end != NULL && (*end)->ticket <= ticket) {
		end = &(*end)->next;
		c->answered++;
	}
	c->party = c->waiting;
	c->waiting -= c->answered;
	c->first = *end;
	if (c->first == NULL)
		c->last = &c->first;
	*end = NULL;
	return taken;
}

static void release(struct store_waiter *waiter)
{
	while (waiter != NULL) {
		struct store_waiter *next = waiter->next;

		waiter->fn(waiter);
		waiter = next;
	}
}

/* Whether a flush would help anybody. */
static bool must_flush_locked(const struct committer *c, uint64_t settled)
{
	uint64_t durable = atomic_load(&c->durable);

	if (settled == durable)
		return false;
	return c->is_kicked || (c->first != NULL && c->first->ticket > durable);
}

/* Whether somebody waits for what is durable already. */
static bool must_release_locked(const struct committer *c)
{
	return c->first != NULL && c->first->ticket <= atomic_load(&c->durable);
}

static int64_t gather_ms_locked(const struct committer *c) REQUIRES(c->lock)
{
	return c->flush_ms / GATHER_SHARE;
}

/*
 * Where a flush takes milliseconds: those who were answered together come back
 * together, and would have to wait for two flushes if the next one began with
 * those who are here by now. So it begins when as many wait as there are, or
 * after half a flush.
 */
static void gather_locked(struct committer *c) REQUIRES(c->lock)
{
	int64_t most_ms = gather_ms_locked(c);
	int64_t until_ms = clock_mono_ms() + most_ms;

	if (most_ms == 0 || c->answered < 2)
		return;
	c->expected = c->party;
	while (c->waiting < c->expected && !c->is_stopping &&
	       clock_mono_ms() < until_ms) {
		c->is_asleep = true;
		(void)cond_wait_ms(&c->work, &c->lock,
				   until_ms - clock_mono_ms());
	}
	c->is_asleep = false;
	c->expected = 0;
}

static bool has_work_locked(const struct committer *c) REQUIRES(c->lock)
{
	return must_release_locked(c) ||
	       must_flush_locked(c, settled_locked(c));
}

/* Flushes for what has settled. As flush(). */
static int flush_settled(struct committer *c, uint64_t settled)
{
	int64_t took_ms = -clock_mono_ms();
	int rc = flush(c);

	took_ms += clock_mono_ms();
	if (rc == 0)
		atomic_store(&c->durable, settled);
	mutex_lock(&c->lock);
	c->flush_ms = took_ms < GATHER_MOST_MS ? took_ms : GATHER_MOST_MS;
	c->is_kicked = c->is_kicked || rc != 0;
	mutex_unlock(&c->lock);
	return rc;
}

/* Calls those for whom it is durable. */
static void release_durable(struct committer *c)
{
	uint64_t durable = atomic_load(&c->durable);
	struct store_waiter *ready;

	mutex_lock(&c->lock);
	ready = take_locked(c, durable);
	mutex_unlock(&c->lock);
	release(ready);
	atomic_store(&c->released, durable);
}

/* Flushes if that helps anybody, and calls those whom it did. As flush(). */
static int turn(struct committer *c)
{
	uint64_t settled;
	bool must_flush;
	int rc = 0;

	mutex_lock(&c->lock);
	settled = settled_locked(c);
	must_flush = !must_release_locked(c) && must_flush_locked(c, settled);
	if (must_flush)
		c->is_kicked = false;
	mutex_unlock(&c->lock);
	if (must_flush)
		rc = flush_settled(c, settled);
	if (rc == 0)
		release_durable(c);
	return rc;
}

/* Until there is something to do. False at the end. */
static bool await_work(struct committer *c)
{
	bool goes_on;

	mutex_lock(&c->lock);
	while (c->is_taken || !has_work_locked(c)) {
		if (c->is_stopping && c->first == NULL)
			break;
		c->is_kicked = c->is_kicked && c->is_taken;
		c->is_asleep = true;
		cond_wait(&c->work, &c->lock);
	}
	c->is_asleep = false;
	goes_on = has_work_locked(c);
	if (goes_on && !must_release_locked(c))
		gather_locked(c);
	mutex_unlock(&c->lock);
	return goes_on;
}

static void run(void *arg)
{
	struct committer *c = arg;
	int rc;

	while (await_work(c))
		for (bool is_first = true; (rc = turn(c)) != 0;
		     is_first = false)
			wait_for_space(c, is_first, rc);
}

bool committer_take_over(struct committer *c)
{
	bool may;

	mutex_lock(&c->lock);
	may = c->is_asleep && !c->is_taken && c->expected == 0 &&
	      gather_ms_locked(c) == 0;
	if (may)
		c->is_taken = true;
	mutex_unlock(&c->lock);
	return may;
}

void committer_hand_back(struct committer *c, bool does_turn)
{
	/* On a full disk the committer tries again. */
	if (does_turn)
		(void)turn(c);
	mutex_lock(&c->lock);
	c->is_taken = false;
	if (has_work_locked(c))
		wake_locked(c);
	mutex_unlock(&c->lock);
}

struct committer *committer_new(struct store *store)
{
	struct committer *c = mem_zero(sizeof(*c));

	c->store = store;
	mutex_init(&c->lock, LOCK_COMMIT);
	cond_init(&c->work);
	cond_init(&c->done);
	list_init(&c->under_way);
	c->last = &c->first;
	thread_start(&c->thread, "committer", run, c);
	return c;
}

void committer_kick(struct committer *c)
{
	mutex_lock(&c->lock);
	c->is_kicked = true;
	wake_locked(c);
	mutex_unlock(&c->lock);
}

struct flush_waiter {
	struct store_waiter waiter;
	struct committer *committer;
	bool is_done;
};

static void on_flushed(struct store_waiter *waiter)
{
	struct flush_waiter *f = CONTAINER(waiter, struct flush_waiter, waiter);
	struct committer *c = f->committer;

	mutex_lock(&c->lock);
	f->is_done = true;
	cond_wake_all(&c->done);
	mutex_unlock(&c->lock);
}

void committer_flush(struct committer *c)
{
	struct flush_waiter f = { .waiter = { .fn = on_flushed },
				  .committer = c };

	f.waiter.ticket = committer_ticket(c);
	committer_wait(c, &f.waiter);
	mutex_lock(&c->lock);
	while (!f.is_done)
		cond_wait(&c->done, &c->lock);
	mutex_unlock(&c->lock);
}

static void hurry_locked(struct committer *c, int64_t most_ms) REQUIRES(c->lock)
{
	if (c->until_ms == 0)
		c->until_ms = clock_mono_ms() + most_ms;
}

void committer_hurry(struct committer *c, int64_t most_ms)
{
	mutex_lock(&c->lock);
	hurry_locked(c, most_ms);
	mutex_unlock(&c->lock);
}

void committer_free(struct committer **committer)
{
	struct committer *c = *committer;

	if (c == NULL)
		return;
	mutex_lock(&c->lock);
	hurry_locked(c, LAST_MS);
	c->is_stopping = true;
	c->is_kicked = true;
	c->is_asleep = false;
	cond_wake_all(&c->work);
	mutex_unlock(&c->lock);
	thread_join(&c->thread);
	cond_fini(&c->done);
	cond_fini(&c->work);
	mutex_fini(&c->lock);
	mem_free(c);
	*committer = NULL;
}
