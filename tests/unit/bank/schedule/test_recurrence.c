#include "bank/schedule/recurrence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/schedule/calendar.h"
#include "base/attr.h"

enum { DUES = 16, DUES_TEXT = DUES * 16 };

static int64_t day_of(const char *date)
{
	struct date d;

	assert_int_equal(sscanf(date, "%d-%d-%d", &d.year, &d.month, &d.day),
			 3);
	return calendar_date_to_day(&d);
}

/* Adds "2026-11-21" behind what is in text. */
static void add(char text[DUES_TEXT], int64_t day)
{
	size_t len = strlen(text);
	struct date d;

	calendar_day_to_date(day, &d);
	snprintf(text + len, DUES_TEXT - len, "%s%04d-%02d-%02d",
		 len > 0 ? " " : "", d.year, d.month, d.day);
}

static const struct due_case {
	const char *name;
	enum every every;
	int month_day;
	const char *from;
	const char *want; /* the first ones */
} due_cases[] = {
	{ "daily over a month's end", EVERY_DAY, 1, "2028-02-28",
	  "2028-02-28 2028-02-29 2028-03-01" },
	{ "weekly over a year's end", EVERY_WEEK, 1, "2026-12-24",
	  "2026-12-24 2026-12-31 2027-01-07" },
	{ "monthly today", EVERY_MONTH, 21, "2026-11-21",
	  "2026-11-21 2026-12-21 2027-01-21" },
	{ "monthly later this month", EVERY_MONTH, 30, "2026-11-21",
	  "2026-11-30 2026-12-30 2027-01-30 2027-02-28 2027-03-30" },
	{ "monthly, this month's is over", EVERY_MONTH, 1, "2026-11-21",
	  "2026-12-01 2027-01-01 2027-02-01" },
	{ "the 31st comes back", EVERY_MONTH, 31, "2027-01-31",
	  "2027-01-31 2027-02-28 2027-03-31 2027-04-30 2027-05-31 "
	  "2027-06-30 2027-07-31 2027-08-31" },
	{ "the 31st in a leap year", EVERY_MONTH, 31, "2027-12-31",
	  "2027-12-31 2028-01-31 2028-02-29 2028-03-31" },
	{ "the 31st from a short month", EVERY_MONTH, 31, "2027-02-10",
	  "2027-02-28 2027-03-31 2027-04-30" },
	{ "the 31st from a short month's last day", EVERY_MONTH, 31,
	  "2027-02-28", "2027-02-28 2027-03-31" },
	{ "the 29th without leap day", EVERY_MONTH, 29, "2027-01-30",
	  "2027-02-28 2027-03-29" },
	{ "yearly", EVERY_YEAR, 21, "2026-11-21",
	  "2026-11-21 2027-11-21 2028-11-21" },
	{ "yearly, this year's is over", EVERY_YEAR, 20, "2026-11-21",
	  "2027-11-20 2028-11-20" },
	{ "the leap day comes back", EVERY_YEAR, 29, "2024-02-29",
	  "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29" },
	{ "the leap day over 2100", EVERY_YEAR, 29, "2096-02-29",
	  "2096-02-29 2097-02-28 2098-02-28 2099-02-28 2100-02-28 "
	  "2101-02-28 2102-02-28 2103-02-28 2104-02-29" },
};

static void due_dates_do_not_drift(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(due_cases); i++) {
		const struct due_case *c = &due_cases[i];
		char text[DUES_TEXT] = "";
		struct recurrence r;
		int64_t day;

		recurrence_init(&r, c->every, c->month_day, day_of(c->from));
		day = r.first;
		while (strlen(text) < strlen(c->want)) {
			add(text, day);
			/* From any day before it, it is the next. */
			for (int back = 1; back < 28 && back <= day - r.first;
			     back++)
				assert_true(recurrence_next(&r, day - back) <=
					    day);
			assert_int_equal(recurrence_next(&r, day - 1), day);
			day = recurrence_next(&r, day);
		}
		print_message("# %s\n", c->name);
		assert_string_equal(text, c->want);
	}
}

/* One by one from the first is the same as in one step from anywhere. */
static void any_day_leads_to_the_same_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(due_cases); i++) {
		const struct due_case *c = &due_cases[i];
		struct recurrence r;
		int64_t day;
		int64_t due;

		recurrence_init(&r, c->every, c->month_day, day_of(c->from));
		due = r.first;
		for (day = r.first - 400; day < r.first + 4000; day++) {
			if (day >= due)
				due = recurrence_next(&r, due);
			assert_true(due > day);
			assert_int_equal(recurrence_next(&r, day), due);
		}
	}
}

static const struct missed_case {
	const char *name;
	enum every every;
	int month_day;
	const char *from;
	const char *after;
	const char *until;
	size_t most;
	const char *want;
} missed_cases[] = {
	{ "a week of downtime, daily", EVERY_DAY, 1, "2026-01-01", "2026-11-14",
	  "2026-11-21", DUES,
	  "2026-11-15 2026-11-16 2026-11-17 2026-11-18 2026-11-19 2026-11-20 "
	  "2026-11-21" },
	{ "a week of downtime, weekly", EVERY_WEEK, 1, "2026-11-01",
	  "2026-11-14", "2026-11-21", DUES, "2026-11-15" },
	{ "a week of downtime over a month's end", EVERY_MONTH, 31,
	  "2026-01-31", "2027-02-25", "2027-03-04", DUES, "2027-02-28" },
	{ "half a year of downtime", EVERY_MONTH, 31, "2026-01-31",
	  "2026-10-31", "2027-04-30", DUES,
	  "2026-11-30 2026-12-31 2027-01-31 2027-02-28 2027-03-31 "
	  "2027-04-30" },
	{ "nothing was due", EVERY_MONTH, 1, "2026-01-01", "2026-11-01",
	  "2026-11-30", DUES, "" },
	{ "on the last day", EVERY_MONTH, 1, "2026-01-01", "2026-11-01",
	  "2026-12-01", DUES, "2026-12-01" },
	{ "what was done is not done again", EVERY_DAY, 1, "2026-01-01",
	  "2026-11-21", "2026-11-21", DUES, "" },
	{ "the clock went back", EVERY_DAY, 1, "2026-01-01", "2026-11-21",
	  "2026-11-01", DUES, "" },
	{ "the first one too", EVERY_WEEK, 1, "2026-11-20", "2026-11-19",
	  "2026-11-21", DUES, "2026-11-20" },
	{ "not yet begun", EVERY_WEEK, 1, "2026-12-01", "2026-11-01",
	  "2026-11-30", DUES, "" },
	{ "the clock is in another century: the first few", EVERY_DAY, 1,
	  "2026-01-01", "2026-11-21", "2126-11-21", 3,
	  "2026-11-22 2026-11-23 2026-11-24" },
	{ "the clock was at the epoch", EVERY_YEAR, 29, "1970-01-01",
	  "1969-12-31", "1973-11-21", DUES,
	  "1970-01-29 1971-01-29 1972-01-29 1973-01-29" },
};

static void what_was_missed_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(missed_cases); i++) {
		const struct missed_case *c = &missed_cases[i];
		char text[DUES_TEXT] = "";
		int64_t days[DUES];
		struct recurrence r;
		size_t count;

		recurrence_init(&r, c->every, c->month_day, day_of(c->from));
		count = recurrence_missed(&r, day_of(c->after),
					  day_of(c->until), days, c->most);
		for (size_t n = 0; n < count; n++)
			add(text, days[n]);
		print_message("# %s\n", c->name);
		assert_string_equal(text, c->want);
	}
}

static void every_kind_has_a_word(void **state)
{
	(void)state;
	for (int every = 0; every < EVERY_KINDS; every++)
		assert_non_null(every_words[every]);
	assert_null(every_words[EVERY_KINDS]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(due_dates_do_not_drift),
		cmocka_unit_test(any_day_leads_to_the_same_dates),
		cmocka_unit_test(what_was_missed_is_told),
		cmocka_unit_test(every_kind_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
