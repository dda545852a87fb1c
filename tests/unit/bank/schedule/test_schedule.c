/* The schedule: what is due by the clock, come what may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bank/schedule/calendar.h"
#include "bank/schedule/trust.h"
#include "base/clock.h"
#include "base/mem.h"
#include "place.h"

static void test_month_ends(void **state)
{
	static const struct {
		const char *day;
		money total;
	} days[] = {
		{ "2026-11-30", 0 },   { "2026-12-30", 0 },
		{ "2026-12-31", 100 }, { "2027-01-30", 100 },
		{ "2027-01-31", 200 }, { "2027-02-27", 200 },
		{ "2027-02-28", 300 }, { "2027-03-28", 300 },
		{ "2027-03-31", 400 }, { "2027-04-29", 400 },
		{ "2027-04-30", 500 }, { "2027-05-30", 500 },
		{ "2027-05-31", 600 },
	};
	struct place *p = *state;

	place_add(p, EVERY_MONTH, "2026-12-31");
	for (size_t i = 0; i < COUNT(days); i++) {
		place_go_to(days[i].day);
		place_run(p);
		place_run(p);
		assert_int_equal(place_got(p), days[i].total);
	}
	assert_int_equal(place_only(p).paid, 6);
}

static bool remember(const struct entry *e, void *arg)
{
	if (e->kind == ENTRY_PAY)
		buf_print(arg, "%s\n", e->memo);
	return true;
}

/* Two orders, a week without a daemon: the oldest due first. */
static void test_downtime(void **state)
{
	AUTO(buf_fini) struct buf seen = { 0 };
	struct place *p = *state;
	const struct standings where = place_standings(p);
	struct standing weekly = place_standing(p, EVERY_WEEK, "2026-11-25");

	snprintf(weekly.memo, sizeof(weekly.memo), "pot");
	place_add(p, EVERY_DAY, "2026-11-24");
	assert_int_equal(standing_add(&where, &weekly, &place_entry), ERR_OK);
	place_restart(p);
	place_go_to("2026-11-30");
	place_run(p);
	assert_int_equal(place_got(p), 800);
	assert_int_equal(book_entries(p->house.store, 1, remember, &seen),
			 ERR_OK);
	assert_string_equal(buf_text(&seen), "rent\nrent\npot\nrent\nrent\n"
					     "rent\nrent\nrent\n");
	place_run(p);
	assert_int_equal(place_got(p), 800);
}

/* A year of days: in pieces, each once. */
static void test_pieces(void **state)
{
	struct place *p = *state;

	place_add(p, EVERY_DAY, "2027-01-01");
	place_go_to("2027-12-31");
	place_trust(p);
	assert_true(place_run(p) >= 365 / SCHEDULE_PIECE);
	assert_int_equal(place_got(p), 36500);
}

static void test_crash_between(void **state)
{
	struct place *p = *state;
	const struct standings where = place_standings(p);
	struct standing claimed;
	struct order order;
	bool is_there;

	place_add(p, EVERY_MONTH, "2026-11-21");
	place_go_to("2026-11-21");
	assert_int_equal(standing_claim(&where, place_day("2026-11-21"),
					&claimed, &is_there),
			 ERR_OK);
	assert_true(is_there);
	schedule_order(&claimed, &order);
	house_want(&p->house, &order, ERR_OK);
	place_restart(p);
	assert_int_equal(place_got(p), 100);
	place_run(p);
	assert_int_equal(place_got(p), 100);
	assert_int_equal(place_only(p).due, place_day("2026-12-21"));
	assert_int_equal(place_only(p).last, order.entry.seq);
	assert_false(place_only(p).is_claimed);
}

static void test_clock_goes_back(void **state)
{
	struct place *p = *state;

	place_add(p, EVERY_DAY, "2026-11-24");
	place_go_to("2026-11-26");
	place_run(p);
	assert_int_equal(place_got(p), 300);
	place_go_to("2026-11-23");
	place_run(p);
	place_go_to("2026-11-26");
	place_run(p);
	assert_int_equal(place_got(p), 300);
	place_go_to("2026-11-27");
	place_run(p);
	assert_int_equal(place_got(p), 400);
}

/* While it runs: in doubt for ten minutes, unless it is put right. */
static void test_clock_jumps_ahead(void **state)
{
	struct place *p = *state;

	place_add(p, EVERY_DAY, "2026-11-24");
	assert_false(schedule_run(p->schedule));
	place_go_to("2027-11-24");
	assert_false(schedule_run(p->schedule));
	place_go_to("2026-11-23");
	assert_false(schedule_run(p->schedule));
	assert_int_equal(place_got(p), 0);
	place_go_to("2026-11-24");
	assert_false(schedule_run(p->schedule));
	clock_fake_advance(SCHEDULE_DOUBT_MS - 1);
	assert_false(schedule_run(p->schedule));
	assert_int_equal(place_got(p), 0);
	clock_fake_advance(1);
	assert_false(schedule_run(p->schedule));
	assert_int_equal(place_got(p), 100);
	clock_fake_advance(HOUSE_DAY_MS);
	assert_false(schedule_run(p->schedule));
	assert_int_equal(place_got(p), 200);
}

/* Also at a start: it is perhaps a machine that came up with another year. */
static void test_clock_is_far_ahead(void **state)
{
	struct place *p = *state;

	place_add(p, EVERY_DAY, "2026-11-24");
	(void)house_hold(&p->house, p->ann, p->anns, p->bens, 5000,
			 HOUSE_DAY_MS);
	place_run(p);
	place_go_to("2031-01-01");
	place_run(p);
	place_run(p);
	assert_int_equal(place_got(p), 0);
	assert_int_equal(house_held(&p->house, p->anns), 5000);
	place_go_to("2026-11-24"); /* put right */
	place_run(p);
	assert_int_equal(place_got(p), 100);
	/* Weeks of downtime are made up for. */
	place_go_to("2027-01-03");
	place_run(p);
	assert_int_equal(place_got(p), 4100);
	place_go_to("2027-02-28");
	place_run(p);
	assert_int_equal(place_got(p), 4100);
	place_trust(p);
	place_run(p);
	assert_int_equal(place_got(p), 9700);
}

/* It is neither believed nor remembered, however long it goes on. */
static void test_clock_is_far_behind(void **state)
{
	struct place *p = *state;
	struct trust trust;

	place_add(p, EVERY_DAY, "2026-11-24");
	place_run(p);
	place_go_to("2020-01-01");
	place_run(p);
	assert_int_equal(trust_look(p->house.store, &trust), ERR_OK);
	assert_true(trust.is_doubted);
	clock_fake_advance(HOUSE_DAY_MS);
	place_run(p);
	assert_int_equal(place_got(p), 0);
	place_go_to("2026-11-24");
	place_run(p);
	assert_int_equal(place_got(p), 100);
}

/* Every hour of the year in which clocks change: once a day. */
static void test_summer_time(void **state)
{
	struct place *p = *state;
	int64_t until;

	setenv("TZ", "Europe/Vienna", 1);
	tzset();
	place_add(p, EVERY_DAY, "2027-03-27");
	place_go_to("2027-03-27");
	place_trust(p);
	for (int days = 1; days <= 5; days++) {
		until = calendar_day_begin(place_day("2027-03-27") + days);
		while (clock_wall_ms() < until) {
			while (schedule_run(p->schedule))
				;
			assert_int_equal(place_got(p), 100 * days);
			clock_fake_advance(HOUSE_HOUR_MS);
		}
	}
	setenv("TZ", "UTC", 1);
	tzset();
}

/* Holds that nobody touches end, also while the clock is in doubt. */
static void test_sweep(void **state)
{
	struct place *p = *state;

	house_hold(&p->house, p->ann, p->anns, p->bens, 500, 30 * 1000);
	while (schedule_run(p->schedule))
		;
	assert_int_equal(house_held(&p->house, p->anns), 500);
	clock_fake_advance(30 * 1000);
	while (schedule_run(p->schedule))
		;
	assert_int_equal(house_held(&p->house, p->anns), 0);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_month_ends),
		CASE(test_downtime),
		CASE(test_pieces),
		CASE(test_crash_between),
		CASE(test_clock_goes_back),
		CASE(test_clock_jumps_ahead),
		CASE(test_clock_is_far_ahead),
		CASE(test_sweep),
		CASE(test_clock_is_far_behind),
		CASE(test_sweep),
		CASE(test_summer_time),
		CASE(test_sweep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
