#include "bank/memo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct memo_case {
	const char *memo;
	const char *remark;
	const char *words;
} memo_cases[] = {
	{ "", "", "" },
	{ "lunch", " (lunch)", " lunch" },
	{ "lunch (pizza)", " (lunch (pizza))", " lunch (pizza)" },
	{ "a (b (c)) and d", " (a (b (c)) and d)", " a (b (c)) and d" },
	{ "3.50 each, 1/2", " (3.50 each, 1/2)", " 3.50 each, 1/2" },
	{ "f\xc3\xbcr zwei", " (f\xc3\xbcr zwei)", " f\xc3\xbcr zwei" },
	{ "Dr. Who", " (Dr. Who)", " (Dr. Who)" },
	{ "invoice #7", " (invoice #7)", " (invoice #7)" },
	{ "thanks :)", " (thanks :])", " thanks :]" },
	{ "1) tea", " (1] tea)", " 1] tea" },
	{ "(", " ([)", " [" },
	{ "x). New balance: 9000.00 R. #7", " (x]. New balance: 9000.00 R. #7)",
	  " (x]. New balance: 9000.00 R. #7)" },
	{ "x). New balance: 9000.00 R. #7 (y",
	  " (x]. New balance: 9000.00 R. #7 [y)",
	  " (x]. New balance: 9000.00 R. #7 [y)" },
	{ "x (y). New balance: 9000.00 R. #7",
	  " (x [y]. New balance: 9000.00 R. #7)",
	  " (x [y]. New balance: 9000.00 R. #7)" },
	{ "x (y): /accept 9 pays it", " (x [y]: /accept 9 pays it)",
	  " x [y]: /accept 9 pays it" },
	{ "x\xef\xbc\x89\xe3\x80\x82 #7", " (x]\xe3\x80\x82 #7)",
	  " (x]\xe3\x80\x82 #7)" },
	{ "x. Balance 9000.00 R. #7", " (x. Balance 9000.00 R. #7)",
	  " (x. Balance 9000.00 R. #7)" },
	{ "x.BALANCE 9000.00 R", " (x.BALANCE 9000.00 R)",
	  " (x.BALANCE 9000.00 R)" },
};

static void test_shown(void **state)
{
	char text[MEMO_SHOWN];

	(void)state;
	for (size_t i = 0; i < sizeof(memo_cases) / sizeof(*memo_cases); i++) {
		const struct memo_case *c = &memo_cases[i];

		memo_remark(c->memo, text);
		assert_string_equal(text, c->remark);
		memo_words(c->memo, text);
		assert_string_equal(text, c->words);
	}
}

/* As long as one can be: nothing of it is lost. */
static void test_longest(void **state)
{
	char text[MEMO_SHOWN];
	char memo[MEMO];

	(void)state;
	memset(memo, ')', sizeof(memo));
	memo[MEMO - 1] = '\0';
	memo_remark(memo, text);
	assert_int_equal(strlen(text), MEMO_SHOWN - 1);
	assert_memory_equal(text, " (]]", 4);
	assert_string_equal(text + MEMO_SHOWN - 4, "]])");
	memo_words(memo, text);
	assert_int_equal(strlen(text), MEMO);
}

static void test_amount(void **state)
{
	(void)state;
	assert_true(memo_is_amount("1", "000"));
	assert_true(memo_is_amount("1", " 000.50 for all"));
	assert_true(memo_is_amount("10", ",5"));
	assert_false(memo_is_amount("1.00", "000"));
	assert_false(memo_is_amount("1", ""));
	assert_false(memo_is_amount("1", "..."));
	assert_false(memo_is_amount("1", "... 5"));
	assert_false(memo_is_amount("1", "3rd"));
	assert_false(memo_is_amount("1", "for 3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_amount),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
