#include "base/nesting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

static const struct nesting_case {
	const char *text;
	int depth;
} nesting_cases[] = {
	{ "", 0 },
	{ "1", 0 },
	{ "{}", 1 },
	{ "[[]]", 2 },
	{ "[[],[],{}]", 2 },
	{ "{\"a\":[{\"b\":[]}]}", 4 },
	/* Brackets in a text are none, also behind a quote in it. */
	{ "[\"[[[[\"]", 1 },
	{ "[\"\\\"[[[[\"]", 1 },
	{ "[\"\\\\\",[]]", 2 },
	/* No JSON, but a parser may begin with it. */
	{ "[[[", 3 },
	{ "]]][[", 0 },
	{ "[\"", 1 },
	{ "[\"\\", 1 },
};

static void levels_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(nesting_cases); i++) {
		const struct nesting_case *c = &nesting_cases[i];
		size_t len = strlen(c->text);

		assert_false(nesting_is_deep(c->text, len, c->depth));
		if (c->depth > 0)
			assert_true(
				nesting_is_deep(c->text, len, c->depth - 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
