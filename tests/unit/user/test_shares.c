#include "user/shares.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/attr.h"

static unsigned take_all(struct shares *shares, const char *key)
{
	unsigned taken = 0;

	while (taken < 1000 && shares_take(shares, key))
		taken++;
	return taken;
}

static const struct bound_case {
	const char *name;
	size_t total;
	size_t most;
	unsigned want;
} bound_cases[] = {
	{ "most", 1024, 16, 16 },
	{ "a quarter of a short queue", 16, 16, 4 },
	{ "the two are the same", 64, 16, 16 },
	{ "one at least", 3, 16, 1 },
};

static void nobody_holds_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bound_cases); i++) {
		const struct bound_case *c = &bound_cases[i];
		struct shares *shares = shares_new(c->total, c->most);

		print_message("# %s\n", c->name);
		assert_int_equal(take_all(shares, "192.0.2.1"), c->want);
		assert_int_equal(take_all(shares, "192.0.2.2"), c->want);
		shares_free(&shares);
		assert_null(shares);
	}
}

static void what_is_given_back_can_be_taken(void **state)
{
	struct shares *shares = shares_new(1024, 3);

	(void)state;
	for (unsigned round = 1; round <= 3; round++) {
		assert_int_equal(take_all(shares, "2001:db8::/64"),
				 round == 1 ? 3 : round - 1);
		for (unsigned i = 0; i < round; i++)
			shares_give(shares, "2001:db8::/64");
	}
	assert_int_equal(take_all(shares, "2001:db8::/64"), 3);
	shares_free(&shares);
}

/* Those who hold nothing any more take no room. */
static void many_may_come_after_each_other(void **state)
{
	struct shares *shares = shares_new(1024, 2);
	char key[32];

	(void)state;
	assert_true(shares_take(shares, "patient"));
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "key %u", i);
		assert_true(shares_take(shares, key));
		shares_give(shares, key);
	}
	assert_true(shares_take(shares, "patient"));
	assert_false(shares_take(shares, "patient"));
	shares_free(&shares);
}

static void none_is_freed(void **state)
{
	struct shares *shares = NULL;

	(void)state;
	shares_free(&shares);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_holds_more),
		cmocka_unit_test(what_is_given_back_can_be_taken),
		cmocka_unit_test(many_may_come_after_each_other),
		cmocka_unit_test(none_is_freed),
	};

	return cmocka_run_group_tests_name("shares", tests, NULL, NULL);
}
