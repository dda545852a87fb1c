#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rialto/colour.h"

static const struct when_case {
	enum colour_when when;
	const char *no_color;
	bool want; /* on a pipe */
} when_cases[] = {
	{ COLOUR_AUTO, NULL, false },
	{ COLOUR_ALWAYS, NULL, true },
	{ COLOUR_ALWAYS, "1", true },
	{ COLOUR_NEVER, NULL, false },
};

static void test_asks_the_terminal(void **state UNUSED)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	for (size_t i = 0; i < COUNT(when_cases); i++) {
		unsetenv("NO_COLOR");
		if (when_cases[i].no_color != NULL)
			setenv("NO_COLOR", when_cases[i].no_color, 1);
		assert_int_equal(colour_is_wanted(when_cases[i].when, ends[1]),
				 when_cases[i].want);
	}
	close(ends[0]);
	close(ends[1]);
}

static void test_honours_no_color(void **state UNUSED)
{
	static const struct {
		const char *no_color, *term;
		bool want; /* on a terminal */
	} rows[] = {
		{ NULL, "xterm", true }, { "", "xterm", true },
		{ "1", "xterm", false }, { "0", "xterm", false },
		{ NULL, "dumb", false }, { NULL, NULL, false },
	};
	int terminal = posix_openpt(0);

	assert_true(terminal >= 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsetenv("NO_COLOR");
		unsetenv("TERM");
		if (rows[i].no_color != NULL)
			setenv("NO_COLOR", rows[i].no_color, 1);
		if (rows[i].term != NULL)
			setenv("TERM", rows[i].term, 1);
		assert_int_equal(colour_is_wanted(COLOUR_AUTO, terminal),
				 rows[i].want);
	}
	close(terminal);
}

static void test_reads_words(void **state UNUSED)
{
	enum colour_when when = COLOUR_NEVER;

	assert_true(colour_when_parse("always", &when));
	assert_int_equal(when, COLOUR_ALWAYS);
	assert_false(colour_when_parse("sometimes", &when));
	assert_int_equal(when, COLOUR_ALWAYS);
}

static const struct line_case {
	const char *text;
	const char *want;
} line_cases[] = {
	{ "[lobby] ann: hi", "\033[36m[lobby] ann: \033[0mhi" },
	{ "[lobby] -- bob joined", "\033[2m[lobby] -- bob joined\033[0m" },
	{ "!! busy Try later.", "\033[31m!! busy Try later.\033[0m" },
	{ "-- Bye.", "\033[32m-- \033[0mBye." },
	{ "anything", "anything" },
	{ "[lobby] ann: hi Ben, Benny and @ben",
	  "\033[36m[lobby] ann: \033[0mhi \033[1;33mBen\033[0m, Benny and "
	  "@\033[1;33mben\033[0m" },
	{ "[lobby] 20:14 ann: ben!",
	  "\033[36m[lobby] 20:14 ann: \033[0m\033[1;33mben\033[0m!" },
	{ "[lobby] * ann waves to ben and all",
	  "\033[36m[lobby] * ann waves to \033[1;33mben\033[0m\033[36m and "
	  "all\033[0m" },
	{ "[lobby] ben: ben again", "\033[36m[lobby] ben: \033[0mben again" },
	{ "[lobby] ann: _ben_",
	  "\033[36m[lobby] ann: \033[0m_\033[1;33mben\033[0m_" },
};

static void test_colours_lines(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(line_cases); i++) {
		AUTO(buf_fini) struct buf out = { 0 };

		colour_line(line_cases[i].text, "ben", &out);
		assert_string_equal(buf_text(&out), line_cases[i].want);
	}
}

static void test_knows_no_name_at_first(void **state UNUSED)
{
	AUTO(buf_fini) struct buf out = { 0 };

	colour_line("[lobby] ann: ben", NULL, &out);
	assert_string_equal(buf_text(&out), "\033[36m[lobby] ann: \033[0mben");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asks_the_terminal),
		cmocka_unit_test(test_honours_no_color),
		cmocka_unit_test(test_reads_words),
		cmocka_unit_test(test_colours_lines),
		cmocka_unit_test(test_knows_no_name_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
