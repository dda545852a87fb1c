#include "log/limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void ten_pass_in_ten_seconds(void **state)
{
	struct log_limit limit = { .window_ms = 1000 };
	unsigned suppressed;

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_true(log_limit_pass(&limit, 1000 + i, &suppressed));
		assert_int_equal(suppressed, 0);
	}
	for (int i = 0; i < 5; i++)
		assert_false(log_limit_pass(&limit, 10999, &suppressed));
	assert_true(log_limit_pass(&limit, 11000, &suppressed));
	assert_int_equal(suppressed, 5);
	assert_true(log_limit_pass(&limit, 11000, &suppressed));
	assert_int_equal(suppressed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_pass_in_ten_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
