#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What people see as "internal" is told apart inside only. */
static bool may_share(enum err e)
{
	return strcmp(err_code(e), "internal") == 0;
}

static void codes_differ(void **state)
{
	(void)state;
	for (int a = 0; a < ERR_COUNT; a++) {
		for (int b = a + 1; b < ERR_COUNT; b++) {
			if (!may_share(a) || !may_share(b))
				assert_string_not_equal(err_code(a),
							err_code(b));
		}
	}
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

static void codes_are_lower_case_words(void **state)
{
	(void)state;
	for (int e = 0; e < ERR_COUNT; e++) {
		const char *code = err_code(e);

		assert_int_equal(strspn(code, LETTERS), strlen(code));
		assert_true(strlen(code) >= 2);
	}
}

static void ok_is_nothing(void **state)
{
	(void)state;
	assert_int_equal(ERR_OK, 0);
	assert_string_equal(err_code(ERR_OK), "ok");
	assert_string_equal(err_code(ERR_STORAGE_FULL), "storage-full");
}

static void there_are_words(void **state)
{
	(void)state;
	for (int e = 0; e < ERR_COUNT; e++)
		assert_true(strlen(err_words(e)) >= 2);
	assert_string_equal(err_words(ERR_NOT_FOUND), "it does not exist");
	assert_string_equal(err_words(ERR_CORRUPT), "it is damaged");
	assert_string_equal(err_words(ERR_USAGE), "usage");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_differ),
		cmocka_unit_test(codes_are_lower_case_words),
		cmocka_unit_test(ok_is_nothing),
		cmocka_unit_test(there_are_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
