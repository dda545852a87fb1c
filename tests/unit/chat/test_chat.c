#include "chat/chat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/tell.h"
#include "hall.h"

#define assert_hears(hall, ear, text)                                          \
	assert_string_equal(hall_hears(hall, ear), text)

static void who_comes_is_in_the_default_room(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "Ann", 0, 7);
	struct person *found = chat_person(h->chat, "aNN");
	struct room_facts facts;

	assert_hears(h, 0, "entered lobby Ann +0;");
	assert_hears(h, 1, "");
	assert_ptr_equal(found, ann);
	assert_int_equal(person_user(ann), 1);
	assert_int_equal(room_count(chat_default_room(h->chat)), 1);
	room_facts(chat_default_room(h->chat), &facts);
	assert_string_equal(facts.name, "lobby");
	assert_int_equal(facts.owner, 0);
	person_unref(&found);
	hall_go(h, &ann, 0);
	assert_null(chat_person(h->chat, "ann"));
	assert_int_equal(room_count(chat_default_room(h->chat)), 0);
	assert_hears(h, 0, "");
}

static void the_room_is_told_once_per_person(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	struct person *ben = hall_come(h, 2, "ben", 1, 8);
	struct person *again;

	hall_hush(h);
	again = hall_come(h, 2, "ben", 0, 9);
	assert_ptr_equal(again, ben);
	assert_hears(h, 0, "entered lobby ben +0 @9;");
	assert_hears(h, 1, "");
	hall_go(h, &again, 0);
	assert_hears(h, 0, "");
	hall_go(h, &ben, 1);
	assert_hears(h, 0, "parted lobby ben;");
	assert_hears(h, 1, "");
	ben = hall_come(h, 2, "ben", 1, 8);
	assert_hears(h, 0, "joined lobby ben;");
	chat_depart(h->chat, ben, 1, 8, MESSAGE_LOST);
	person_unref(&ben);
	assert_hears(h, 0, "lost lobby ben;");
	hall_go(h, &ann, 0);
}

static void who_enters_does_not_hear_of_it(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	struct person *ben = hall_come(h, 2, "ben", 0, 8);

	/* Told before, to the others in the worker; ben's entry comes after. */
	assert_hears(h, 0,
		     "entered lobby ann +0;joined lobby ben;"
		     "entered lobby ben +0;");
	hall_go(h, &ben, 0);
	assert_hears(h, 0, "parted lobby ben;");
	hall_go(h, &ann, 0);
}

static void every_worker_with_members_is_told_once(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	struct person *ben = hall_come(h, 2, "ben", 0, 8);
	struct person *twice = hall_come(h, 2, "ben", 1, 9);

	hall_hush(h);
	assert_int_equal(hall_say(h, ann, "lobby", "one"), ERR_OK);
	assert_hears(h, 0, "say lobby ann: one;");
	assert_hears(h, 1, "say lobby ann: one;");
	assert_hears(h, 2, "");
	assert_ptr_equal(h->ears[0].heard[0], h->ears[1].heard[0]);
	hall_go(h, &twice, 1);
	assert_int_equal(hall_say(h, ann, "lobby", "two"), ERR_OK);
	assert_hears(h, 0, "say lobby ann: two;");
	assert_hears(h, 1, "");
	hall_go(h, &ben, 0);
	hall_go(h, &ann, 0);
}

static const struct name_case {
	const char *name;
	user_id user;
	const char *comes;
	enum err want;
} name_cases[] = {
	{ "a guest with a user's name", 0, "Ann", ERR_NAME_TAKEN },
	{ "another user with a user's name", 9, "ann", ERR_NAME_TAKEN },
	{ "the user again", 1, "ANN", ERR_OK },
	{ "a guest with a guest's name", 0, "gus", ERR_NAME_TAKEN },
	{ "a user with a guest's name", 9, "gus", ERR_NAME_TAKEN },
	{ "somebody new", 9, "zoe", ERR_OK },
};

static void a_name_belongs_to_one(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *gus = hall_come(h, 0, "Gus", 0, 2);

	for (size_t i = 0; i < COUNT(name_cases); i++) {
		const struct name_case *c = &name_cases[i];
		struct person *person = NULL;

		print_message("# %s\n", c->name);
		assert_int_equal(chat_arrive(h->chat,
					     &(struct chat_arrival){
						     .user = c->user,
						     .name = c->comes,
						     .address = "192.0.2.1",
						     .subscriber = 1,
						     .session = 3 },
					     &person),
				 c->want);
		if (c->want == ERR_OK)
			hall_go(h, &person, 1);
	}
	hall_go(h, &ann, 0);
	hall_go(h, &gus, 0);
}

static void guests_change_their_names(void **state)
{
	struct hall *h = *state;
	struct person *gus = hall_come(h, 0, "gus", 0, 1);
	struct person *ann = hall_come(h, 1, "ann", 1, 2);
	AUTO(buf_fini) struct buf people = { 0 };

	hall_hush(h);
	assert_int_equal(chat_rename(h->chat, gus, "Ann"), ERR_NAME_TAKEN);
	assert_hears(h, 0, "");
	assert_int_equal(chat_rename(h->chat, gus, "Joe"), ERR_OK);
	assert_hears(h, 0, "renamed lobby gus: Joe;");
	assert_hears(h, 1, "renamed lobby gus: Joe;");
	assert_null(chat_person(h->chat, "gus"));
	assert_int_equal(chat_rename(h->chat, gus, "JOE"), ERR_OK);
	assert_int_equal(hall_say(h, gus, "lobby", "x"), ERR_OK);
	assert_hears(h, 1, "renamed lobby Joe: JOE;say lobby JOE: x;");
	/* One's own name is no news. */
	assert_int_equal(chat_rename(h->chat, gus, "JOE"), ERR_OK);
	assert_hears(h, 1, "");
	room_print_people(chat_default_room(h->chat), &people);
	assert_string_equal(buf_text(&people), "ann, JOE");
	hall_go(h, &gus, 0);
	hall_go(h, &ann, 1);
}

static void who_has_gone_is_not_renamed(void **state)
{
	struct hall *h = *state;
	struct person *gus = hall_come(h, 0, "gus", 0, 1);
	struct person *kept = person_ref(gus);

	hall_go(h, &gus, 0);
	assert_int_equal(chat_rename(h->chat, kept, "joe"), ERR_OK);
	assert_null(chat_person(h->chat, "joe"));
	assert_int_equal(hall_join(h, kept, "lobby"), ERR_EXISTS);
	assert_int_equal(room_count(chat_default_room(h->chat)), 0);
	person_unref(&kept);
}

static void words_for_one_person(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *twice = hall_come(h, 1, "ann", 1, 2);
	struct person *ben = hall_come(h, 2, "Ben", 2, 3);
	AUTO(told_fini) struct told told = { 0 };

	hall_hush(h);
	assert_int_equal(
		tell_person(h->chat, ann, "bEN", "psst", 1, &told, NULL),
		ERR_OK);
	assert_hears(h, 0, "sent ann>Ben: psst;");
	assert_hears(h, 1, "sent ann>Ben: psst;");
	assert_hears(h, 2, "private ann>Ben: psst;");
	assert_int_equal(h->ears[0].heard[0]->origin, 1);
	assert_int_equal(h->ears[2].heard[0]->origin, 0);
	assert_int_equal(buf_len(&told.away), 0);
	assert_false(told.is_to_keep);
	person_set_away(ben, "lunch");
	assert_int_equal(
		tell_person(h->chat, ann, "ben", "still?", 1, &told, NULL),
		ERR_OK);
	assert_string_equal(buf_text(&told.away), "lunch");
	assert_true(told.is_to_keep);
	/* Once is enough. */
	assert_int_equal(tell_person(h->chat, ann, "ben", "oh", 1, &told, NULL),
			 ERR_OK);
	assert_string_equal(buf_text(&told.away), "lunch");
	assert_true(told.is_to_keep);
	hall_hush(h);
	assert_int_equal(
		tell_person(h->chat, ann, "ann", "note", 1, &told, NULL),
		ERR_OK);
	assert_hears(h, 1, "private ann>ann: note;");
	assert_int_equal(
		tell_person(h->chat, ann, "nobody", "x", 1, &told, NULL),
		ERR_NO_SUCH_USER);
	hall_go(h, &ben, 2);
	hall_go(h, &twice, 1);
	hall_go(h, &ann, 0);
}

static void a_crowd_is_told_in_one_line(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 1);
	struct person *crowd[9];
	char name[8];

	clock_fake_advance(1000);
	hall_hush(h);
	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "g%d", i);
		crowd[i] = hall_come(h, 0, name, 1, 2);
	}
	assert_hears(h, 0,
		     "joined lobby g0;joined lobby g1;joined lobby g2;"
		     "joined lobby g3;joined lobby g4;");
	chat_tick(h->chat);
	assert_hears(h, 0, "");
	clock_fake_advance(1000);
	chat_tick(h->chat);
	assert_hears(h, 0, "crowd lobby: g5, g6, g7 and 1 other joined;");
	chat_tick(h->chat);
	assert_hears(h, 0, "");
	for (int i = 0; i < 9; i++)
		hall_go(h, &crowd[i], 1);
	hall_hears(h, 0);
	/* Who speaks was told of before. */
	assert_int_equal(hall_say(h, ann, "lobby", "hm"), ERR_OK);
	assert_hears(h, 0,
		     "crowd lobby: g5, g6, g7 and 1 other left;"
		     "say lobby ann: hm;");
	hall_go(h, &ann, 0);
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(who_comes_is_in_the_default_room),
		IN_HALL(the_room_is_told_once_per_person),
		IN_HALL(who_enters_does_not_hear_of_it),
		IN_HALL(every_worker_with_members_is_told_once),
		IN_HALL(a_name_belongs_to_one),
		IN_HALL(guests_change_their_names),
		IN_HALL(who_has_gone_is_not_renamed),
		IN_HALL(words_for_one_person),
		IN_HALL(a_crowd_is_told_in_one_line),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("chat", tests, NULL, NULL);
}
