/*
 * Orders that meet, each in a thread of its own: whoever comes first, one of
 * them has it, and the others are told.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "world.h"

#define MEMBER AUTHORITY_MEMBER

enum {
	RACERS = 8,
#ifdef RIALTO_SANITIZED
	ROUNDS = 20,
	PAYMENTS = 100,
#else
	ROUNDS = 100,
	PAYMENTS = 500,
#endif
};

struct racer {
	struct world *world;
	pthread_barrier_t *start;
	struct thread thread;
	int64_t ahead_ms; /* the clock is moved before the order is given */
	struct order order;
};

static void run_one(void *arg)
{
	struct racer *r = arg;

	pthread_barrier_wait(r->start);
	if (r->ahead_ms > 0)
		clock_fake_advance(r->ahead_ms);
	(void)ledger_run(r->world->house.ledger, &r->order);
}

/* All at once; returns when all are answered. */
static void race(struct world *w, struct racer racers[RACERS])
{
	pthread_barrier_t start;

	pthread_barrier_init(&start, NULL, RACERS);
	for (int i = 0; i < RACERS; i++) {
		racers[i].world = w;
		racers[i].start = &start;
		thread_start(&racers[i].thread, "racer", run_one, &racers[i]);
	}
	for (int i = 0; i < RACERS; i++)
		thread_join(&racers[i].thread);
	pthread_barrier_destroy(&start);
}

/* How many of the racers from..to-1 came to that. */
static int count(const struct racer *racers, int from, int to, enum err result)
{
	int n = 0;

	for (int i = from; i < to; i++)
		n += racers[i].order.result == result;
	return n;
}

/* Four capture it while its time comes, and two sweep. */
static void capture_or_expire(struct world *w)
{
	struct racer racers[RACERS] = { 0 };
	money before = house_posted(&w->house, w->places[ANNS]);
	uint64_t hold = house_hold(&w->house, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 5, 10);
	int captured;

	for (int i = 0; i < RACERS; i++) {
		racers[i].order = world_order(
			w, i < 4 ? ORDER_CAPTURE : ORDER_SWEEP,
			i < 4 ? BEN : NOBODY, i < 4 ? MEMBER : AUTHORITY_BANK,
			NOWHERE, NOWHERE, 0);
		racers[i].order.reference = hold;
		racers[i].ahead_ms = i < 6 ? 0 : 10;
	}
	race(w, racers);
	captured = count(racers, 0, 4, ERR_OK);
	assert_true(captured <= 1);
	assert_int_equal(count(racers, 0, 4, ERR_HOLD_CLOSED), 4 - captured);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]),
			 before - 5 * captured);
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 0);
}

static void test_capture_or_expire(void **state)
{
	for (int i = 0; i < ROUNDS; i++)
		capture_or_expire(*state);
}

/* The payer takes it back, and the receiver gives it back. */
static void undo_or_refund(struct world *w)
{
	struct racer racers[RACERS] = { 0 };
	struct order order =
		world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, 7);
	money before = house_posted(&w->house, w->places[BENS]);

	house_want(&w->house, &order, ERR_OK);
	for (int i = 0; i < RACERS; i++) {
		racers[i].order = world_order(
			w, i < 4 ? ORDER_REVERSE : ORDER_REFUND,
			i < 4 ? ANN : BEN, MEMBER, NOWHERE, NOWHERE, 0);
		racers[i].order.reference = order.entry.seq;
	}
	race(w, racers);
	assert_int_equal(count(racers, 0, RACERS, ERR_OK), 1);
	assert_int_equal(count(racers, 0, RACERS, ERR_EXISTS), RACERS - 1);
	assert_int_equal(house_posted(&w->house, w->places[BENS]), before);
}

static void test_undo_or_refund(void **state)
{
	for (int i = 0; i < ROUNDS; i++)
		undo_or_refund(*state);
}

/* An account is closed while somebody pays into it. */
static void close_or_pay(struct world *w, int round)
{
	struct racer racers[RACERS] = { 0 };
	account_id id;
	char label[16];
	int closed;

	snprintf(label, sizeof(label), "n%d", round);
	id = house_account(&w->house, w->people[BEN], label);
	for (int i = 0; i < RACERS; i++) {
		struct order *order = &racers[i].order;

		*order = world_order(w, i < 4 ? ORDER_CLOSE : ORDER_PAY,
				     i < 4 ? BEN : ANN, MEMBER, ANNS, NOWHERE,
				     i < 4 ? 0 : 1);
		*(i < 4 ? &order->from : &order->to) = id;
	}
	race(w, racers);
	closed = count(racers, 0, 4, ERR_OK);
	if (closed == 0) {
		assert_int_equal(count(racers, 0, 4, ERR_NOT_EMPTY), 4);
		assert_int_equal(count(racers, 4, RACERS, ERR_OK), 4);
		assert_int_equal(house_posted(&w->house, id), 4);
		return;
	}
	assert_int_equal(closed, 1);
	assert_int_equal(count(racers, 0, 4, ERR_ACCOUNT_CLOSED), 3);
	assert_int_equal(count(racers, 4, RACERS, ERR_ACCOUNT_CLOSED), 4);
	assert_int_equal(house_posted(&w->house, id), 0);
}

static void test_close_or_pay(void **state)
{
	for (int i = 0; i < ROUNDS; i++)
		close_or_pay(*state, i);
}

/* What is left goes to one of two people, once. */
static void last_cent(struct world *w)
{
	struct racer racers[RACERS] = { 0 };

	house_fund(&w->house, w->places[ANNS_SHOE], 1);
	for (int i = 0; i < RACERS; i++)
		racers[i].order =
			world_order(w, ORDER_PAY, ANN, MEMBER, ANNS_SHOE,
				    i % 2 == 0 ? BENS : DEEP, 1);
	race(w, racers);
	assert_int_equal(count(racers, 0, RACERS, ERR_OK), 1);
	assert_int_equal(count(racers, 0, RACERS, ERR_INSUFFICIENT_FUNDS),
			 RACERS - 1);
	assert_int_equal(house_posted(&w->house, w->places[ANNS_SHOE]), 0);
}

static void test_last_cent(void **state)
{
	for (int i = 0; i < ROUNDS; i++)
		last_cent(*state);
}

/* One id, from eight sessions. */
static void same_id(struct world *w, int round)
{
	struct racer racers[RACERS] = { 0 };
	money before = house_posted(&w->house, w->places[BENS]);
	int first = 0;

	for (int i = 0; i < RACERS; i++) {
		racers[i].order =
			world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, 3);
		racers[i].order.id = house_id((uint64_t)round + 1);
		racers[i].order.by.session = (uint64_t)i;
	}
	race(w, racers);
	for (int i = 0; i < RACERS; i++) {
		first += !racers[i].order.is_repeated;
		assert_int_equal(racers[i].order.result, ERR_OK);
		assert_int_equal(racers[i].order.entry.seq,
				 racers[0].order.entry.seq);
	}
	assert_int_equal(first, 1);
	assert_int_equal(house_posted(&w->house, w->places[BENS]), before + 3);
}

/* The same with two contents: one of them has the id. */
static void two_contents(struct world *w, int round)
{
	struct racer racers[RACERS] = { 0 };
	money before = house_posted(&w->house, w->places[BENS]);
	int ok;

	for (int i = 0; i < RACERS; i++) {
		racers[i].order = world_order(w, ORDER_PAY, ANN, MEMBER, ANNS,
					      BENS, i < 4 ? 3 : 4);
		racers[i].order.id = house_id((uint64_t)(ROUNDS + round) + 1);
	}
	race(w, racers);
	ok = count(racers, 0, 4, ERR_OK);
	assert_true(ok == 0 || ok == 4);
	assert_int_equal(count(racers, 4, RACERS, ERR_OK), 4 - ok);
	assert_int_equal(count(racers, 0, RACERS, ERR_ID_CONFLICT), 4);
	assert_int_equal(house_posted(&w->house, w->places[BENS]),
			 before + (ok == 4 ? 3 : 4));
}

static void test_same_id(void **state)
{
	for (int i = 0; i < ROUNDS; i++) {
		same_id(*state, i);
		two_contents(*state, i);
	}
}

/* Everybody pays the next one, while balances are added up. */
struct crowd {
	struct world *world;
	account_id accounts[RACERS];
	user_id users[RACERS];
	atomic_int under_way;
	atomic_int refused;
};

struct member {
	struct crowd *crowd;
	struct thread thread;
	int number;
};

static void pay_round(void *arg)
{
	struct member *m = arg;
	struct crowd *c = m->crowd;

	for (int i = 0; i < PAYMENTS; i++) {
		struct order order =
			house_order(ORDER_PAY, c->users[m->number]);

		order.from = c->accounts[m->number];
		order.to = c->accounts[(m->number + 1 + i % (RACERS - 1)) %
				       RACERS];
		order.amount = 1 + i % 50;
		order.id = house_id((uint64_t)i + 1);
		if (ledger_run(c->world->house.ledger, &order) != ERR_OK)
			atomic_fetch_add(&c->refused, 1);
	}
	atomic_fetch_sub(&c->under_way, 1);
}

struct sum {
	struct store_table *accounts;
	money all;
	money least; /* of members */
};

static bool add(const struct store_record *record, void *arg)
{
	struct sum *sum = arg;
	struct account account;

	if (!account_decode(record->value, record->value_len, &account))
		return false;
	sum->all += account.posted;
	if (account.kind == ACCOUNT_USER &&
	    account_available(&account) < sum->least)
		sum->least = account_available(&account);
	return true;
}

static enum err add_up(struct store_txn *txn, void *arg)
{
	struct sum *sum = arg;

	sum->all = 0;
	sum->least = 0;
	return store_walk(txn, sum->accounts, "", 0, add, sum);
}

static void test_crowd(void **state)
{
	struct world *w = *state;
	struct crowd crowd = { .world = w };
	struct member members[RACERS];
	struct sum sum = { store_table(w->house.store, "bank_accounts"), 0, 0 };
	int looks = 0;

	atomic_init(&crowd.under_way, RACERS);
	for (int i = 0; i < RACERS; i++) {
		crowd.users[i] = 100 + (user_id)i;
		crowd.accounts[i] =
			house_account(&w->house, crowd.users[i], "");
		house_fund(&w->house, crowd.accounts[i], 200);
	}
	for (int i = 0; i < RACERS; i++) {
		members[i].crowd = &crowd;
		members[i].number = i;
		thread_start(&members[i].thread, "member", pay_round,
			     &members[i]);
	}
	while (looks == 0 || atomic_load(&crowd.under_way) > 0) {
		assert_int_equal(ledger_still(w->house.ledger, add_up, &sum),
				 ERR_OK);
		assert_int_equal(sum.all, 0);
		assert_int_equal(sum.least, 0);
		looks++;
	}
	for (int i = 0; i < RACERS; i++)
		thread_join(&members[i].thread);
	assert_true(atomic_load(&crowd.refused) < RACERS * PAYMENTS);
}

/* Orders that are left in the queue are carried out by whoever drains. */
struct drainer {
	struct ledger *ledger;
	struct thread thread;
	atomic_int *left;
};

static void drain_all(void *arg)
{
	struct drainer *d = arg;

	while (atomic_load(d->left) > 0)
		ledger_drain(d->ledger);
}

static void note_done(struct order *order)
{
	atomic_fetch_sub((atomic_int *)order->arg, 1);
}

static void test_drainers(void **state)
{
	enum { DRAINERS = 4 };
	struct world *w = *state;
	struct order *orders = mem_zero(PAYMENTS * sizeof(*orders));
	struct drainer drainers[DRAINERS];
	atomic_int left;

	atomic_init(&left, PAYMENTS);
	for (int i = 0; i < DRAINERS; i++) {
		drainers[i].ledger = w->house.ledger;
		drainers[i].left = &left;
		thread_start(&drainers[i].thread, "drainer", drain_all,
			     &drainers[i]);
	}
	for (int i = 0; i < PAYMENTS; i++) {
		orders[i] =
			world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, 1);
		orders[i].done = note_done;
		orders[i].arg = &left;
		assert_true(ledger_submit(w->house.ledger, &orders[i]));
	}
	for (int i = 0; i < DRAINERS; i++)
		thread_join(&drainers[i].thread);
	for (int i = 0; i < PAYMENTS; i++)
		assert_int_equal(orders[i].result, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]),
			 10000 - PAYMENTS);
	mem_free(orders);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_capture_or_expire), CASE(test_undo_or_refund),
		CASE(test_close_or_pay),      CASE(test_last_cent),
		CASE(test_same_id),           CASE(test_crowd),
		CASE(test_drainers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
