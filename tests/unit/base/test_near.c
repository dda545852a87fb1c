#include "base/near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

static const struct distance_case {
	const char *a;
	const char *b;
	unsigned want;
} distance_cases[] = {
	{ "", "", 0 },
	{ "", "abc", 3 },
	{ "abc", "", 3 },
	{ "join", "join", 0 },
	{ "JOIN", "join", 0 },
	{ "jion", "join", 1 },
	{ "JION", "join", 1 },
	{ "oin", "join", 1 },
	{ "joiin", "join", 1 },
	{ "jain", "join", 1 },
	{ "ca", "abc", 3 },
	{ "ab", "ba", 1 },
	{ "kitten", "sitting", 3 },
	{ "sesions", "sessions", 1 },
	{ "abcdefghijabcdefghijabcdefghij12",
	  "abcdefghijabcdefghijabcdefghij12", 0 },
	{ "abcdefghijabcdefghijabcdefghij12345",
	  "abcdefghijabcdefghijabcdefghij12", 0 },
};

static void letters_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(distance_cases); i++) {
		const struct distance_case *c = &distance_cases[i];

		assert_int_equal(near_distance(c->a, c->b), c->want);
		assert_int_equal(near_distance(c->b, c->a), c->want);
	}
}

static const struct best_case {
	const char *word;
	const char *words[4];
	const char *want;
} best_cases[] = {
	{ "jion", { "leave", "join", "joint" }, "join" },
	{ "leve", { "join", "leave" }, "leave" },
	{ "xyzzy", { "join", "leave" }, NULL },
	{ "wh", { "who", "whois" }, "who" },
	{ "q", { "w", "quit" }, NULL },
	{ "Q", { "q" }, "q" },
	{ "", { "q", "quit" }, NULL },
	{ "topci", { "topic", "topics" }, "topic" },
	/* The first of two equally near ones. */
	{ "cat", { "bat", "rat" }, "bat" },
	/* A long word is no licence to match everything. */
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "a",
	  { "join", "say" },
	  NULL },
};

static void nearest_word_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(best_cases); i++) {
		const struct best_case *c = &best_cases[i];
		struct near n;

		near_init(&n, c->word);
		for (int j = 0; c->words[j] != NULL; j++)
			near_show(&n, c->words[j]);
		if (c->want == NULL)
			assert_null(n.best);
		else
			assert_string_equal(n.best, c->want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_counted),
		cmocka_unit_test(nearest_word_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
