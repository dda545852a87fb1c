#include "base/keeper.h"

#include <assert.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

enum { CHORES_MOST = 16, NICE = 10 };

struct chore {
	void (*fn)(void *arg);
	void *arg;
	int64_t period_ms;
	int64_t due_ms;
};

struct keeper {
	struct chore chores[CHORES_MOST]; /* immutable after keeper_start() */
	int count;                        /* immutable after keeper_start() */
	bool is_started;                  /* the owner's */
	struct thread thread;

	struct mutex lock; /* rank: LOCK_KEEPER */
	struct cond wake;
	bool is_ending GUARDED_BY(lock);
	bool is_hurried GUARDED_BY(lock);
};

struct keeper *keeper_new(void)
{
	struct keeper *k = mem_zero(sizeof(*k));

	mutex_init(&k->lock, LOCK_KEEPER);
	cond_init(&k->wake);
	return k;
}

void keeper_free(struct keeper **k)
{
	if (*k == NULL)
		return;
	mutex_lock(&(*k)->lock);
	(*k)->is_ending = true;
	cond_wake_all(&(*k)->wake);
	mutex_unlock(&(*k)->lock);
	if ((*k)->is_started)
		thread_join(&(*k)->thread);
	cond_fini(&(*k)->wake);
	mutex_fini(&(*k)->lock);
	mem_free(*k);
	*k = NULL;
}

void keeper_add(struct keeper *k, int64_t period_ms, void (*fn)(void *arg),
		void *arg)
{
	assert(!k->is_started && k->count < CHORES_MOST && period_ms > 0);
	k->chores[k->count++] = (struct chore){ fn, arg, period_ms, 0 };
}

static struct chore *next_chore(struct keeper *k)
{
	struct chore *next = &k->chores[0];

	for (int i = 1; i < k->count; i++) {
		if (k->chores[i].due_ms < next->due_ms)
			next = &k->chores[i];
	}
	return next;
}

/* Waits until the moment comes, or somebody hurries; false when the keeper
 * ends. */
static bool wait_until(struct keeper *k, int64_t due_ms)
{
	bool is_ending;

	mutex_lock(&k->lock);
	while (!k->is_ending && !k->is_hurried && clock_mono_ms() < due_ms)
		cond_wait_ms(&k->wake, &k->lock, due_ms - clock_mono_ms());
	k->is_hurried = false;
	is_ending = k->is_ending;
	mutex_unlock(&k->lock);
	return !is_ending;
}

static void keep(void *arg)
{
	struct keeper *k = arg;
	struct chore *chore = next_chore(k);

	thread_nice(NICE);
	while (wait_until(k, chore->due_ms)) {
		chore->fn(chore->arg);
		chore->due_ms = clock_mono_ms() + chore->period_ms;
		chore = next_chore(k);
	}
}

void keeper_start(struct keeper *k)
{
	assert(!k->is_started);
	if (k->count == 0)
		return;
	for (int i = 0; i < k->count; i++)
		k->chores[i].due_ms = clock_mono_ms() + k->chores[i].period_ms;
	k->is_started = true;
	thread_start(&k->thread, "keeper", keep, k);
}

void keeper_hurry(struct keeper *k)
{
	mutex_lock(&k->lock);
	k->is_hurried = true;
	cond_wake_all(&k->wake);
	mutex_unlock(&k->lock);
}
