#include "audit/lag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"

enum { MOST = 100 };

struct writer {
	struct lag lag;
	struct thread thread;
	struct mutex lock;
	struct cond changed;
	unsigned hurries;
	bool is_done;
};

static void on_haste(void *arg)
{
	struct writer *w = arg;

	mutex_lock(&w->lock);
	w->hurries++;
	cond_wake_all(&w->changed);
	mutex_unlock(&w->lock);
}

static int set_up(void **state)
{
	static struct writer writer;

	writer = (struct writer){ 0 };
	lag_init(&writer.lag, MOST);
	writer.lag.hurry = on_haste;
	writer.lag.arg = &writer;
	mutex_init(&writer.lock, LOCK_KEEPER);
	cond_init(&writer.changed);
	*state = &writer;
	return 0;
}

static int tear_down(void **state)
{
	struct writer *w = *state;

	cond_fini(&w->changed);
	mutex_fini(&w->lock);
	lag_fini(&w->lag);
	return 0;
}

static void nobody_waits_without_an_exporter(void **state)
{
	struct writer *w = *state;

	assert_true(lag_ask(&w->lag, 10 * MOST));
	assert_false(lag_is_too_far(&w->lag));
	lag_pace(&w->lag);
	assert_int_equal(w->hurries, 0);
}

static void what_is_asked_is_bounded(void **state)
{
	struct writer *w = *state;

	lag_follow(&w->lag, 7);
	assert_true(lag_ask(&w->lag, 7 + MOST));
	assert_false(lag_ask(&w->lag, 8 + MOST));
	assert_true(lag_is_too_far(&w->lag));
	lag_follow(&w->lag, 8);
	assert_false(lag_is_too_far(&w->lag));
}

static void an_exporter_is_hurried_once_until_it_moves(void **state)
{
	struct writer *w = *state;

	lag_follow(&w->lag, 0);
	assert_true(lag_ask(&w->lag, MOST / 4));
	lag_pace(&w->lag);
	assert_int_equal(w->hurries, 0);
	assert_true(lag_ask(&w->lag, MOST / 4 + 1));
	lag_pace(&w->lag);
	lag_pace(&w->lag);
	assert_int_equal(w->hurries, 1);
	lag_follow(&w->lag, 1);
	assert_true(lag_ask(&w->lag, MOST / 2));
	lag_pace(&w->lag);
	assert_int_equal(w->hurries, 2);
}

static void nobody_waits_for_one_that_is_stuck(void **state)
{
	struct writer *w = *state;

	lag_follow(&w->lag, 0);
	assert_true(lag_ask(&w->lag, MOST));
	lag_stick(&w->lag, true);
	lag_pace(&w->lag);
	assert_int_equal(w->hurries, 1);
}

static void pace(void *arg)
{
	struct writer *w = arg;

	/* It may give up; what is tested is that it goes on when it may. */
	while (lag_is_too_far(&w->lag))
		lag_pace(&w->lag);
	mutex_lock(&w->lock);
	w->is_done = true;
	mutex_unlock(&w->lock);
}

static void whoever_is_far_ahead_waits(void **state)
{
	struct writer *w = *state;

	lag_follow(&w->lag, 0);
	assert_false(lag_ask(&w->lag, MOST + 1));
	thread_start(&w->thread, "writer", pace, w);
	mutex_lock(&w->lock);
	while (w->hurries < 2) /* the second time it waits */
		cond_wait(&w->changed, &w->lock);
	assert_false(w->is_done);
	mutex_unlock(&w->lock);
	lag_follow(&w->lag, MOST);
	thread_join(&w->thread);
	assert_true(w->is_done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nobody_waits_without_an_exporter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_asked_is_bounded,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_exporter_is_hurried_once_until_it_moves, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			nobody_waits_for_one_that_is_stuck, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whoever_is_far_ahead_waits,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
