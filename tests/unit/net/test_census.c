#include "net/census.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/thread.h"

static struct address from(const char *text)
{
	struct address a;

	assert_true(address_parse(text, "/f", &a, NULL));
	return a;
}

/* One after another, with at most five in all and two per site. */
static const struct census_case {
	const char *from;
	bool leaves;
	enum err want;
} census_cases[] = {
	{ "192.0.2.1:1", false, ERR_OK },
	{ "192.0.2.1:2", false, ERR_OK },
	{ "192.0.2.1:3", false, ERR_TOO_MANY_SESSIONS },
	{ "[::ffff:192.0.2.1]:4", false, ERR_TOO_MANY_SESSIONS },
	{ "192.0.2.2:1", false, ERR_OK },
	{ "192.0.2.1:1", true, ERR_OK },
	{ "192.0.2.1:4", false, ERR_OK },
	{ "[2001:db8::1]:1", false, ERR_OK },
	{ "[2001:db8::ffff:1]:1", false, ERR_OK },
	{ "[2001:db8:0:1::1]:1", false, ERR_TOO_MANY_SESSIONS }, /* in all */
	{ "192.0.2.2:1", true, ERR_OK },
	{ "[2001:db8::2]:1", false, ERR_TOO_MANY_SESSIONS },
	{ "[2001:db8:0:1::1]:1", false, ERR_OK },
	{ "unix:x", false, ERR_TOO_MANY_SESSIONS },
	{ "192.0.2.1:1", true, ERR_OK },
	{ "192.0.2.1:1", true, ERR_OK },
	{ "unix:x", false, ERR_OK },
	{ "unix:x", false, ERR_OK },
	{ "unix:x", false, ERR_TOO_MANY_SESSIONS },
	{ "unix:x", true, ERR_OK },
	{ "unix:x", true, ERR_OK },
	{ "192.0.2.9:1", false, ERR_OK },
};

static void limits_hold_in_all_and_per_site(void **state)
{
	struct census *census = census_new();
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(census_cases); i++) {
		const struct census_case *c = &census_cases[i];
		struct address a = from(c->from);

		print_message("# %s %s\n", c->leaves ? "without" : "with",
			      c->from);
		if (c->leaves) {
			census_leave(census, &a);
			count--;
		} else {
			assert_int_equal(census_enter(census, &a, 5, 2),
					 c->want);
			count += c->want == ERR_OK;
		}
		assert_int_equal(census_count(census), count);
	}
	census_free(&census);
	assert_null(census);
	census_free(&census);
}

static void below_zero_is_no_limit(void **state)
{
	struct census *census = census_new();
	struct address a = from("192.0.2.1:1");

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(census_enter(census, &a, -1, -1), ERR_OK);
	assert_int_equal(census_enter(census, &a, 1000, -1),
			 ERR_TOO_MANY_SESSIONS);
	assert_int_equal(census_enter(census, &a, -1, 1000),
			 ERR_TOO_MANY_SESSIONS);
	assert_int_equal(census_enter(census, &a, 0, 0), ERR_TOO_MANY_SESSIONS);
	census_free(&census);
}

static void numbers_count_from_one(void **state)
{
	struct census *census = census_new();

	(void)state;
	assert_int_equal(census_number(census), 1);
	assert_int_equal(census_number(census), 2);
	census_free(&census);
}

struct actor {
	struct thread thread;
	struct census *census;
	struct address from;
	unsigned entered;
	unsigned most;
};

/* Comes three times and goes three times, again and again. */
static void come_and_go(void *arg)
{
	struct actor *a = arg;

	for (int i = 0; i < 2000; i++) {
		unsigned inside = 0;

		for (int k = 0; k < 3; k++)
			inside += census_enter(a->census, &a->from, 4, 2) ==
				  ERR_OK;
		if (inside > a->most)
			a->most = inside;
		a->entered += inside;
		for (; inside > 0; inside--)
			census_leave(a->census, &a->from);
	}
}

static void from_many_threads(void **state)
{
	struct census *census = census_new();
	struct actor actors[3];

	(void)state;
	for (unsigned i = 0; i < COUNT(actors); i++) {
		actors[i] = (struct actor){ .census = census };
		actors[i].from = from(i == 0 ? "192.0.2.1:1" : "192.0.2.2:1");
		thread_start(&actors[i].thread, "actor", come_and_go,
			     &actors[i]);
	}
	for (unsigned i = 0; i < COUNT(actors); i++) {
		thread_join(&actors[i].thread);
		assert_true(actors[i].most <= 2);
	}
	assert_true(actors[0].entered > 0);
	assert_int_equal(census_count(census), 0);
	census_free(&census);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_hold_in_all_and_per_site),
		cmocka_unit_test(below_zero_is_no_limit),
		cmocka_unit_test(numbers_count_from_one),
		cmocka_unit_test(from_many_threads),
	};

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
