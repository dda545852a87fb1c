#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "crypto/random.h"

static void fills_all_bytes(void **state)
{
	uint8_t all[64] = { 0 };
	uint8_t zeros[64] = { 0 };

	(void)state;
	for (int i = 0; i < 16; i++) {
		uint8_t bytes[64] = { 0 };

		random_bytes(bytes, sizeof(bytes) - 1);
		assert_int_equal(bytes[63], 0);
		assert_memory_not_equal(bytes, zeros, sizeof(bytes));
		for (size_t n = 0; n < sizeof(bytes); n++)
			all[n] |= bytes[n];
	}
	for (size_t n = 0; n < sizeof(all) - 1; n++)
		assert_int_not_equal(all[n], 0);
}

static void stays_below_the_limit(void **state)
{
	static const uint64_t limits[] = {
		1, 2, 3, 10, UINT64_MAX / 2 + 2, UINT64_MAX
	};

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		for (int n = 0; n < 200; n++)
			assert_true(random_below(limits[i]) < limits[i]);
	}
}

/* 3,000 draws: 1,000 each, and a miss by 200 is beyond seven deviations. */
static void has_no_bias(void **state)
{
	int count[3] = { 0 };

	(void)state;
	for (int n = 0; n < 3000; n++)
		count[random_below(3)]++;
	for (int i = 0; i < 3; i++)
		assert_in_range(count[i], 800, 1200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_all_bytes),
		cmocka_unit_test(stays_below_the_limit),
		cmocka_unit_test(has_no_bias),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
