#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/thread.h"
#include "user/lockout.h"

enum { FIFTEEN_MINUTES = 900 };

static void fail_times(struct lockout *lockout, int times)
{
	for (int i = 0; i < times; i++)
		lockout_failed(lockout, "ann", "10.0.0.1");
}

static int64_t ask(struct lockout *lockout)
{
	return lockout_try(lockout, "ann", "10.0.0.1");
}

static const struct wait_case {
	int failures;
	int64_t longest_s;
	int64_t want_s;
} wait_cases[] = {
	{ 0, FIFTEEN_MINUTES, 0 },
	{ 1, FIFTEEN_MINUTES, 0 },
	{ 3, FIFTEEN_MINUTES, 0 },
	{ 4, FIFTEEN_MINUTES, 1 },
	{ 5, FIFTEEN_MINUTES, 2 },
	{ 6, FIFTEEN_MINUTES, 4 },
	{ 13, FIFTEEN_MINUTES, 512 },
	{ 14, FIFTEEN_MINUTES, FIFTEEN_MINUTES },
	{ 15, FIFTEEN_MINUTES, FIFTEEN_MINUTES },
	{ 100, FIFTEEN_MINUTES, FIFTEEN_MINUTES },
	{ 5, 1, 1 },
	{ 100, 0, 0 },
	{ 100, -1, 0 },
};

static void waits_double(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wait_cases); i++) {
		const struct wait_case *c = &wait_cases[i];
		struct lockout *lockout = lockout_new(c->longest_s);

		print_message("# %d failures\n", c->failures);
		fail_times(lockout, c->failures);
		assert_int_equal(ask(lockout), c->want_s);
		lockout_free(&lockout);
		assert_null(lockout);
	}
}

static void waits_run_down_and_round_up(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);

	(void)state;
	fail_times(lockout, 6);
	clock_fake_advance(1);
	assert_int_equal(ask(lockout), 4);
	clock_fake_advance(999);
	assert_int_equal(ask(lockout), 3);
	clock_fake_advance(2999);
	assert_int_equal(ask(lockout), 1);
	clock_fake_advance(1);
	assert_int_equal(ask(lockout), 0);
	lockout_free(&lockout);
}

static void a_granted_try_holds_others_off(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);

	(void)state;
	fail_times(lockout, 3);
	assert_int_equal(ask(lockout), 0);
	assert_int_equal(ask(lockout), 1);
	fail_times(lockout, 1);
	assert_int_equal(ask(lockout), 1);
	clock_fake_advance(1000);
	assert_int_equal(ask(lockout), 0);
	assert_int_equal(ask(lockout), 2);
	lockout_free(&lockout);
}

static void a_try_that_never_ended_is_forgotten(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);

	(void)state;
	fail_times(lockout, 3);
	assert_int_equal(ask(lockout), 0);
	clock_fake_advance(1000);
	assert_int_equal(ask(lockout), 0);
	clock_fake_advance(999);
	assert_int_equal(ask(lockout), 1);
	lockout_free(&lockout);
}

static void free_tries_hold_nobody_off(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);

	(void)state;
	fail_times(lockout, 2);
	for (int i = 0; i < 10; i++)
		assert_int_equal(ask(lockout), 0);
	lockout_free(&lockout);
}

static void the_right_password_clears(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);

	(void)state;
	fail_times(lockout, 10);
	lockout_clear(lockout, "ANN", "10.0.0.1");
	assert_int_equal(ask(lockout), 0);
	fail_times(lockout, 3);
	assert_int_equal(ask(lockout), 0);
	lockout_free(&lockout);
}

static void only_that_pair_waits(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);

	(void)state;
	fail_times(lockout, 10);
	assert_true(lockout_try(lockout, "Ann", "10.0.0.1") > 0);
	assert_int_equal(lockout_try(lockout, "ann", "10.0.0.2"), 0);
	assert_int_equal(lockout_try(lockout, "ben", "10.0.0.1"), 0);
	assert_int_equal(lockout_try(lockout, "", ""), 0);
	lockout_free(&lockout);
}

static void a_new_longest_counts_at_once(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);

	(void)state;
	fail_times(lockout, 20);
	lockout_set_longest(lockout, 60);
	assert_int_equal(ask(lockout), 60);
	lockout_set_longest(lockout, FIFTEEN_MINUTES);
	assert_int_equal(ask(lockout), FIFTEEN_MINUTES);
	lockout_set_longest(lockout, 0);
	assert_int_equal(ask(lockout), 0);
	lockout_free(&lockout);
}

/* Strangers who fill the table several times over cost nothing but room. */
static void the_table_is_bounded(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);
	char name[32];
	int kept = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "stranger%d", i);
		lockout_failed(lockout, name, "10.0.0.1");
	}
	fail_times(lockout, 10);
	assert_true(ask(lockout) > 0);
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "stranger%d", i);
		for (int n = 0; n < 3; n++)
			lockout_failed(lockout, name, "10.0.0.1");
		kept += lockout_try(lockout, name, "10.0.0.1") > 0;
	}
	/* Hardly any first failure is still known. */
	assert_true(kept < 50000);
	lockout_free(&lockout);
}

static void hammer(void *arg)
{
	struct lockout *lockout = arg;
	char name[32];

	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "user%d", i % 50);
		if (lockout_try(lockout, name, "10.0.0.1") == 0)
			lockout_failed(lockout, name, "10.0.0.1");
		if (i % 7 == 0)
			lockout_clear(lockout, name, "10.0.0.1");
	}
}

static void threads_share_it(void **state)
{
	struct lockout *lockout = lockout_new(FIFTEEN_MINUTES);
	struct thread threads[3];

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		thread_start(&threads[i], "hammer", hammer, lockout);
	for (size_t i = 0; i < COUNT(threads); i++)
		thread_join(&threads[i]);
	lockout_free(&lockout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_double),
		cmocka_unit_test(waits_run_down_and_round_up),
		cmocka_unit_test(a_granted_try_holds_others_off),
		cmocka_unit_test(a_try_that_never_ended_is_forgotten),
		cmocka_unit_test(free_tries_hold_nobody_off),
		cmocka_unit_test(the_right_password_clears),
		cmocka_unit_test(only_that_pair_waits),
		cmocka_unit_test(a_new_longest_counts_at_once),
		cmocka_unit_test(the_table_is_bounded),
		cmocka_unit_test(threads_share_it),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("lockout", tests, NULL, NULL);
}
