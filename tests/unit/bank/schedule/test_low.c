/* Low balances: told once for each fall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bank/schedule/low.h"
#include "base/clock.h"
#include "place.h"

static void set_level(struct place *p, int64_t level)
{
	struct order order = house_order(ORDER_TERMS, p->ann);

	order.from = p->anns;
	order_add_change(&order, CHANGE_NOTICE, level);
	house_want(&p->house, &order, ERR_OK);
}

static void pay(struct place *p, money amount)
{
	assert_int_equal(house_pay(&p->house, p->ann, p->anns, p->bens, amount),
			 ERR_OK);
}

/* What is told by the next run. */
static const char *hears(struct place *p)
{
	buf_reset(&place_told);
	while (schedule_run(p->schedule))
		;
	return buf_text(&place_told);
}

static uint64_t untold(struct place *p)
{
	struct account account = house_look(&p->house, p->anns);
	uint64_t seq;

	assert_int_equal(low_find(p->house.store, &account, p->ann, &seq),
			 ERR_OK);
	return seq;
}

static void test_once_for_each_fall(void **state)
{
	struct place *p = *state;

	pay(p, 1);
	assert_string_equal(hears(p), "");
	set_level(p, 50000);
	pay(p, 49999);
	assert_string_equal(hears(p), "");
	pay(p, 1);
	assert_string_equal(hears(p),
			    "1: Low balance: 499.99 R can be spent of ann, "
			    "less than 500.00 R.\n");
	pay(p, 1);
	assert_string_equal(hears(p), "");
	house_fund(&p->house, p->anns, 2);
	assert_string_equal(hears(p), "");
	pay(p, 2);
	assert_string_equal(hears(p),
			    "1: Low balance: 499.98 R can be spent of ann, "
			    "less than 500.00 R.\n");
	assert_int_equal(untold(p), 0);
	set_level(p, MONEY_NONE);
	house_fund(&p->house, p->anns, 10000);
	pay(p, 20000);
	assert_string_equal(hears(p), "");
}

static void test_held_is_not_there(void **state)
{
	struct place *p = *state;

	set_level(p, 50000);
	(void)house_hold(&p->house, p->ann, p->anns, p->bens, 60000,
			 HOUSE_HOUR_MS);
	assert_string_equal(hears(p),
			    "1: Low balance: 400.00 R can be spent of ann, "
			    "less than 500.00 R.\n");
}

/* Nobody was here: it waits, over a restart, until it was noted. */
static void test_waits(void **state)
{
	struct place *p = *state;
	struct account account;
	uint64_t seq;

	set_level(p, 50000);
	pay(p, 60000);
	seq = house_look(&p->house, p->anns).last;
	pay(p, 1);
	place_is_deaf = true;
	assert_string_equal(hears(p), "");
	place_restart(p);
	assert_int_equal(untold(p), seq);
	account = house_look(&p->house, p->anns);
	assert_int_equal(low_note(p->house.store, &account, p->ann, seq),
			 ERR_OK);
	assert_int_equal(untold(p), 0);
	assert_int_equal(low_forget(p->house.store, p->ann + 1), ERR_OK);
	assert_int_equal(untold(p), 0);
	assert_int_equal(low_forget(p->house.store, p->ann), ERR_OK);
	assert_int_equal(untold(p), seq);
}

/* It rose again before anybody could be told. */
static void test_not_low_any_more(void **state)
{
	struct place *p = *state;

	set_level(p, 50000);
	pay(p, 60000);
	house_fund(&p->house, p->anns, 60000);
	assert_string_equal(hears(p), "");
	assert_int_equal(untold(p), 0);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_once_for_each_fall),
		CASE(test_held_is_not_there),
		CASE(test_waits),
		CASE(test_not_low_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
