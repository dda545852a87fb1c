#include "base/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

/* 2026-11-20 20:14:30 UTC */
#define NOW INT64_C(1795205670000)

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static const struct {
	const char *text;
	const char *want; /* NULL: it cannot be read */
	const char *end;  /* NULL: the same */
} cases[] = {
	{ "20:00", "2026-11-20 20:00", NULL },
	{ "20:14", "2026-11-20 20:14", NULL },
	{ "20:15", "2026-11-19 20:15", NULL },
	{ "00:00", "2026-11-20 00:00", NULL },
	{ "23:59", "2026-11-19 23:59", NULL },
	{ "2026-11-14", "2026-11-14 00:00", "2026-11-15 00:00" },
	{ "2026-12-31", "2026-12-31 00:00", "2027-01-01 00:00" },
	{ "2024-02-29", "2024-02-29 00:00", "2024-03-01 00:00" },
	{ "2026-11-14 20:00", "2026-11-14 20:00", NULL },
	{ "2026-11-14T20:00", "2026-11-14 20:00", NULL },
	{ "2h", "2026-11-20 18:14", NULL },
	{ "3d", "2026-11-17 20:14", NULL },
	{ "1w", "2026-11-13 20:14", NULL },
	{ "0s", "2026-11-20 20:14", NULL },
	{ "9223372036854775s", "1970-01-01 00:00", NULL },
	{ "9223372036854775807s", "1970-01-01 00:00", NULL },
	{ "9999999999999999999s", NULL, NULL },
	{ "", NULL, NULL },
	{ "24:00", NULL, NULL },
	{ "20:60", NULL, NULL },
	{ "8:00", NULL, NULL },
	{ "20:00:00", NULL, NULL },
	{ "20", NULL, NULL },
	{ "-3d", NULL, NULL },
	{ "3", NULL, NULL },
	{ "2026-02-29", NULL, NULL },
	{ "2026-13-01", NULL, NULL },
	{ "2026-00-01", NULL, NULL },
	{ "2026-11-00", NULL, NULL },
	{ "2026-11-14 ", NULL, NULL },
	{ "2026-11-14  20:00", NULL, NULL },
	{ "2026-11-14 24:00", NULL, NULL },
	{ "26-11-14", NULL, NULL },
	{ "today", "2026-11-20 00:00", "2026-11-21 00:00" },
	{ "yesterday", "2026-11-19 00:00", "2026-11-20 00:00" },
	{ "Yesterday", "2026-11-19 00:00", "2026-11-20 00:00" },
	{ "yesterday 20:00", NULL, NULL },
	{ "tomorrow", NULL, NULL },
};

static void assert_moment(bool is_read, int64_t ms, const char *want,
			  const char *text)
{
	char got[CLOCK_TEXT];

	if (want == NULL && !is_read && ms == -1)
		return;
	clock_print(ms, got);
	if (!is_read || want == NULL)
		fail_msg("%s: %d", text, is_read);
	assert_string_equal(got, want);
}

static void moments_are_read(void **state)
{
	(void)state;
	set_zone("UTC0");
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *end =
			cases[i].end != NULL ? cases[i].end : cases[i].want;
		int64_t ms = -1;
		bool is_read = when_parse(cases[i].text, NOW, &ms);

		assert_moment(is_read, ms, cases[i].want, cases[i].text);
		ms = -1;
		is_read = when_parse_end(cases[i].text, NOW, &ms);
		assert_moment(is_read, ms, end, cases[i].text);
	}
}

/* Clocks were put forward at 02:00 on 2026-03-29, so that day was short. */
static void days_are_local(void **state)
{
	const int64_t hour = 3600 * 1000;
	int64_t begin;
	int64_t end;

	(void)state;
	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_true(when_parse("2026-03-29", NOW, &begin));
	assert_true(when_parse_end("2026-03-29", NOW, &end));
	assert_int_equal(end - begin, 23 * hour);
	/* It is 21:14 there. */
	assert_true(when_parse("21:00", NOW, &begin));
	assert_int_equal(begin, NOW - 870 * 1000);
	assert_true(when_parse("21:15", NOW, &begin));
	assert_int_equal(begin, NOW + 30 * 1000 - 24 * hour);
	set_zone("UTC0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_are_read),
		cmocka_unit_test(days_are_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
