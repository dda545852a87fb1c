#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rialto/login.h"

static void hear(struct login *l, const char *text)
{
	struct line line;

	line_parse(text, &line);
	login_learn(l, &line);
}

static void assert_name(struct login *l, const char *want)
{
	AUTO(mem_free_text) char *name = login_answer_name(l);

	if (want == NULL)
		assert_null(name);
	else
		assert_string_equal(name, want);
}

static void test_a_name_given_is_used(void **state UNUSED)
{
	struct login l;

	login_init(&l, "ann", false, secret_new("secret12", 8));
	login_begin(&l);
	assert_name(&l, "ann");
	assert_string_equal(login_answer_password(&l)->bytes, "secret12");
	hear(&l, "-- Welcome, ann. Last login: never.");
	assert_true(l.is_in);
	assert_false(l.is_guest);

	/* To change it, the person is asked: "/passwd" without a name. */
	assert_null(login_answer_password(&l));
	login_typed_password(&l, secret_new("secret34", 8));

	/* The next connection needs nobody. */
	login_begin(&l);
	assert_name(&l, "ann");
	assert_string_equal(login_answer_password(&l)->bytes, "secret34");
	login_fini(&l);
}

static void test_a_refused_password_is_asked_for(void **state UNUSED)
{
	struct login l;

	login_init(&l, "ann", false, secret_new("wrong", 5));
	login_begin(&l);
	assert_name(&l, "ann");
	assert_non_null(login_answer_password(&l));
	hear(&l, "!! bad-login You have 2 attempts left.");
	assert_null(l.password);
	assert_name(&l, "ann");
	assert_null(login_answer_password(&l));
	login_typed_password(&l, secret_new("right", 5));
	hear(&l, "-- Welcome, ann.");
	login_begin(&l);
	assert_name(&l, "ann");
	assert_string_equal(login_answer_password(&l)->bytes, "right");
	login_fini(&l);
}

static void test_a_refused_name_is_not_repeated(void **state UNUSED)
{
	struct login l;

	login_init(&l, "9", false, NULL);
	login_begin(&l);
	assert_name(&l, "9");
	hear(&l, "!! bad-name");
	assert_name(&l, NULL);
	login_fini(&l);
}

static void test_a_person_who_typed_is_remembered(void **state UNUSED)
{
	struct login l;

	login_init(&l, NULL, false, NULL);
	login_begin(&l);
	assert_name(&l, NULL);
	assert_null(login_answer_password(&l));
	login_typed_password(&l, secret_new("secret12", 8));
	hear(&l, "-- Welcome, Ben. First login.");
	login_begin(&l);
	assert_name(&l, "Ben");
	assert_non_null(login_answer_password(&l));
	login_fini(&l);
}

static void test_a_password_is_for_its_name_only(void **state UNUSED)
{
	struct login l;

	login_init(&l, "9", false, secret_new("secret12", 8));
	login_begin(&l);
	assert_name(&l, "9");
	hear(&l, "!! bad-name");
	assert_name(&l, NULL);
	login_typed_name(&l); /* "/register ben" */
	assert_null(login_answer_password(&l));
	assert_name(&l, NULL);
	assert_null(login_answer_password(&l));
	login_fini(&l);
}

static void test_a_guest_stays_one(void **state UNUSED)
{
	struct login l;

	login_init(&l, "cleo", true, NULL);
	login_begin(&l);
	assert_name(&l, "/guest cleo");
	hear(&l, "-- Welcome, cleo.");
	login_begin(&l);
	assert_name(&l, "/guest cleo");
	login_fini(&l);

	/* Also one who typed "/guest dan". */
	login_init(&l, NULL, false, NULL);
	login_begin(&l);
	hear(&l, "-- Welcome, dan.");
	login_begin(&l);
	assert_name(&l, "/guest dan");
	login_fini(&l);
}

static void test_a_guest_without_a_name_gets_one(void **state UNUSED)
{
	AUTO(mem_free_text) char *one = login_guest_name();
	AUTO(mem_free_text) char *other = login_guest_name();

	assert_int_equal(line_name(one).len, strlen(one));
	assert_int_equal(strncmp(one, "guest-", 6), 0);
	assert_string_not_equal(one, other);
}

static const struct rename_case {
	const char *line;
	const char *want;
} rename_cases[] = {
	{ "-- You are max now.", "max" },
	{ "-- You are away now. /away alone brings you back.", "cleo" },
	{ "-- You are here again.", "cleo" },
	{ "[lobby] -- cleo is anna now", "anna" },
	{ "[lobby] -- ben is anna now", "cleo" },
	{ "[lobby] cleo: is anna now", "cleo" },
	{ "[lobby] -- cleo is anna now and then", "cleo" },
	{ "~~ You are max now.", "cleo" },
};

static void test_a_new_name_is_learnt(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(rename_cases); i++) {
		struct login l;

		login_init(&l, "cleo", true, NULL);
		login_begin(&l);
		assert_name(&l, "/guest cleo");
		hear(&l, "-- Welcome, cleo.");
		hear(&l, rename_cases[i].line);
		assert_string_equal(l.name, rename_cases[i].want);
		login_fini(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_given_is_used),
		cmocka_unit_test(test_a_refused_password_is_asked_for),
		cmocka_unit_test(test_a_refused_name_is_not_repeated),
		cmocka_unit_test(test_a_person_who_typed_is_remembered),
		cmocka_unit_test(test_a_password_is_for_its_name_only),
		cmocka_unit_test(test_a_guest_stays_one),
		cmocka_unit_test(test_a_new_name_is_learnt),
		cmocka_unit_test(test_a_guest_without_a_name_gets_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
