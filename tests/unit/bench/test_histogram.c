#include "bench/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

static struct histogram h;

static int empty(void **state)
{
	(void)state;
	memset(&h, 0, sizeof(h));
	return 0;
}

/* One value, and what is read back: less than 1.6 % above, never below. */
static void a_value_is_kept_closely(void **state)
{
	static const int64_t values[] = {
		0,    1,    63,   64,     65,        127,     128,
		1000, 4095, 4096, 999999, 123456789, 1 << 30, 60000000000
	};

	for (unsigned i = 0; i < COUNT(values); i++) {
		int64_t got;

		empty(state);
		histogram_record(&h, values[i]);
		histogram_record(&h, INT64_C(1) << 40);
		got = histogram_at(&h, 0.5);
		assert_true(got >= values[i]);
		assert_true(got <= values[i] + values[i] / 63);
	}
}

static void buckets_do_not_fall_back(void **state)
{
	(void)state;
	for (int64_t ns = 1; ns < 1 << 20; ns++)
		assert_in_range(histogram_bucket(ns) - histogram_bucket(ns - 1),
				0, 1);
	assert_int_equal(histogram_bucket(-5), 0);
	assert_int_equal(histogram_bucket(INT64_MAX), HISTOGRAM_BUCKETS - 1);
}

static const struct share_case {
	double share;
	int64_t want;
} share_cases[] = {
	{ 0, 1 }, { 0.01, 1 }, { 0.5, 50 }, { 0.51, 51 }, { 1, 100 },
};

static void shares_are_counted(void **state)
{
	(void)state;
	for (int64_t ns = 100; ns >= 1; ns--)
		histogram_record(&h, ns);
	for (unsigned i = 0; i < COUNT(share_cases); i++) {
		int64_t got = histogram_at(&h, share_cases[i].share);

		assert_in_range(got, share_cases[i].want,
				share_cases[i].want + 1);
	}
}

static void two_are_joined(void **state)
{
	static struct histogram other;

	(void)state;
	histogram_record(&h, 10);
	histogram_record(&other, 7000);
	histogram_record(&other, 20);
	histogram_add(&h, &other);
	assert_int_equal(h.count, 3);
	assert_int_equal(histogram_at(&h, 0.5), 20);
	assert_int_equal(histogram_at(&h, 1), 7000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_value_is_kept_closely, empty),
		cmocka_unit_test(buckets_do_not_fall_back),
		cmocka_unit_test_setup(shares_are_counted, empty),
		cmocka_unit_test_setup(two_are_joined, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
