#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/mem.h"
#include "chat/sanction/sanction.h"
#include "chat/sanction/sieve.h"

static const struct catch_case {
	const char *pattern;
	const char *text;
	bool want;
} catch_cases[] = {
	{ "literal:spam", "spam", true },
	{ "literal:spam", "no SpAm here", true },
	{ "literal:spam", "spa m", false },
	{ "literal:spam", "spa", false },
	{ "literal:spam", "", false },
	{ "literal:straße", "Die STRAßE", true },
	{ "literal:ÄRGER", "so ein ärger", true },
	{ "literal:привет", "ПРИВЕТ!", true },
	{ "literal:άλφα", "άΛΦΑ", true },
	{ "literal:a*b", "a*b", true },
	{ "literal:a*b", "aab", false },
	{ "literal:spam",
	  "s\xe2\x80\x8bp\xc2\xad"
	  "am",
	  true },
	{ "literal:spam", "ｓｐａｍ", true },
	{ "literal:spam",
	  "s\xcc\x81p\xcc\x88"
	  "am",
	  true },
	{ "literal:ſpäm", "SPAM", true },
	{ "literal:what?", "what? no", true },
	{ "literal:what?", "whats", false },
	{ "glob:*buy*now*", "Please BUY it now!", true },
	{ "glob:*buy*now*", "now buy", false },
	{ "glob:buy*", "buy this", true },
	{ "glob:buy*", "do buy this", false },
	{ "glob:*pills", "free pills", true },
	{ "glob:*pills", "pills, free", false },
	{ "glob:free*pills", "free pills", true },
	{ "glob:free*pills", "freepills", true },
	{ "glob:aba*bab", "abab", false },
	{ "glob:spam*", "spam", true },
};

static void set(struct sanction *s, const char *pattern)
{
	snprintf(s->mask.text, sizeof(s->mask.text), "%s", pattern);
}

static void messages_are_caught(void **state)
{
	struct sanction s = { .id = 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(catch_cases); i++) {
		const struct catch_case *c = &catch_cases[i];
		struct sieve *sieve = sieve_new();

		print_message("# %s: %s\n", c->pattern, c->text);
		set(&s, c->pattern);
		sieve_add(sieve, &s);
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
		snprintf(text, sizeof(text), "literal:word%d.", i);
		set(&all[i], text);
		sieve_add(sieve, &all[i]);
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
	struct sanction s = { .id = 1, .until_ms = 1000 };
	struct sieve *sieve = sieve_new();

	(void)state;
	set(&s, "literal:spam");
	sieve_add(sieve, &s);
	sieve_prepare(sieve);
	assert_ptr_equal(sieve_catch(sieve, "spam", 999), &s);
	assert_null(sieve_catch(sieve, "spam", 1000));
	sieve_free(&sieve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_caught),
		cmocka_unit_test(each_of_many_is_found),
		cmocka_unit_test(what_is_over_catches_nothing),
	};

	return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
