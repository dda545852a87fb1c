#include "bank/schedule/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static int64_t day_of(int year, int month, int day)
{
	return calendar_date_to_day(&(struct date){ year, month, day });
}

static void months_follow_each_other(void **state)
{
	(void)state;
	assert_int_equal(calendar_month_plus(202611, 1), 202612);
	assert_int_equal(calendar_month_plus(202612, 1), 202701);
	assert_int_equal(calendar_month_plus(202701, -1), 202612);
	assert_int_equal(calendar_month_plus(202611, 0), 202611);
	assert_int_equal(calendar_month_plus(202611, 12), 202711);
	assert_int_equal(calendar_month_plus(202611, -11), 202512);
	assert_int_equal(calendar_month_plus(202611, 25), 202812);
}

static const struct length_case {
	int month;
	int days;
	int of_year;
} length_cases[] = {
	{ 202601, 31, 365 }, { 202602, 28, 365 }, { 202802, 29, 366 },
	{ 202604, 30, 365 }, { 202612, 31, 365 }, { 200002, 29, 366 },
	{ 190002, 28, 365 }, { 210002, 28, 365 }, { 202411, 30, 366 },
};

static void leap_years_are_longer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(length_cases); i++) {
		const struct length_case *c = &length_cases[i];

		assert_int_equal(calendar_month_days(c->month), c->days);
		assert_int_equal(calendar_year_days(c->month / 100),
				 c->of_year);
	}
}

static const struct date_case {
	struct date date;
	int64_t day;
} date_cases[] = {
	{ { 1970, 1, 1 }, 0 },         { { 1969, 12, 31 }, -1 },
	{ { 1970, 12, 31 }, 364 },     { { 2000, 2, 29 }, 11016 },
	{ { 2000, 3, 1 }, 11017 },     { { 2026, 11, 21 }, 20778 },
	{ { 1, 1, 1 }, -719162 },      { { 1600, 12, 31 }, -134775 },
	{ { 1900, 3, 1 }, -25508 },    { { 2400, 12, 31 }, 157419 },
	{ { 9999, 12, 31 }, 2932896 },
};

static void dates_are_numbered(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(date_cases); i++)
		assert_int_equal(calendar_date_to_day(&date_cases[i].date),
				 date_cases[i].day);
}

/* Day after day, as one would count them by hand. */
static void every_day_is_a_date(void **state)
{
	struct date want = { 1, 1, 1 };
	int64_t day = day_of(1, 1, 1);

	(void)state;
	while (want.year <= 9999) {
		struct date got;

		calendar_day_to_date(day++, &got);
		assert_int_equal(got.year, want.year);
		assert_int_equal(got.month, want.month);
		assert_int_equal(got.day, want.day);
		if (want.day++ <
		    calendar_month_days(want.year * 100 + want.month))
			continue;
		want.day = 1;
		if (want.month++ < 12)
			continue;
		want.month = 1;
		want.year++;
	}
}

static const struct begin_case {
	const char *zone;
	struct date date;
	int64_t begin_s;
} begin_cases[] = {
	{ "UTC", { 2026, 11, 1 }, 1793491200 },
	{ "UTC", { 1970, 1, 1 }, 0 },
	/* Clocks go forward on March 29 and back on October 25. */
	{ "Europe/Rome", { 2026, 3, 29 }, 1774738800 },
	{ "Europe/Rome", { 2026, 3, 30 }, 1774821600 },
	{ "Europe/Rome", { 2026, 10, 25 }, 1792879200 },
	{ "Europe/Rome", { 2026, 10, 26 }, 1792969200 },
	{ "Europe/Rome", { 2026, 11, 1 }, 1793487600 },
	{ "America/New_York", { 2026, 11, 1 }, 1793505600 },
	{ "America/New_York", { 2026, 11, 2 }, 1793595600 },
	/* There is no midnight: the day begins at one. */
	{ "America/Sao_Paulo", { 2018, 11, 4 }, 1541300400 },
	{ "Asia/Beirut", { 2026, 3, 29 }, 1774735200 },
	{ "Africa/Cairo", { 2026, 4, 24 }, 1776981600 },
	/* Before midnight, the hour comes twice. */
	{ "America/Sao_Paulo", { 2018, 2, 18 }, 1518922800 },
	/* By half an hour. */
	{ "Australia/Lord_Howe", { 2026, 4, 5 }, 1775307600 },
	/* The furthest from UTC. */
	{ "Pacific/Kiritimati", { 2026, 11, 1 }, 1793440800 },
	{ "Etc/GMT+12", { 2026, 11, 1 }, 1793534400 },
	{ "XYZ-24:59:59", { 2026, 11, 1 }, 1793491200 - 89999 },
	{ "XYZ24:59:59", { 2026, 11, 1 }, 1793491200 + 89999 },
	/* December 30 was left out. */
	{ "Pacific/Apia", { 2011, 12, 29 }, 1325152800 },
	{ "Pacific/Apia", { 2011, 12, 31 }, 1325239200 },
};

static void days_begin_at_midnight_or_soon_after(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(begin_cases); i++) {
		const struct begin_case *c = &begin_cases[i];
		int64_t day = calendar_date_to_day(&c->date);
		int64_t begin_ms = c->begin_s * 1000;

		set_zone(c->zone);
		assert_int_equal(calendar_day_begin(day), begin_ms);
		assert_int_equal(calendar_day(begin_ms), day);
		assert_int_equal(calendar_day(begin_ms + 999), day);
		assert_true(calendar_day(begin_ms - 1) < day);
	}
}

static void a_day_left_out_is_empty(void **state)
{
	int64_t day = day_of(2011, 12, 30);
	int64_t begin_ms;

	(void)state;
	set_zone("Pacific/Apia");
	begin_ms = calendar_day_begin(day);
	assert_int_equal(begin_ms, calendar_day_begin(day + 1));
	assert_int_equal(calendar_day(begin_ms), day + 1);
	assert_int_equal(calendar_day(begin_ms - 1), day - 1);
}

/* A year in steps of half an hour: no day comes twice, none is missed. */
static const char *const walk_zones[] = {
	"UTC",
	"Europe/Rome",
	"America/New_York",
	"America/Sao_Paulo",
	"Australia/Lord_Howe",
	"Asia/Kathmandu",
	/* Until 2011, clocks went back from a minute past midnight. */
	"America/St_Johns",
};

static void days_and_months_only_grow(void **state)
{
	const int64_t from_ms = INT64_C(1262304000000); /* 2010-01-01 UTC */

	(void)state;
	for (size_t i = 0; i < COUNT(walk_zones); i++) {
		int64_t day;
		int month;

		set_zone(walk_zones[i]);
		day = calendar_day(from_ms);
		month = calendar_month(from_ms);
		for (int64_t n = 1; n <= INT64_C(366) * 48; n++) {
			int64_t ms = from_ms + n * 1800000 + 59999;
			int64_t now = calendar_day(ms);

			assert_true(now == day || now == day + 1);
			assert_true(calendar_day_begin(now) <= ms);
			assert_true(calendar_day_begin(now + 1) > ms);
			day = now;
			if (n % 48 != 0)
				continue;
			assert_true(calendar_month(ms) == month ||
				    calendar_month(ms) ==
					    calendar_month_plus(month, 1));
			month = calendar_month(ms);
		}
	}
}

static const struct month_case {
	const char *zone;
	int64_t time_s;
	int month;
} month_cases[] = {
	/* The last second of October in Rome, and the first of November. */
	{ "Europe/Rome", 1793487599, 202610 },
	{ "Europe/Rome", 1793487600, 202611 },
	{ "UTC", 1793487600, 202610 },
	{ "America/New_York", 1793487600, 202610 },
	{ "Pacific/Kiritimati", 1793440800, 202611 },
	/* New Year. */
	{ "Europe/Rome", 1798757999, 202612 },
	{ "Europe/Rome", 1798758000, 202701 },
	{ "UTC", -1, 196912 },
};

static void months_are_local(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(month_cases); i++) {
		const struct month_case *c = &month_cases[i];
		int64_t ms = c->time_s * 1000;

		set_zone(c->zone);
		assert_int_equal(calendar_month(ms), c->month);
		assert_true(calendar_month_begin(c->month) <= ms);
		assert_true(calendar_month_begin(
				    calendar_month_plus(c->month, 1)) > ms);
	}
}

static const struct text_case {
	const char *text;
	int month; /* 0: it cannot be read */
} text_cases[] = {
	{ "2026-11", 202611 }, { "2026-01", 202601 },
	{ "2026-12", 202612 }, { "0001-01", 101 },
	{ "9999-12", 999912 }, { "0000-12", 0 },
	{ "2026-00", 0 },      { "2026-13", 0 },
	{ "2026-99", 0 },      { "2026-1", 0 },
	{ "2026-011", 0 },     { "20260-1", 0 },
	{ "202611", 0 },       { "2026 11", 0 },
	{ "2026/11", 0 },      { "2026-11-01", 0 },
	{ "-026-11", 0 },      { "2026--1", 0 },
	{ "2026-1a", 0 },      { "november", 0 },
	{ " 026-11", 0 },      { "", 0 },
};

static void months_are_read_and_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(text_cases); i++) {
		const struct text_case *c = &text_cases[i];
		char text[MONTH_TEXT];
		int month = 4711;

		assert_int_equal(calendar_parse_month(c->text, &month),
				 c->month != 0);
		assert_int_equal(month, c->month != 0 ? c->month : 4711);
		if (c->month == 0)
			continue;
		calendar_print_month(month, text);
		assert_string_equal(text, c->text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_follow_each_other),
		cmocka_unit_test(leap_years_are_longer),
		cmocka_unit_test(dates_are_numbered),
		cmocka_unit_test(every_day_is_a_date),
		cmocka_unit_test(days_begin_at_midnight_or_soon_after),
		cmocka_unit_test(a_day_left_out_is_empty),
		cmocka_unit_test(days_and_months_only_grow),
		cmocka_unit_test(months_are_local),
		cmocka_unit_test(months_are_read_and_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
