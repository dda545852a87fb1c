#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/thread.h"
#include "disk.h"
#include "place.h"

static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	place_init(p);
	place_open(p);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	disk_release();
	place_fini(*state);
	mem_free(*state);
	return 0;
}

struct waiting {
	struct store_waiter waiter;
	struct store *store;
	int number;
};

static atomic_int called[64];
static atomic_int call_count;

static void on_durable(struct store_waiter *waiter)
{
	const struct waiting *w = CONTAINER(waiter, struct waiting, waiter);

	assert_true(store_is_durable(w->store, waiter->ticket));
	called[atomic_fetch_add(&call_count, 1)] = w->number;
}

static void wait_for(struct place *p, struct waiting *w, int number)
{
	w->waiter.fn = on_durable;
	w->waiter.ticket = store_ticket(p->store);
	w->store = p->store;
	w->number = number;
	store_when_durable(p->store, &w->waiter);
}

/* Nobody is called before the disk has it; then all are, in their order. */
static void callers_wait_for_the_disk(void **state)
{
	struct place *p = *state;
	AUTO(buf_fini) struct buf value;
	struct waiting w[32];
	char key[16];

	buf_init(&value);
	call_count = 0;
	disk_hold();
	for (int i = 0; i < 32; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		assert_int_equal(place_put(p, p->one, key, "x"), ERR_OK);
		wait_for(p, &w[i], i);
		if (i == 0)
			disk_await();
	}
	/* The flush holds no lock that others need, and tells nobody. */
	assert_true(place_get(p, p->one, "key31", &value));
	assert_int_equal(call_count, 0);
	assert_false(store_is_durable(p->store, w[0].waiter.ticket));
	disk_release();
	store_flush(p->store);
	assert_int_equal(call_count, 32);
	for (int i = 0; i < 32; i++)
		assert_int_equal(called[i], i);
	assert_true(store_is_durable(p->store, w[31].waiter.ticket));
}

static void durable_needs_no_flush(void **state)
{
	struct place *p = *state;
	struct store_status before;
	struct store_status after;
	struct waiting w;

	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	store_flush(p->store);
	store_status(p->store, &before);
	call_count = 0;
	wait_for(p, &w, 7);
	/* At once, or as soon as those before it were called. */
	store_flush(p->store);
	assert_int_equal(call_count, 1);
	assert_int_equal(called[0], 7);
	store_status(p->store, &after);
	assert_int_equal(before.flushes, after.flushes);
}

static enum err read_only(struct store_txn *txn, void *arg)
{
	struct place *p = arg;
	struct buf value;
	enum err e;

	buf_init(&value);
	e = store_get(txn, p->one, "none", 4, &value);
	buf_fini(&value);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void reading_takes_no_ticket(void **state)
{
	struct place *p = *state;
	uint64_t ticket = store_ticket(p->store);

	assert_int_equal(store_run(p->store, read_only, p), ERR_OK);
	assert_int_equal(store_view(p->store, read_only, p), ERR_OK);
	assert_int_equal(store_ticket(p->store), ticket);
	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	assert_true(store_ticket(p->store) > ticket);
}

static void many_commits_share_a_flush(void **state)
{
	struct place *p = *state;
	struct store_status before;
	struct store_status after;
	struct waiting w;

	store_status(p->store, &before);
	call_count = 0;
	disk_hold();
	assert_int_equal(place_put(p, p->one, "first", "x"), ERR_OK);
	wait_for(p, &w, 0);
	disk_await();
	for (int i = 0; i < 100; i++)
		assert_int_equal(place_put(p, p->one, "key", "x"), ERR_OK);
	disk_release();
	store_flush(p->store);
	store_status(p->store, &after);
	assert_int_equal(after.commits - before.commits, 101);
	assert_int_equal(after.flushes - before.flushes, 2);
}

/* The first round of a store finds that the disk is fast. */
static void take_over(struct place *p)
{
	while (!store_take_over(p->store))
		sched_yield();
}

static void who_takes_over_flushes(void **state)
{
	struct place *p = *state;
	struct store_status before;
	struct store_status after;
	struct waiting w[2];

	call_count = 0;
	take_over(p);
	assert_false(store_take_over(p->store));
	store_status(p->store, &before);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
		wait_for(p, &w[i], i);
	}
	/* The committer leaves it to this thread. */
	assert_false(store_is_durable(p->store, w[0].waiter.ticket));
	store_hand_back(p->store, true);
	assert_int_equal(call_count, 2);
	assert_int_equal(called[0], 0);
	assert_int_equal(called[1], 1);
	store_status(p->store, &after);
	assert_int_equal(after.flushes - before.flushes, 1);
}

/* What others bring meanwhile is the committer's again. */
static void others_need_not_take_over(void **state)
{
	struct place *p = *state;
	struct waiting w;

	call_count = 0;
	take_over(p);
	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	wait_for(p, &w, 0);
	store_hand_back(p->store, false);
	store_flush(p->store);
	assert_int_equal(call_count, 1);
}

static void hand_back(void *arg)
{
	struct place *p = arg;

	store_hand_back(p->store, true);
}

static void who_comes_during_the_flush_is_not_forgotten(void **state)
{
	struct place *p = *state;
	struct waiting w[2];
	struct thread thread;

	call_count = 0;
	take_over(p);
	assert_int_equal(place_put(p, p->one, "a", "b"), ERR_OK);
	wait_for(p, &w[0], 0);
	disk_hold();
	thread_start(&thread, "flusher", hand_back, p);
	disk_await();
	assert_int_equal(place_put(p, p->one, "a", "c"), ERR_OK);
	wait_for(p, &w[1], 1);
	assert_false(store_take_over(p->store));
	assert_int_equal(call_count, 0);
	disk_release();
	thread_join(&thread);
	assert_true(call_count >= 1);
	store_flush(p->store);
	assert_int_equal(call_count, 2);
	assert_int_equal(called[1], 1);
}

static void taking_over_for_nothing(void **state)
{
	struct place *p = *state;
	struct store_status before;
	struct store_status after;

	take_over(p);
	store_status(p->store, &before);
	store_hand_back(p->store, true);
	store_status(p->store, &after);
	assert_int_equal(after.flushes, before.flushes);
}

/* Two who each hold what the other wants. */
struct crossing {
	struct place *p;
	struct store_table *first;
	struct store_table *second;
	pthread_barrier_t *both;
	int attempts;
	enum err e;
	struct thread thread;
};

static enum err cross(struct store_txn *txn, void *arg)
{
	struct crossing *c = arg;
	enum err e = store_put(txn, c->first, "k", 1, "v", 1);

	if (e != ERR_OK)
		return e;
	if (c->attempts++ == 0)
		pthread_barrier_wait(c->both);
	return store_put(txn, c->second, "k", 1, "v", 1);
}

static void run_crossing(void *arg)
{
	struct crossing *c = arg;

	c->e = store_run(c->p->store, cross, c);
}

static void deadlocks_are_tried_again(void **state)
{
	struct place *p = *state;
	struct store_status status;
	pthread_barrier_t both;
	struct crossing a = { .p = p, .first = p->one, .second = p->two };
	struct crossing b = { .p = p, .first = p->two, .second = p->one };

	pthread_barrier_init(&both, NULL, 2);
	a.both = &both;
	b.both = &both;
	thread_start(&a.thread, "a", run_crossing, &a);
	thread_start(&b.thread, "b", run_crossing, &b);
	thread_join(&a.thread);
	thread_join(&b.thread);
	pthread_barrier_destroy(&both);
	assert_int_equal(a.e, ERR_OK);
	assert_int_equal(b.e, ERR_OK);
	assert_true(a.attempts + b.attempts >= 3);
	store_status(p->store, &status);
	assert_true(status.deadlocks >= 1);
}

/* A function that swallows the deadlock must not commit half its work. */
static enum err cross_carelessly(struct store_txn *txn, void *arg)
{
	(void)!cross(txn, arg);
	return ERR_OK;
}

static void run_careless(void *arg)
{
	struct crossing *c = arg;

	c->e = store_run(c->p->store, cross_carelessly, c);
}

static void a_swallowed_deadlock_aborts(void **state)
{
	struct place *p = *state;
	pthread_barrier_t both;
	struct crossing a = { .p = p, .first = p->one, .second = p->two };
	struct crossing b = { .p = p, .first = p->two, .second = p->one };

	pthread_barrier_init(&both, NULL, 2);
	a.both = &both;
	b.both = &both;
	thread_start(&a.thread, "a", run_careless, &a);
	thread_start(&b.thread, "b", run_careless, &b);
	thread_join(&a.thread);
	thread_join(&b.thread);
	pthread_barrier_destroy(&both);
	assert_int_equal(a.e, ERR_OK);
	assert_int_equal(b.e, ERR_OK);
	assert_true(a.attempts + b.attempts >= 3);
}

enum { ADDERS = 4, ADDITIONS = 500 };

struct adder {
	struct place *p;
	struct thread thread;
	uint64_t sum;
	uint64_t failures;
};

static enum err take_number(struct store_txn *txn, void *arg)
{
	return store_next(txn, "shared", arg);
}

static void add(void *arg)
{
	struct adder *a = arg;

	for (int i = 0; i < ADDITIONS; i++) {
		uint64_t number = 0;

		if (store_run(a->p->store, take_number, &number) != ERR_OK)
			a->failures++;
		a->sum += number;
	}
}

/* Each number is given once: the sum is that of 1 to n. */
static void sequences_are_shared(void **state)
{
	struct adder a[ADDERS] = { 0 };
	uint64_t n = ADDERS * ADDITIONS;
	uint64_t sum = 0;

	for (int i = 0; i < ADDERS; i++) {
		a[i].p = *state;
		thread_start(&a[i].thread, "adder", add, &a[i]);
	}
	for (int i = 0; i < ADDERS; i++) {
		thread_join(&a[i].thread);
		assert_int_equal(a[i].failures, 0);
		sum += a[i].sum;
	}
	assert_int_equal(sum, n * (n + 1) / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(callers_wait_for_the_disk,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(durable_needs_no_flush, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(reading_takes_no_ticket, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(many_commits_share_a_flush,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_takes_over_flushes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(others_need_not_take_over,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			who_comes_during_the_flush_is_not_forgotten, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(taking_over_for_nothing, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(deadlocks_are_tried_again,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_swallowed_deadlock_aborts,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(sequences_are_shared, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("commit", tests, NULL, NULL);
}
