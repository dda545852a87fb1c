#include "net/timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

enum { TIMERS = 8, START_MS = 1000000 };

struct probe {
	struct timer timer;
	int64_t fired_ms; /* 0: not */
	unsigned fires;
	int64_t again_ms;    /* set anew when it fires, once */
	struct timer *clear; /* cleared when it fires */
};

struct wheel {
	struct timers timers;
	struct probe probes[TIMERS];
	int64_t now_ms;
};

static int setup(void **state)
{
	static struct wheel w;

	memset(&w, 0, sizeof(w));
	w.now_ms = START_MS;
	timers_init(&w.timers, w.now_ms);
	for (int i = 0; i < TIMERS; i++)
		timer_init(&w.probes[i].timer);
	*state = &w;
	return 0;
}

static void fire(struct timer *timer, void *arg)
{
	struct wheel *w = arg;
	struct probe *p = CONTAINER(timer, struct probe, timer);

	assert_false(timer_is_set(timer));
	p->fired_ms = w->now_ms;
	p->fires++;
	if (p->again_ms != 0)
		timers_set(&w->timers, timer, w->now_ms + p->again_ms);
	p->again_ms = 0;
	if (p->clear != NULL)
		timers_clear(&w->timers, p->clear);
}

static void run_to(struct wheel *w, int64_t until_ms, int64_t step_ms)
{
	while (w->now_ms < until_ms) {
		w->now_ms += step_ms;
		timers_run(&w->timers, w->now_ms, fire, w);
	}
}

static const struct due_case {
	const char *name;
	int64_t after_ms;
	int64_t step_ms;
} due_cases[] = {
	{ "at once", 0, 1 },
	{ "in the past", -5000, 1 },
	{ "a millisecond", 1, 1 },
	{ "just below a tick", TIMERS_TICK_MS - 1, 1 },
	{ "one tick", TIMERS_TICK_MS, 1 },
	{ "just above a tick", TIMERS_TICK_MS + 1, 1 },
	{ "ten seconds", 10000, 7 },
	{ "the whole wheel", TIMERS_SLOTS *TIMERS_TICK_MS, 50 },
	{ "the wheel and a tick", (TIMERS_SLOTS + 1) * TIMERS_TICK_MS, 50 },
	{ "an hour", 3600 * 1000, 100 },
	{ "a day in long steps", 86400 * 1000, 1000 },
	{ "three days in steps longer than the wheel", 3 * 86400 * 1000,
	  TIMERS_SLOTS *TIMERS_TICK_MS * 3 },
};

static void deadlines_are_met_a_tick_late_at_most(void **state)
{
	for (size_t i = 0; i < COUNT(due_cases); i++) {
		const struct due_case *c = &due_cases[i];
		struct wheel *w = *state;
		struct probe *p = &w->probes[0];
		int64_t due_ms = w->now_ms + c->after_ms;
		int64_t latest_ms = due_ms > w->now_ms ? due_ms : w->now_ms;

		print_message("# %s\n", c->name);
		latest_ms += TIMERS_TICK_MS + c->step_ms;
		timers_set(&w->timers, &p->timer, due_ms);
		assert_true(timer_is_set(&p->timer));
		run_to(w, latest_ms + c->step_ms, c->step_ms);
		assert_int_equal(p->fires, 1);
		assert_true(p->fired_ms >= due_ms);
		assert_true(p->fired_ms <= latest_ms);
		assert_int_equal(w->timers.count, 0);
		setup(state);
	}
}

static void a_cleared_timer_does_not_fire(void **state)
{
	struct wheel *w = *state;

	timers_clear(&w->timers, &w->probes[0].timer); /* never set */
	timers_set(&w->timers, &w->probes[0].timer, w->now_ms + 100);
	timers_clear(&w->timers, &w->probes[0].timer);
	assert_false(timer_is_set(&w->probes[0].timer));
	run_to(w, START_MS + 100000, 100);
	assert_int_equal(w->probes[0].fires, 0);
}

static void set_anew_it_fires_once(void **state)
{
	struct wheel *w = *state;

	timers_set(&w->timers, &w->probes[0].timer, w->now_ms + 100);
	timers_set(&w->timers, &w->probes[0].timer, w->now_ms + 5000);
	assert_int_equal(w->timers.count, 1);
	run_to(w, START_MS + 4999, 1);
	assert_int_equal(w->probes[0].fires, 0);
	run_to(w, START_MS + 6000, 1);
	assert_int_equal(w->probes[0].fires, 1);
	timers_set(&w->timers, &w->probes[0].timer, w->now_ms + 100);
	run_to(w, w->now_ms + 1000, 1);
	assert_int_equal(w->probes[0].fires, 2);
}

static void a_timer_may_set_itself_again(void **state)
{
	struct wheel *w = *state;
	struct probe *p = &w->probes[0];
	int64_t first_ms;

	p->again_ms = TIMERS_SLOTS * TIMERS_TICK_MS; /* the same slot */
	timers_set(&w->timers, &p->timer, w->now_ms + 10);
	run_to(w, START_MS + 1000, 1);
	assert_int_equal(p->fires, 1);
	assert_int_equal(w->timers.count, 1);
	first_ms = p->fired_ms;
	run_to(w, START_MS + 70000, 10);
	assert_int_equal(p->fires, 2);
	assert_true(p->fired_ms - first_ms >= TIMERS_SLOTS * TIMERS_TICK_MS);
}

static void a_timer_may_clear_others(void **state)
{
	struct wheel *w = *state;

	/* All due in one tick: whoever is first clears the next. */
	for (int i = 0; i < TIMERS; i++) {
		w->probes[i].clear = &w->probes[(i + 1) % TIMERS].timer;
		timers_set(&w->timers, &w->probes[i].timer, w->now_ms + 10);
	}
	run_to(w, START_MS + 1000, 250);
	for (int i = 0; i < TIMERS; i++)
		assert_int_equal(w->probes[i].fires, i % 2 == 0);
	assert_int_equal(w->timers.count, 0);
}

static void sleep_lasts_to_the_next_tick(void **state)
{
	struct wheel *w = *state;

	assert_int_equal(timers_wait_ms(&w->timers, w->now_ms), -1);
	timers_set(&w->timers, &w->probes[0].timer, w->now_ms + 1000000000);
	for (int i = 0; i < 2000; i++) {
		int wait = timers_wait_ms(&w->timers, w->now_ms);

		assert_in_range(wait, 0, TIMERS_TICK_MS);
		if (wait > 0) {
			run_to(w, w->now_ms + wait, wait);
			continue;
		}
		run_to(w, w->now_ms + 1, 1);
	}
	/* It slept, it did not spin. */
	assert_true(w->now_ms - START_MS > (int64_t)1000 * TIMERS_TICK_MS);
	timers_clear(&w->timers, &w->probes[0].timer);
	assert_int_equal(timers_wait_ms(&w->timers, w->now_ms), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(deadlines_are_met_a_tick_late_at_most,
				       setup),
		cmocka_unit_test_setup(a_cleared_timer_does_not_fire, setup),
		cmocka_unit_test_setup(set_anew_it_fires_once, setup),
		cmocka_unit_test_setup(a_timer_may_set_itself_again, setup),
		cmocka_unit_test_setup(a_timer_may_clear_others, setup),
		cmocka_unit_test_setup(sleep_lasts_to_the_next_tick, setup),
	};

	return cmocka_run_group_tests_name("timers", tests, NULL, NULL);
}
