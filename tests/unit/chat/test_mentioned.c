#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chat/mention/mentioned.h"
#include "chat/mention/roll.h"
#include "hall.h"

static const struct told_case {
	const char *name;
	const char *text;
	const char *hears; /* ben's worker, after the line itself */
} told_cases[] = {
	{ "nobody", "hello all", "" },
	{ "one", "hello ben", "mentioned lobby ann>ben;" },
	{ "two, by turns", "@Cleo: ask BEN", "mentioned lobby ann>cleo,ben;" },
	{ "each once", "ben ben Ben", "mentioned lobby ann>ben;" },
	{ "not oneself", "ann thinks", "" },
	{ "a guest", "(max)", "mentioned lobby ann>max;" },
	{ "not who is elsewhere", "dan?", "" },
};

static void those_named_are_told(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *ben = hall_come(h, 2, "ben", 1, 2);
	struct person *cleo = hall_come(h, 3, "cleo", 1, 3);
	struct person *max = hall_come(h, 0, "max", 1, 4);

	for (size_t i = 0; i < COUNT(told_cases); i++) {
		const struct told_case *c = &told_cases[i];
		char want[128];

		hall_hush(h);
		assert_int_equal(hall_say(h, ann, "lobby", c->text), ERR_OK);
		snprintf(want, sizeof(want), "say lobby ann: %s;%s", c->text,
			 c->hears);
		assert_string_equal(hall_hears(h, 1), want);
	}
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 1);
	hall_go(h, &cleo, 1);
	hall_go(h, &max, 1);
}

static void a_guest_is_not_told_of_his_own(void **state)
{
	struct hall *h = *state;
	struct person *max = hall_come(h, 0, "max", 0, 1);

	hall_hush(h);
	assert_int_equal(hall_say(h, max, "lobby", "max is here"), ERR_OK);
	assert_string_equal(hall_hears(h, 0), "say lobby max: max is here;");
	hall_go(h, &max, 0);
}

static void the_new_name_counts(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *max = hall_come(h, 0, "max", 1, 2);

	assert_int_equal(chat_rename(h->chat, max, "moritz"), ERR_OK);
	hall_hush(h);
	assert_int_equal(hall_say(h, ann, "lobby", "max?"), ERR_OK);
	assert_int_equal(hall_say(h, ann, "lobby", "moritz?"), ERR_OK);
	assert_string_equal(hall_hears(h, 1),
			    "say lobby ann: max?;say lobby ann: moritz?;"
			    "mentioned lobby ann>moritz;");
	hall_go(h, &max, 1);
	assert_int_equal(hall_say(h, ann, "lobby", "moritz"), ERR_OK);
	hall_hush(h);
	hall_go(h, &ann, 0);
}

static void there_is_a_bound(void **state)
{
	enum { MANY = MENTIONED_MOST + 5 };
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *many[MANY];
	AUTO(buf_fini) struct buf text = { 0 };
	const struct message *last;

	for (unsigned i = 0; i < MANY; i++) {
		char name[16];

		snprintf(name, sizeof(name), "guest%u", i);
		many[i] = hall_come(h, 0, name, 1, 10 + i);
		buf_print(&text, "%s ", name);
	}
	hall_hush(h);
	assert_int_equal(hall_say(h, ann, "lobby", buf_text(&text)), ERR_OK);
	last = h->ears[0].heard[h->ears[0].count - 1];
	assert_int_equal(last->kind, MESSAGE_MENTIONED);
	assert_int_equal(last->people_count, MENTIONED_MOST);
	hall_hush(h);
	for (unsigned i = 0; i < MANY; i++)
		hall_go(h, &many[i], 1);
	hall_go(h, &ann, 0);
}

static void *look_up(const struct roll *roll, const char *name)
{
	struct mention_cursor c;
	struct mention m;

	mention_begin(&c, name, strlen(name));
	assert_true(mention_next(&c, &m));
	return roll_find(roll, &m);
}

static void a_roll_grows_and_shrinks(void **state)
{
	enum { MANY = 1000 };
	static char names[MANY][16];
	struct roll roll = { 0 };

	(void)state;
	assert_null(look_up(&roll, "n1"));
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "n%u", i);
		roll_add(&roll, names[i], names[i]);
	}
	for (unsigned i = 0; i < MANY; i++)
		assert_ptr_equal(look_up(&roll, names[i]), names[i]);
	assert_ptr_equal(look_up(&roll, "N1"), names[1]);
	for (unsigned i = 0; i < MANY; i++) {
		roll_drop(&roll, names[i]);
		assert_null(look_up(&roll, names[i]));
	}
	roll_fini(&roll);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(those_named_are_told),
		TEST(a_guest_is_not_told_of_his_own),
		TEST(the_new_name_counts),
		TEST(there_is_a_bound),
		cmocka_unit_test(a_roll_grows_and_shrinks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
