#include "chat/sanction/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* NULL: refused. */
static const struct parse_case {
	const char *words;
	enum sanction_kind kind;
	const char *want;
} parse_cases[] = {
	{ "spam", SANCTION_REFUSE, "literal:spam" },
	{ "free pills", SANCTION_REFUSE, "literal:free pills" },
	{ "hold spam", SANCTION_HOLD, "literal:spam" },
	{ "mute glob *buy*now*", SANCTION_MUTE, "glob:*buy*now*" },
	{ "literal a*b", SANCTION_REFUSE, "literal:a*b" },
	{ "refuse literal hold", SANCTION_REFUSE, "literal:hold" },
	{ "refuse  literal  glob", SANCTION_REFUSE, "literal:glob" },
	{ "mute", SANCTION_REFUSE, "literal:mute" },
	{ "mute ", SANCTION_REFUSE, "literal:mute " },
	{ "glob", SANCTION_REFUSE, "literal:glob" },
	{ "hold glob", SANCTION_HOLD, "literal:glob" },
	{ "holding", SANCTION_REFUSE, "literal:holding" },
	{ "abc", SANCTION_REFUSE, "literal:abc" },
	{ "***", SANCTION_REFUSE, "literal:***" },
	{ "世", SANCTION_REFUSE, "literal:世" },
	{ "ab", 0, NULL },
	{ "", 0, NULL },
	{ "     ", 0, NULL },
	{ "glob *", 0, NULL },
	{ "glob ***", 0, NULL },
	{ "glob a*b*c", 0, NULL },
	{ "glob *   *", 0, NULL },
	{ "bad\x01word", 0, NULL },
	{ "\xff\xff\xff", 0, NULL },
	/* Nothing of these is left. */
	{ "\xe2\x80\x8b\xe2\x80\x8b", 0, NULL },
	{ "\xcc\x81\xcc\x81\xcc\x81", 0, NULL },
	{ "a\xe2\x80\x8b\xe2\x80\x8b", 0, NULL },
};

static void words_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		char pattern[PATTERN_MOST + 1];
		enum sanction_kind kind;
		struct refusal why = { 0 };

		print_message("# %s\n", c->words);
		assert_int_equal(pattern_parse(c->words, &kind, pattern, &why),
				 c->want == NULL ? ERR_BAD_INPUT : ERR_OK);
		assert_int_equal(why.text[0] == '\0', c->want != NULL);
		if (c->want == NULL)
			continue;
		assert_int_equal(kind, c->kind);
		assert_string_equal(pattern, c->want);
	}
}

static void a_text_is_bounded(void **state)
{
	char pattern[PATTERN_MOST + 1];
	char text[PATTERN_TEXT_MOST + 2];
	enum sanction_kind kind;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[PATTERN_TEXT_MOST + 1] = '\0';
	assert_int_equal(pattern_parse(text, &kind, pattern, NULL),
			 ERR_BAD_INPUT);
	text[PATTERN_TEXT_MOST] = '\0';
	assert_int_equal(pattern_parse(text, &kind, pattern, NULL), ERR_OK);
	assert_int_equal(strlen(pattern), PATTERN_MOST);
	assert_int_equal(pattern_check("spam", NULL), ERR_BAD_INPUT);
	assert_int_equal(pattern_check("other:spam", NULL), ERR_BAD_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_read),
		cmocka_unit_test(a_text_is_bounded),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
