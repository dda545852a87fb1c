#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/password.h"

static char long_line[PASSWORD_LINE_MOST + 8];

static const struct password_case {
	const char *name;
	const char *bytes;
	size_t len; /* 0: up to the NUL */
	enum err want;
	const char *password;
} password_cases[] = {
	{ "a line", "secret12\n", 0, ERR_OK, "secret12" },
	{ "no end", "secret12", 0, ERR_OK, "secret12" },
	{ "CR LF", "secret12\r\n", 0, ERR_OK, "secret12" },
	{ "only the first line counts", "one two\nthree\n", 0, ERR_OK,
	  "one two" },
	{ "nothing", "", 0, ERR_BAD_INPUT, NULL },
	{ "an empty line", "\nsecret12\n", 0, ERR_BAD_INPUT, NULL },
	{ "a NUL", "sec\0ret\n", 8, ERR_BAD_INPUT, NULL },
	{ "too long", long_line, 0, ERR_BAD_INPUT, NULL },
};

static void test_reads_the_first_line(void **state UNUSED)
{
	memset(long_line, 'x', PASSWORD_LINE_MOST + 1);
	for (size_t i = 0; i < COUNT(password_cases); i++) {
		const struct password_case *c = &password_cases[i];
		size_t len = c->len > 0 ? c->len : strlen(c->bytes);
		struct secret *password = NULL;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], c->bytes, len), len);
		close(ends[1]);
		if (password_from_fd(ends[0], &password) != c->want)
			fail_msg("%s", c->name);
		close(ends[0]);
		if (c->password != NULL)
			assert_string_equal(password->bytes, c->password);
		else
			assert_null(password);
		secret_free(&password);
	}
}

static void test_names_a_missing_file(void **state UNUSED)
{
	struct secret *password = NULL;

	assert_int_equal(password_from_file("/nonexistent/file", &password),
			 ERR_NOT_FOUND);
	assert_int_equal(password_from_file("/", &password), ERR_IO);
	assert_null(password);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_the_first_line),
		cmocka_unit_test(test_names_a_missing_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
