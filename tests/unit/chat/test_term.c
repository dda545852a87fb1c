#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/mem.h"
#include "chat/sanction/term.h"

static const struct term_case {
	const char *text;
	int64_t seconds; /* -1: refused */
	const char *reason;
} term_cases[] = {
	{ NULL, 0, "" },
	{ "", 0, "" },
	{ "spamming", 0, "spamming" },
	{ "2h", 7200, "" },
	{ "2h spamming a lot", 7200, "spamming a lot" },
	{ "  10m   late ", 600, "late " },
	{ "1s", 1, "" },
	{ "3650d", 3650LL * 86400, "" },
	{ "3651d", -1, NULL },
	{ "0s", -1, NULL },
	{ "-5m", -1, NULL },
	{ "+5m", -1, NULL },
	{ "10", -1, NULL },
	{ "1d12h", -1, NULL },
	{ "10min be quiet", -1, NULL },
	{ "2Hours", -1, NULL },
	{ "1day", -1, NULL },
	{ "1h30min late", -1, NULL },
	{ "3rd time", 0, "3rd time" },
	{ "4chan", 0, "4chan" },
	{ "2-3 times", 0, "2-3 times" },
	{ "9223372036854775807d", -1, NULL },
	{ "99999999999999999999999999999999999999999s", -1, NULL },
	{ "2nd warning", 0, "2nd warning" },
	{ "h", 0, "h" },
	{ "was rude 2h", 0, "was rude 2h" },
};

static void terms_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(term_cases); i++) {
		const struct term_case *c = &term_cases[i];
		struct refusal why = { 0 };
		struct term term;

		print_message("# %s\n", c->text == NULL ? "nothing" : c->text);
		assert_int_equal(term_parse(c->text, &term, &why),
				 c->seconds < 0 ? ERR_BAD_INPUT : ERR_OK);
		if (c->seconds < 0) {
			assert_non_null(strstr(why.text, "is no duration"));
			continue;
		}
		assert_int_equal(term.seconds, c->seconds);
		assert_string_equal(term.reason, c->reason);
	}
}

static void a_reason_is_bounded(void **state)
{
	enum { HUGE_REASON = 1 << 20 };
	char *text = mem_zero(HUGE_REASON + 1);
	struct refusal why = { 0 };
	struct term term;

	(void)state;
	memset(text, 'x', HUGE_REASON);
	assert_int_equal(term_parse(text, &term, &why), ERR_BAD_INPUT);
	assert_non_null(strstr(why.text, "256 bytes"));
	text[REASON_MOST + 1] = '\0';
	assert_int_equal(term_parse(text, &term, NULL), ERR_BAD_INPUT);
	text[REASON_MOST] = '\0';
	assert_int_equal(term_parse(text, &term, NULL), ERR_OK);
	assert_int_equal(strlen(term.reason), REASON_MOST);
	mem_free(text);
}

static void terms_are_told(void **state)
{
	const struct term term = { .seconds = 60 };
	const struct term forever = { .seconds = 0 };
	char text[TERM_TEXT];

	(void)state;
	assert_int_equal(term_end_ms(&term, 1000), 61000);
	assert_int_equal(term_end_ms(&forever, 1000), 0);
	assert_string_equal(term_print(0, text), "for good");
	assert_true(strncmp(term_print(61000, text), "until 19", 8) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_are_read),
		cmocka_unit_test(a_reason_is_bounded),
		cmocka_unit_test(terms_are_told),
	};

	return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
