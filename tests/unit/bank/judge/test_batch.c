/* The time of entries: clocks that are put back, days, months, ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../world.h"
#include "base/clock.h"
#include "base/mem.h"

#define MEMBER AUTHORITY_MEMBER

static struct entry pay(struct world *w, money amount)
{
	struct order order =
		world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, amount);

	house_want(&w->house, &order, ERR_OK);
	return order.entry;
}

/* What is less than an hour is waited for; more was wrong before. */
static const struct clock_case {
	const char *name;
	int64_t move_ms;
	int64_t want_ms; /* from the beginning */
	uint32_t date;
} clocks[] = {
	{ "as it is", 0, 0, 20261120 },
	{ "on", 5000, 5000, 20261120 },
	{ "back by a second", -1000, 5000, 20261120 },
	{ "back by almost an hour", -HOUSE_HOUR_MS + 1001, 5000, 20261120 },
	{ "on again", HOUSE_HOUR_MS, 5001, 20261120 },
	{ "far ahead", 40 * INT64_C(86400000), 40 * INT64_C(86400000) + 5001,
	  20261230 },
	{ "and put right", -40 * INT64_C(86400000), 5001, 20261120 },
	{ "after midnight", HOUSE_DAY_MS / 2, HOUSE_DAY_MS / 2 + 5001,
	  20261121 },
};

static void test_clock(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT(clocks); i++) {
		const struct clock_case *c = &clocks[i];
		struct entry entry;

		clock_fake_advance(c->move_ms);
		entry = pay(w, 1);
		if (entry.time_ms - HOUSE_BEGIN_MS != c->want_ms ||
		    entry.date != c->date)
			fail_msg("%s: %lld, %u", c->name,
				 (long long)(entry.time_ms - HOUSE_BEGIN_MS),
				 entry.date);
		house_restart(&w->house);
	}
}

static struct account_month month_of(struct world *w, uint32_t month)
{
	struct account account = house_look(&w->house, w->places[ANNS]);
	struct account_month m;

	assert_int_equal(book_month(w->house.store, &account, month, &m),
			 ERR_OK);
	return m;
}

/* From a month into the next ones, back by a wrong clock, and on. */
static void test_months(void **state)
{
	struct world *w = *state;
	struct account account;
	struct account_month month;
	struct entry entry;

	pay(w, 10);
	clock_fake_advance(15 * INT64_C(86400000)); /* December */
	pay(w, 20);
	month = month_of(w, 202611);
	assert_int_equal(month.in, 10000);
	assert_int_equal(month.out, 10);
	assert_int_equal(month.posted, 9990);
	clock_fake_advance(-15 * INT64_C(86400000)); /* November */
	entry = pay(w, 40);
	month = month_of(w, 202611);
	assert_int_equal(month.out, 50);
	assert_int_equal(month.in, 10000);
	assert_int_equal(month.last, entry.seq);
	month = month_of(w, 202612);
	assert_int_equal(month.out, 20);
	clock_fake_advance(15 * INT64_C(86400000)); /* December */
	pay(w, 80);
	month = month_of(w, 202612);
	assert_int_equal(month.out, 100);
	assert_int_equal(month.posted, 9850);
	clock_fake_advance(60 * INT64_C(86400000)); /* February */
	pay(w, 1);
	house_restart(&w->house);
	assert_int_equal(month_of(w, 202611).out, 50);
	assert_int_equal(month_of(w, 202612).out, 100);
	assert_int_equal(month_of(w, 202612).entries, 2);
	assert_int_equal(month_of(w, 202702).out, 1);
	account = house_look(&w->house, w->places[ANNS]);
	assert_int_equal(book_month(w->house.store, &account, 202701, &month),
			 ERR_NOT_FOUND);
}

/* Whoever touches the payer's account finds its overdue holds ended. */
static void test_overdue(void **state)
{
	struct world *w = *state;
	struct house *h = &w->house;
	uint64_t holds[3];
	struct entry paid;
	struct entry ended;
	struct order order;

	for (int i = 0; i < 3; i++)
		holds[i] = house_hold(h, w->people[ANN], w->places[ANNS],
				      w->places[BENS], 3000, 3000 - i * 1000);
	assert_int_equal(house_pay(h, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 1001),
			 ERR_INSUFFICIENT_FUNDS);
	clock_fake_advance(2000);
	paid = pay(w, 7000);
	/* Two have ended, the earlier one first, before it was paid. */
	assert_int_equal(book_entry(h->store, paid.seq - 2, &ended), ERR_OK);
	assert_int_equal(ended.kind, ENTRY_EXPIRE);
	assert_int_equal(ended.reference, holds[2]);
	assert_int_equal(ended.actor, 0);
	assert_int_equal(ended.time_ms, clock_wall_ms());
	assert_int_equal(book_entry(h->store, paid.seq - 1, &ended), ERR_OK);
	assert_int_equal(ended.reference, holds[1]);
	assert_int_equal(house_held(h, w->places[ANNS]), 3000);
	/* A refusal leaves what has ended as it is. */
	clock_fake_advance(1000);
	assert_int_equal(house_pay(h, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 3001),
			 ERR_INSUFFICIENT_FUNDS);
	assert_int_equal(house_held(h, w->places[ANNS]), 0);
	order = world_order(w, ORDER_CAPTURE, BEN, MEMBER, NOWHERE, NOWHERE, 0);
	order.reference = holds[0];
	world_want(w, "too late", &order, ERR_HOLD_CLOSED);
}

/* More than are swept at once. */
static void test_sweep(void **state)
{
	enum { EACH = 100, SIDES = 2 };
	static const enum place places[SIDES] = { ANNS, ANNS_SAVINGS };
	struct world *w = *state;
	struct order order = world_order(w, ORDER_SWEEP, NOBODY, AUTHORITY_BANK,
					 NOWHERE, NOWHERE, 0);
	uint64_t swept = 0;

	for (int i = 0; i < SIDES * EACH; i++)
		(void)house_hold(&w->house, w->people[ANN],
				 w->places[places[i % SIDES]], w->places[BENS],
				 1, 1000 + i);
	world_want(w, "too early", &order, ERR_OK);
	assert_int_equal(order.number, 0);
	clock_fake_advance(2000);
	do {
		world_want(w, "sweep", &order, ERR_OK);
		swept += order.number;
	} while (order.number > 0);
	assert_true(swept > 0);
	for (int i = 0; i < SIDES; i++)
		assert_int_equal(house_held(&w->house, w->places[places[i]]),
				 0);
}

/* One account does not have more than so many. */
static void test_most_holds(void **state)
{
	enum { MOST = 100 };
	struct world *w = *state;
	struct order order =
		world_order(w, ORDER_HOLD, ANN, MEMBER, ANNS, BENS, 1);

	order.due_ms = clock_wall_ms() + 1000;
	for (int i = 0; i < MOST; i++)
		world_want(w, "one more", &order, ERR_OK);
	world_want(w, "too many", &order, ERR_LIMIT);
	clock_fake_advance(1000);
	order.due_ms = clock_wall_ms() + 1000;
	world_want(w, "those are over", &order, ERR_OK);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_clock), CASE(test_months),     CASE(test_overdue),
		CASE(test_sweep), CASE(test_most_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
