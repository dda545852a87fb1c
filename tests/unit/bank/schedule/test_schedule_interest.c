/* Interest by the clock: of each month once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bank/mark.h"
#include "base/clock.h"
#include "place.h"

static void set_rate(struct place *p, account_id id, int64_t tenths)
{
	struct order order = house_order_as(ORDER_TERMS, 0, AUTHORITY_ADMIN);

	order.from = id;
	order_add_change(&order, CHANGE_RATE, tenths);
	house_want(&p->house, &order, ERR_OK);
}

static money has(struct place *p)
{
	return house_posted(&p->house, p->anns);
}

/* 12 % of 1000.00 R, from the 20th of November on: eleven days. */
static void test_a_month(void **state)
{
	struct place *p = *state;

	set_rate(p, p->anns, 120);
	place_run(p);
	place_go_to("2026-11-30");
	place_run(p);
	assert_int_equal(has(p), 100000);
	place_go_to("2026-12-01");
	place_run(p);
	assert_int_equal(has(p), 100362);
	place_run(p);
	place_go_to("2026-12-31");
	place_run(p);
	assert_int_equal(has(p), 100362);
	place_go_to("2027-01-02");
	place_run(p);
	assert_int_equal(has(p), 101385);
	assert_int_equal(
		house_posted(&p->house, house_find(&p->house, "income")),
		-1385);
	assert_int_equal(house_posted(&p->house, p->bens), 0);
	house_assert_balanced(&p->house);
}

/* Four months nobody was there: each is paid once, without interest on it. */
static void test_downtime(void **state)
{
	struct place *p = *state;

	set_rate(p, p->anns, 120);
	place_run(p);
	place_go_to("2026-12-01");
	place_run(p);
	place_restart(p);
	place_go_to("2027-04-01");
	place_trust(p);
	place_run(p);
	assert_int_equal(has(p), 100362 + 3 * 1023 + 924);
	place_go_to("2026-12-01");
	place_run(p);
	place_go_to("2027-04-30");
	place_run(p);
	assert_int_equal(has(p), 100362 + 3 * 1023 + 924);
}

/* What is there at the end of a day counts for all of it. */
static void test_daily_balances(void **state)
{
	struct place *p = *state;

	set_rate(p, p->anns, 365);
	set_rate(p, p->bens, 365);
	place_run(p);
	place_go_to("2026-12-01");
	place_run(p);
	/* 36.5 % a year is 0.1 % a day. */
	assert_int_equal(has(p), 100000 + 11 * 100);
	assert_int_equal(house_pay(&p->house, p->ann, p->anns, p->bens, 1100),
			 ERR_OK);
	place_go_to("2026-12-11");
	assert_int_equal(house_pay(&p->house, p->ann, p->anns, p->bens, 50000),
			 ERR_OK);
	assert_int_equal(house_pay(&p->house, p->ben, p->bens, p->anns, 10000),
			 ERR_OK);
	place_go_to("2027-01-01");
	place_run(p);
	assert_int_equal(has(p), 60000 + 10 * 100 + 21 * 60);
	assert_int_equal(house_posted(&p->house, p->bens),
			 41100 + 11 + 863); /* 1.1 * 10, 41.1 * 21 */
}

/* What is owed costs nothing; what is closed, or has no rate, gets nothing. */
static void test_nothing_to_earn(void **state)
{
	struct place *p = *state;
	account_id label = house_account(&p->house, p->ann, "savings");
	struct order close = house_order(ORDER_CLOSE, p->ann);

	set_rate(p, p->bens, 120);
	house_fund(&p->house, p->bens, -50000);
	set_rate(p, label, 1000);
	close.from = label;
	house_want(&p->house, &close, ERR_OK);
	place_run(p);
	place_go_to("2027-02-01");
	place_run(p);
	assert_int_equal(has(p), 100000);
	assert_int_equal(house_posted(&p->house, p->bens), -50000);
	assert_int_equal(house_posted(&p->house, label), 0);
}

/* Killed after the payment: the mark is as before, the id is the same. */
static void test_killed_between(void **state)
{
	struct place *p = *state;
	struct mark mark;

	set_rate(p, p->anns, 120);
	place_go_to("2026-12-01");
	place_run(p);
	assert_int_equal(has(p), 100362);
	mark = (struct mark){ 202611, 1 };
	assert_int_equal(mark_put(p->house.store, "interest", &mark), ERR_OK);
	place_restart(p);
	place_run(p);
	assert_int_equal(has(p), 100362);
	assert_int_equal(mark_get(p->house.store, "interest", &mark), ERR_OK);
	assert_int_equal(mark.period, 202612);
}

/* More accounts than one piece has. */
static void test_pieces(void **state)
{
	enum { MANY = SCHEDULE_PIECE + 5 };
	struct place *p = *state;
	account_id list[MANY];

	for (int i = 0; i < MANY; i++) {
		user_id user = 100 + (user_id)i;

		list[i] = house_account(&p->house, user, "");
		house_fund(&p->house, list[i], 36500);
		set_rate(p, list[i], 1000);
	}
	place_run(p);
	place_go_to("2026-12-02");
	assert_true(place_run(p) > 1);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(house_posted(&p->house, list[i]),
				 36500 + 11 * 100);
	house_assert_balanced(&p->house);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_a_month),        CASE(test_downtime),
		CASE(test_daily_balances), CASE(test_nothing_to_earn),
		CASE(test_killed_between), CASE(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
