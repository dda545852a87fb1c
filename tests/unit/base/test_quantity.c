#include "base/quantity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BAD = -1 };

static const struct read_case {
	const char *text;
	int64_t number;
	int64_t seconds;
	int64_t bytes;
} read_cases[] = {
	{ "0", 0, BAD, 0 },
	{ "12", 12, BAD, 12 },
	{ "007", 7, BAD, 7 },
	{ "9223372036854775807", INT64_MAX, BAD, INT64_MAX },
	{ "9223372036854775808", BAD, BAD, BAD },
	{ "99999999999999999999999", BAD, BAD, BAD },
	{ "0s", BAD, 0, BAD },
	{ "10s", BAD, 10, BAD },
	{ "5m", BAD, 300, BAD },
	{ "1h", BAD, 3600, BAD },
	{ "90d", BAD, 7776000, BAD },
	{ "2w", BAD, 1209600, BAD },
	{ "9223372036854775807s", BAD, INT64_MAX, BAD },
	{ "9223372036854775807m", BAD, BAD, BAD },
	{ "4K", BAD, BAD, 4096 },
	{ "8M", BAD, BAD, 8388608 },
	{ "3G", BAD, BAD, INT64_C(3221225472) },
	{ "9223372036854775807K", BAD, BAD, BAD },
	{ "", BAD, BAD, BAD },
	{ " 1", BAD, BAD, BAD },
	{ "1 ", BAD, BAD, BAD },
	{ "-1", BAD, BAD, BAD },
	{ "+1", BAD, BAD, BAD },
	{ "1.5", BAD, BAD, BAD },
	{ "0x10", BAD, BAD, BAD },
	{ "s", BAD, BAD, BAD },
	{ "1S", BAD, BAD, BAD },
	{ "1k", BAD, BAD, BAD },
	{ "1KB", BAD, BAD, BAD },
	{ "1 K", BAD, BAD, BAD },
	{ "1hs", BAD, BAD, BAD },
	{ "1h30m", BAD, BAD, BAD },
	{ "1\xc3\xbc", BAD, BAD, BAD },
};

static void check(bool is_read, int64_t got, int64_t want)
{
	assert_int_equal(is_read, want != BAD);
	/* What is refused changes nothing. */
	assert_int_equal(got, want == BAD ? 4711 : want);
}

static void quantities_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(read_cases); i++) {
		const struct read_case *c = &read_cases[i];
		int64_t number = 4711;
		int64_t seconds = 4711;
		int64_t bytes = 4711;
		bool is_read = quantity_number(c->text, &number);

		check(is_read, number, c->number);
		is_read = quantity_seconds(c->text, &seconds);
		check(is_read, seconds, c->seconds);
		is_read = quantity_bytes(c->text, &bytes);
		check(is_read, bytes, c->bytes);
	}
}

static const struct rate_case {
	const char *text;
	struct rate want; /* a count of 0: refused */
} rate_cases[] = {
	{ "60/1h", { 60, 3600 } }, { "1/1s", { 1, 1 } },
	{ "10/10s", { 10, 10 } },  { "0/1s", { 0, 0 } },
	{ "1/0s", { 0, 0 } },      { "1/1", { 0, 0 } },
	{ "1/", { 0, 0 } },        { "/1s", { 0, 0 } },
	{ "1", { 0, 0 } },         { "1/1s/1s", { 0, 0 } },
	{ "1 / 1s", { 0, 0 } },    { "", { 0, 0 } },
};

static void rates_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rate_cases); i++) {
		struct rate want = rate_cases[i].want;
		struct rate rate = { 4711, 4711 };
		bool is_read = quantity_rate(rate_cases[i].text, &rate);

		assert_int_equal(is_read, want.count != 0);
		if (!is_read)
			want = (struct rate){ 4711, 4711 };
		assert_int_equal(rate.count, want.count);
		assert_int_equal(rate.period_s, want.period_s);
	}
}

static const struct print_case {
	int64_t seconds;
	const char *want;
} print_cases[] = {
	{ 0, "0s" },
	{ 1, "1s" },
	{ 59, "59s" },
	{ 60, "1m" },
	{ 90, "1m 30s" },
	{ 3600, "1h" },
	{ 3601, "1h" },
	{ 3660, "1h 1m" },
	{ 86400, "1d" },
	{ 86460, "1d" },
	{ 90000, "1d 1h" },
	{ 183600, "2d 3h" },
	{ 604800, "1w" },
	{ 694861, "1w 1d" },
	{ INT64_MAX, "15250284452471w 3d" },
};

static void durations_are_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(print_cases); i++) {
		char text[QUANTITY_TEXT];

		quantity_print_seconds(print_cases[i].seconds, text);
		assert_string_equal(text, print_cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantities_are_read),
		cmocka_unit_test(rates_are_read),
		cmocka_unit_test(durations_are_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
