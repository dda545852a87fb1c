#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "rialto/backoff.h"

static void test_doubles_up_to_half_a_minute(void **state UNUSED)
{
	static const int64_t want_s[] = { 1, 2, 4, 8, 16, 30, 30, 30 };

	for (int round = 0; round < 100; round++) {
		struct backoff b = { 0 };

		for (size_t i = 0; i < COUNT(want_s); i++) {
			int64_t wait_ms = backoff_next_ms(&b);

			assert_true(wait_ms >= want_s[i] * 750);
			assert_true(wait_ms <= want_s[i] * 1250);
		}
	}
}

static void test_leaves_something_to_chance(void **state UNUSED)
{
	struct backoff first = { 5 };
	int64_t wait_ms = backoff_next_ms(&first);
	int same = 0;

	for (int i = 0; i < 100; i++) {
		struct backoff b = { 5 };

		same += backoff_next_ms(&b) == wait_ms;
	}
	assert_true(same < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubles_up_to_half_a_minute),
		cmocka_unit_test(test_leaves_something_to_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
