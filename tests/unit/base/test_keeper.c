#include "base/keeper.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/thread.h"

enum { RUNS = 5 };

struct chore_count {
	struct mutex *lock;
	struct cond *changed;
	int runs;
};

static void run_chore(void *arg)
{
	struct chore_count *c = arg;

	mutex_lock(c->lock);
	c->runs++;
	cond_wake_all(c->changed);
	mutex_unlock(c->lock);
}

static void chores_run_again_and_again(void **state)
{
	struct mutex lock;
	struct cond changed;
	struct chore_count quick = { &lock, &changed, 0 };
	struct chore_count slow = { &lock, &changed, 0 };
	struct chore_count rare = { &lock, &changed, 0 };
	struct keeper *k = keeper_new();

	(void)state;
	mutex_init(&lock, LOCK_TABLE);
	cond_init(&changed);
	keeper_add(k, 3600000, run_chore, &rare);
	keeper_add(k, 1, run_chore, &quick);
	keeper_add(k, 3, run_chore, &slow);
	keeper_start(k);
	mutex_lock(&lock);
	while (quick.runs < RUNS || slow.runs < RUNS)
		cond_wait(&changed, &lock);
	mutex_unlock(&lock);
	/* The rare chore is an hour away, and does not delay the end. */
	keeper_free(&k);
	assert_null(k);
	assert_int_equal(rare.runs, 0);
	assert_true(quick.runs >= slow.runs);
	cond_fini(&changed);
	mutex_fini(&lock);
}

struct long_chore {
	struct mutex lock;
	struct cond begun;
	bool is_begun;
	bool is_done;
};

static void run_long_chore(void *arg)
{
	struct long_chore *c = arg;

	mutex_lock(&c->lock);
	c->is_begun = true;
	cond_wake_all(&c->begun);
	mutex_unlock(&c->lock);
	for (int i = 0; i < 10000; i++)
		sched_yield();
	c->is_done = true;
}

static void end_waits_for_the_running_chore(void **state)
{
	struct long_chore c = { .is_begun = false };
	struct keeper *k = keeper_new();

	(void)state;
	mutex_init(&c.lock, LOCK_TABLE);
	cond_init(&c.begun);
	keeper_add(k, 1, run_long_chore, &c);
	keeper_start(k);
	mutex_lock(&c.lock);
	while (!c.is_begun)
		cond_wait(&c.begun, &c.lock);
	mutex_unlock(&c.lock);
	keeper_free(&k);
	assert_true(c.is_done);
	cond_fini(&c.begun);
	mutex_fini(&c.lock);
}

static void hurry_does_not_wait_for_the_moment(void **state)
{
	struct mutex lock;
	struct cond changed;
	struct chore_count rare = { &lock, &changed, 0 };
	struct keeper *k = keeper_new();

	(void)state;
	mutex_init(&lock, LOCK_TABLE);
	cond_init(&changed);
	keeper_add(k, 3600000, run_chore, &rare);
	keeper_start(k);
	for (int i = 1; i <= RUNS; i++) {
		keeper_hurry(k);
		mutex_lock(&lock);
		while (rare.runs < i)
			cond_wait(&changed, &lock);
		mutex_unlock(&lock);
	}
	keeper_free(&k);
	assert_int_equal(rare.runs, RUNS);
	cond_fini(&changed);
	mutex_fini(&lock);
}

static void keeper_without_work_is_fine(void **state)
{
	struct keeper *k = keeper_new();

	(void)state;
	keeper_free(&k);
	assert_null(k);
	keeper_free(&k);
	k = keeper_new();
	keeper_start(k);
	keeper_free(&k);
	k = keeper_new();
	keeper_add(k, 1, run_chore, NULL);
	keeper_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chores_run_again_and_again),
		cmocka_unit_test(end_waits_for_the_running_chore),
		cmocka_unit_test(hurry_does_not_wait_for_the_moment),
		cmocka_unit_test(keeper_without_work_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
