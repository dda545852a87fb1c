#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "joke/joke.h"

static const struct joke_case {
	const char *setup;
	const char *punchline;
	const char *want_setup; /* NULL: not told */
	const char *want_punchline;
} cases[] = {
	{ "Why?", "Because.", "Why?", "Because." },
	{ "Ha.", NULL, "Ha.", NULL },
	{ " \t two\r\n words \v\f", NULL, "two words", NULL },
	{ "Why?", "\n", NULL, NULL },
	{ "", "Because.", NULL, NULL },
	{ "", NULL, NULL, NULL },
	{ "\x1b[2J", NULL, NULL, NULL },
	{ "Why?", "\a", NULL, NULL },
	{ "\xc3\xa9\xf0\x9f\x8e\xad", NULL, "\xc3\xa9\xf0\x9f\x8e\xad", NULL },
	{ "\xe9", NULL, NULL, NULL },
	{ "a\xe2\x80\xae"
	  "b",
	  NULL, NULL, NULL },
};

static void check(const struct joke_case *c)
{
	struct joke *joke = joke_new(c->setup, c->punchline);

	if (c->want_setup == NULL) {
		assert_null(joke);
		return;
	}
	assert_non_null(joke);
	assert_string_equal(joke->setup, c->want_setup);
	if (c->want_punchline == NULL)
		assert_null(joke->punchline);
	else
		assert_string_equal(joke->punchline, c->want_punchline);
	joke_free(&joke);
	assert_null(joke);
}

static void test_makes_lines_of_text(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		check(&cases[i]);
}

static void test_bounds_a_line(void **state UNUSED)
{
	char text[JOKE_LINE + 2] = { 0 };
	struct joke *joke;

	memset(text, 'x', JOKE_LINE);
	joke = joke_new(text, text);
	assert_non_null(joke);
	joke_free(&joke);
	text[JOKE_LINE] = 'x';
	assert_null(joke_new(text, NULL));
	assert_null(joke_new("Why?", text));
	/* What is left out does not count. */
	text[JOKE_LINE] = ' ';
	joke = joke_new(text, NULL);
	assert_non_null(joke);
	joke_free(&joke);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_makes_lines_of_text),
		cmocka_unit_test(test_bounds_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
