#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/mem.h"
#include "chat/sanction.h"
#include "chat/sieve.h"

static const struct check_case {
	const char *pattern;
	bool want;
} check_cases[] = {
	{ "spam", true },
	{ "abc", true },
	{ "free pills", true },
	{ "*buy*now*", true },
	{ "世", true },
	{ "ab", false },
	{ "", false },
	{ "*", false },
	{ "***", false },
	{ "a*b*c", false },
	{ "     ", false },
	{ "bad\x01word", false },
	{ "\xff\xff\xff", false },
};

static void patterns_are_checked(void **state)
{
	char text[200];

	(void)state;
	for (size_t i = 0; i < COUNT(check_cases); i++) {
		struct refusal why = { 0 };

		print_message("# %s\n", check_cases[i].pattern);
		assert_int_equal(sieve_check(check_cases[i].pattern, &why),
				 check_cases[i].want ? ERR_OK : ERR_BAD_INPUT);
		assert_int_equal(why.text[0] == '\0', check_cases[i].want);
	}
	memset(text, 'x', sizeof(text));
	text[MASK_MOST] = '\0';
	assert_int_equal(sieve_check(text, NULL), ERR_OK);
	text[MASK_MOST] = 'x';
	text[MASK_MOST + 1] = '\0';
	assert_int_equal(sieve_check(text, NULL), ERR_BAD_INPUT);
}

static const struct catch_case {
	const char *pattern;
	const char *text;
	bool want;
} catch_cases[] = {
	{ "spam", "spam", true },
	{ "spam", "no SpAm here", true },
	{ "spam", "spa m", false },
	{ "spam", "spa", false },
	{ "spam", "", false },
	{ "straße", "Die STRAßE", true },
	{ "ÄRGER", "so ein ärger", true },
	{ "привет", "ПРИВЕТ!", true },
	{ "άλφα", "άΛΦΑ", true },
	{ "what?", "what? no", true },
	{ "what?", "whats", false },
	{ "*buy*now*", "Please BUY it now!", true },
	{ "*buy*now*", "now buy", false },
	{ "buy*", "buy this", true },
	{ "buy*", "do buy this", false },
	{ "*pills", "free pills", true },
	{ "*pills", "pills, free", false },
	{ "free*pills", "free pills", true },
	{ "free*pills", "freepills", true },
	{ "aba*bab", "abab", false },
	{ "spam*", "spam", true },
};

static void messages_are_caught(void **state)
{
	const struct sanction s = { .id = 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(catch_cases); i++) {
		const struct catch_case *c = &catch_cases[i];
		struct sieve *sieve = sieve_new();

		print_message("# %s: %s\n", c->pattern, c->text);
		sieve_add(sieve, c->pattern, &s);
		sieve_prepare(sieve);
		assert_int_equal(sieve_catch(sieve, c->text, 0) == &s, c->want);
		/* And nothing is left of the message before. */
		assert_int_equal(sieve_catch(sieve, c->text, 0) == &s, c->want);
		sieve_free(&sieve);
	}
}

static void each_of_many_is_found(void **state)
{
	enum { MANY = 100 };
	static struct sanction all[MANY];
	struct sieve *sieve = sieve_new();
	char text[32];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		all[i].id = (uint64_t)i + 1;
		snprintf(text, sizeof(text), "word%d.", i);
		sieve_add(sieve, text, &all[i]);
	}
	sieve_prepare(sieve);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "a word%d. here", i);
		assert_ptr_equal(sieve_catch(sieve, text, 0), &all[i]);
	}
	assert_null(sieve_catch(sieve, "a word100. here", 0));
	sieve_free(&sieve);
}

static void what_is_over_catches_nothing(void **state)
{
	const struct sanction s = { .id = 1, .until_ms = 1000 };
	struct sieve *sieve = sieve_new();

	(void)state;
	sieve_add(sieve, "spam", &s);
	sieve_prepare(sieve);
	assert_ptr_equal(sieve_catch(sieve, "spam", 999), &s);
	assert_null(sieve_catch(sieve, "spam", 1000));
	sieve_free(&sieve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_are_checked),
		cmocka_unit_test(messages_are_caught),
		cmocka_unit_test(each_of_many_is_found),
		cmocka_unit_test(what_is_over_catches_nothing),
	};

	return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
