#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/secret.h"

static void copies_and_ends_with_nul(void **state)
{
	char bytes[] = { 'a', '\0', 'b' };
	struct secret *s = secret_new(bytes, sizeof(bytes));

	(void)state;
	bytes[0] = 'x';
	assert_int_equal(s->len, 3);
	assert_memory_equal(s->bytes, "a\0b", 4);
	secret_free(&s);
	assert_null(s);
	secret_free(&s);
}

static const struct equal_case {
	const char *a;
	const char *b;
	bool want;
} equal_cases[] = {
	{ "", "", true },           { "same", "same", true },
	{ "same", "sane", false },  { "same", "samE", false },
	{ "same", "same ", false }, { "", "s", false },
};

static void compares(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(equal_cases); i++) {
		const struct equal_case *c = &equal_cases[i];
		AUTO(secret_free)
		struct secret *a = secret_new(c->a, strlen(c->a));
		AUTO(secret_free)
		struct secret *b = secret_new(c->b, strlen(c->b));

		assert_int_equal(secret_equal(a, b), c->want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_and_ends_with_nul),
		cmocka_unit_test(compares),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
