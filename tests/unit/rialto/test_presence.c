#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "rialto/atm/presence.h"

static const struct key_case {
	const char *name;
	const char *first;
	const char *second;
	int64_t later_ms;
	bool is_somebody;
} key_cases[] = {
	{ "it is held", "x", "x", 40, false },
	{ "by a slow terminal", "x", "x", 500, false },
	{ "it is pressed again", "x", "x", 700, true },
	{ "another key", "x", "y", 40, true },
	{ "many of it at once", "x", "xxxxxxxxxxxx", 40, false },
	{ "after many", "xxxx", "x", 40, false },
	{ "others came, too", "x", "xxxy", 40, true },
	{ "after others", "xy", "y", 40, true },
	{ "the same few again", "xy", "xy", 40, true },
	{ "an arrow", "\033[A", "\033[A", 40, false },
	{ "an arrow, many times", "\033[A", "\033[A\033[A", 40, false },
	{ "a letter of two bytes", "\xc3\xbc", "\xc3\xbc", 40, false },
	{ "Enter", "\n", "\n", 40, false },
};

static void test_keys(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(key_cases); i++) {
		const struct key_case *c = &key_cases[i];
		struct presence p = { 0 };

		assert_true(
			presence_typed(&p, c->first, strlen(c->first), 100000));
		if (presence_typed(&p, c->second, strlen(c->second),
				   100000 + c->later_ms) != c->is_somebody)
			fail_msg("%s", c->name);
		assert_int_equal(p.seen_ms, c->is_somebody
						    ? 100000 + c->later_ms
						    : 100000);
	}
}

static void test_one_who_holds_a_key_comes_back(void **state UNUSED)
{
	struct presence p = { 0 };
	int64_t now_ms = 100000;

	for (int i = 0; i < 1000; i++)
		(void)presence_typed(&p, "x", 1, now_ms += 40);
	assert_int_equal(p.seen_ms, 100040);
	assert_true(presence_typed(&p, "x", 1, now_ms + 1000));
	assert_int_equal(p.seen_ms, now_ms + 1000);
}

/* What is asked because of a key that is held is asked of nobody. */
static void test_questions(void **state UNUSED)
{
	struct presence p = { 0 };

	assert_true(presence_ask(&p, false, 100000));
	assert_true(presence_typed(&p, "x", 1, 101000));
	assert_true(presence_ask(&p, false, 101010));
	assert_false(presence_typed(&p, "x", 1, 101040));
	assert_false(presence_ask(&p, false, 101050));
	assert_int_equal(p.seen_ms, 101010);

	/* The answer took long: whoever waited for it has all the time. */
	assert_true(presence_ask(&p, false, 110000));
	assert_int_equal(p.seen_ms, 110000);

	/* The start may be looked at for ever, and then a visit begins. */
	assert_true(presence_typed(&p, "x", 1, 111000));
	assert_false(presence_typed(&p, "x", 1, 111040));
	assert_true(presence_ask(&p, true, 111050));
	assert_int_equal(p.seen_ms, 111050);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_one_who_holds_a_key_comes_back),
		cmocka_unit_test(test_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
