#include "front/line/dialog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../chat/hall.h"
#include "base/clock.h"
#include "base/mem.h"

static const struct prompt_case {
	const char *verb;
	const char *prompts[4];
} prompt_cases[] = {
	{ "login", { "password: " } },
	{ "register", { "new password: ", "repeat password: " } },
	{ "passwd",
	  { "old password: ", "new password: ", "repeat password: " } },
};

static void each_verb_asks_in_its_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(prompt_cases); i++) {
		const struct prompt_case *c = &prompt_cases[i];
		struct dialog *d = dialog_new(c->verb, "ann");

		for (int k = 0; c->prompts[k] != NULL; k++) {
			assert_string_equal(dialog_prompt(d), c->prompts[k]);
			assert_int_equal(dialog_answer(d, "/secret words"),
					 c->prompts[k + 1] != NULL);
		}
		dialog_free(&d);
		assert_null(d);
		dialog_free(&d);
	}
}

/* Writes down what the command answered. */
struct desk {
	struct caller caller;
	struct buf log;
};

static void op_say(struct caller *caller UNUSED, const char *text UNUSED)
{
}

static void op_refuse(struct caller *caller, enum err code, const char *text)
{
	struct desk *desk = CONTAINER(caller, struct desk, caller);

	buf_print(&desk->log, "%s %s|", err_code(code), text);
}

static void op_done(struct caller *caller, enum err code)
{
	struct desk *desk = CONTAINER(caller, struct desk, caller);

	buf_print(&desk->log, "== %s", err_code(code));
}

static const struct caller_ops ops = {
	.say = op_say,
	.refuse = op_refuse,
	.done = op_done,
};

static void assert_run(const char *verb, const char *const *answers,
		       struct person *person, const char *want)
{
	struct desk desk = { .caller = { .ops = &ops, .person = person } };
	struct dialog *d = dialog_new(verb, "ann");

	while (dialog_answer(d, *answers++))
		;
	dialog_run(d, &desk.caller);
	assert_string_equal(buf_text(&desk.log), want);
	dialog_free(&d);
	buf_fini(&desk.log);
}

static const char not_the_same[] =
	"bad-input The two are not the same: nothing was changed.|"
	"== bad-input";

static void what_was_repeated_must_be_the_same(void **state)
{
	static const char *const register_typos[] = { "password", "passwort" };
	static const char *const register_none[] = { "password", "" };
	static const char *const passwd_typos[] = { "old", "password",
						    "Password" };
	static const char *const same_as_old[] = { "old", "new", "old" };

	(void)state;
	assert_run("register", register_typos, NULL, not_the_same);
	assert_run("register", register_none, NULL, not_the_same);
	assert_run("passwd", passwd_typos, NULL, not_the_same);
	assert_run("passwd", same_as_old, NULL, not_the_same);
}

static void the_command_is_run(void **state)
{
	static const char *const login[] = { "password" };
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);

	/* It finds that somebody is logged in, which shows that it ran. */
	assert_run("login", login, ann,
		   "already-logged-in You are logged in already.|"
		   "== already-logged-in");
	hall_go(h, &ann, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verb_asks_in_its_order),
		cmocka_unit_test(what_was_repeated_must_be_the_same),
		cmocka_unit_test_setup_teardown(the_command_is_run, hall_setup,
						hall_teardown),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("dialog", tests, NULL, NULL);
}
