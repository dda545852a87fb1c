#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/attr.h"

static void true_clocks_go_on(void **state)
{
	int64_t mono_us = clock_mono_us();
	int64_t wall_ms = clock_wall_ms();

	(void)state;
	assert_true(wall_ms > INT64_C(1600000000000));
	assert_true(clock_mono_us() >= mono_us);
	assert_true(clock_mono_ms() >= mono_us / 1000);
}

static const struct print_case {
	int64_t wall_ms;
	const char *want;
} print_cases[] = {
	{ 0, "1970-01-01 00:00" },
	{ INT64_C(1795119299999), "2026-11-19 20:14" },
	{ INT64_C(1795119240000), "2026-11-19 20:14" },
	{ INT64_C(253402300740000), "9999-12-31 23:59" },
	{ INT64_MAX, "292278994-08-17 07:12" },
};

static void time_is_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(print_cases); i++) {
		char text[CLOCK_TEXT];

		clock_print(print_cases[i].wall_ms, text);
		assert_string_equal(text, print_cases[i].want);
	}
}

static void time_is_printed_for_the_local_zone(void **state)
{
	char text[CLOCK_TEXT];

	(void)state;
	setenv("TZ", "XYZ-05:30", 1);
	tzset();
	clock_print(0, text);
	assert_string_equal(text, "1970-01-01 05:30");
	setenv("TZ", "UTC0", 1);
	tzset();
}

/* Last, since there is no way back. */
static void fake_clocks_stand_still(void **state)
{
	int64_t mono_ms;

	(void)state;
	clock_fake(5000);
	mono_ms = clock_mono_ms();
	assert_int_equal(clock_wall_ms(), 5000);
	assert_int_equal(clock_mono_us(), mono_ms * 1000);
	clock_fake_advance(250);
	assert_int_equal(clock_wall_ms(), 5250);
	assert_int_equal(clock_mono_ms(), mono_ms + 250);
	assert_int_equal(clock_mono_us(), (mono_ms + 250) * 1000);
}

static int use_utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC0", 1);
	tzset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(true_clocks_go_on),
		cmocka_unit_test(time_is_printed),
		cmocka_unit_test(time_is_printed_for_the_local_zone),
		cmocka_unit_test(fake_clocks_stand_still),
	};

	return cmocka_run_group_tests(tests, use_utc, NULL);
}
