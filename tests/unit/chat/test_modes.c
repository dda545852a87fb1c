#include "chat/mode/modes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/mode/mode_change.h"
#include "chat/rights/office.h"
#include "hall.h"

/* Ann owns the den, Ben is an op, Cleo is voiced, Dan is a member. */
enum { ANN = 1, BEN, CLEO, DAN, EVE };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

/* Everybody has an ear of the same number, as far as there are ears. */
struct den {
	struct hall *hall;
	struct room *room;
	struct person *people[EVE + 1]; /* by user; 0: a guest */
};

static struct person *come(struct den *den, user_id user)
{
	static const char *const names[] = { "zoe",  "ann", "ben",
					     "cleo", "dan", "eve" };

	den->people[user] =
		hall_come(den->hall, user, names[user], user == BEN, 10 + user);
	return den->people[user];
}

static void grant(struct den *den, user_id user, enum rank rank)
{
	struct actor by = { .user = ANN, .roles = ROLE_USER };
	struct user who;

	assert_int_equal(users_get(den->hall->users, user, &who), ERR_OK);
	assert_int_equal(
		office_grant(den->hall->chat, &by, den->room, &who, rank, NULL),
		ERR_OK);
}

static void den_open(struct den *den, struct hall *h)
{
	*den = (struct den){ .hall = h };
	assert_int_equal(hall_join(h, come(den, ANN), "den"), ERR_OK);
	den->room = chat_room(h->chat, "den");
	grant(den, BEN, RANK_OP);
	grant(den, CLEO, RANK_VOICED);
}

static void den_close(struct den *den)
{
	for (user_id i = 0; i <= EVE; i++) {
		if (den->people[i] != NULL)
			hall_go(den->hall, &den->people[i], i == BEN);
	}
	room_unref(&den->room);
}

static void set(struct den *den, const char *text)
{
	struct actor by = { .user = ANN, .roles = ROLE_USER, .name = "ann" };
	struct mode_change change;

	assert_int_equal(mode_change_parse(text, &change, NULL), ERR_OK);
	assert_int_equal(mode_change_make(den->hall->chat, &by, den->room,
					  &change, NULL),
			 ERR_OK);
}

static enum err join(struct den *den, user_id user, role_set more,
		     const char *key)
{
	struct actor by = hall_actor(den->people[user]);
	struct room *room;
	enum err e;

	by.roles |= more;
	e = chat_join(den->hall->chat, &by, "den", key, &room, NULL);
	room_unref(&room);
	return e;
}

static enum err say(struct den *den, user_id user, const char *text)
{
	return hall_say(den->hall, den->people[user], "den", text);
}

static const struct join_case {
	const char *modes;
	user_id who;
	role_set more;
	const char *key;
	enum err want;
} join_cases[] = {
	{ "+i", DAN, 0, NULL, ERR_INVITE_ONLY },
	{ "+i", 0, 0, NULL, ERR_INVITE_ONLY },
	{ "+i", CLEO, 0, NULL, ERR_INVITE_ONLY },
	{ "+i", BEN, 0, NULL, ERR_OK },
	{ "+i", DAN, ROLE_MODERATOR, NULL, ERR_OK },
	{ "+k sesame", DAN, 0, NULL, ERR_BAD_KEY },
	{ "+k sesame", DAN, 0, "", ERR_BAD_KEY },
	{ "+k sesame", DAN, 0, "Sesame", ERR_BAD_KEY },
	{ "+k sesame", DAN, 0, "sesamee", ERR_BAD_KEY },
	{ "+k sesame", DAN, 0, "sesame", ERR_OK },
	{ "+k sesame", 0, 0, "sesame", ERR_OK },
	{ "+k sesame", BEN, 0, NULL, ERR_OK },
	{ "+l 1", DAN, 0, NULL, ERR_ROOM_FULL },
	{ "+l 2", DAN, 0, NULL, ERR_OK },
	{ "+l 1", BEN, 0, NULL, ERR_OK },
	{ "+R", 0, 0, NULL, ERR_USERS_ONLY },
	{ "+R", DAN, 0, NULL, ERR_OK },
	{ "+mzMSNtsc 1h 1h", 0, 0, NULL, ERR_OK },
	/* The first of several that refuses gives the reason. */
	{ "+Rikl sesame 1", 0, 0, NULL, ERR_USERS_ONLY },
	{ "+Rikl sesame 1", DAN, 0, NULL, ERR_INVITE_ONLY },
	{ "+Rkl sesame 1", DAN, 0, NULL, ERR_BAD_KEY },
	{ "+Rkl sesame 1", DAN, 0, "sesame", ERR_ROOM_FULL },
	{ "+Rkl sesame 2", DAN, 0, "sesame", ERR_OK },
};

static void the_door_follows_the_modes(void **state)
{
	struct hall *h = *state;

	for (size_t i = 0; i < COUNT(join_cases); i++) {
		const struct join_case *c = &join_cases[i];
		struct den den;

		print_message("# %s, user %d\n", c->modes, (int)c->who);
		hall_teardown(state);
		hall_setup(state);
		h = *state;
		den_open(&den, h);
		set(&den, c->modes);
		come(&den, c->who);
		assert_int_equal(join(&den, c->who, c->more, c->key), c->want);
		assert_int_equal(room_has(den.room, den.people[c->who]),
				 c->want == ERR_OK);
		den_close(&den);
	}
}

/* A member comes back whatever the door says; so does who is inside. */
static void members_come_back(void **state)
{
	struct den den;

	den_open(&den, *state);
	come(&den, DAN);
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	set(&den, "+ikl sesame 1");
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_EXISTS);
	hall_go(den.hall, &den.people[DAN], 0);
	assert_true(room_has(den.room, come(&den, DAN)));
	den_close(&den);
}

static const struct speak_case {
	const char *modes;
	user_id who;
	const char *text;
	enum err want;
} speak_cases[] = {
	{ "+t", 0, "hello", ERR_OK },
	{ "+m", 0, "hello", ERR_MODERATED },
	{ "+m", DAN, "hello", ERR_MODERATED },
	{ "+m", CLEO, "hello", ERR_OK },
	{ "+m", BEN, "hello", ERR_OK },
	{ "+m", ANN, "hello", ERR_OK },
	{ "+M", 0, "hello", ERR_USERS_ONLY },
	{ "+M", DAN, "hello", ERR_OK },
	{ "+N 1h", 0, "hello", ERR_NEWCOMER },
	{ "+N 1h", DAN, "hello", ERR_NEWCOMER },
	{ "+N 1h", CLEO, "hello", ERR_OK },
	{ "+z", DAN, "hello", ERR_OK },
	{ "+zm", DAN, "hello", ERR_HELD },
	{ "+zm", CLEO, "hello", ERR_OK },
	{ "+zM", 0, "hello", ERR_HELD },
	{ "+zN 1h", DAN, "hello", ERR_HELD },
	{ "+c", DAN, "plain text \xc3\xbc", ERR_OK },
	{ "+c", DAN,
	  "\x02"
	  "bold",
	  ERR_FILTERED },
	{ "+c", DAN,
	  "red \x03"
	  "4 rose",
	  ERR_FILTERED },
	{ "+c", DAN, "end\x0f", ERR_FILTERED },
	{ "+c", DAN, "a \x16 b", ERR_FILTERED },
	{ "+c", DAN, "a \x1d b", ERR_FILTERED },
	{ "+c", ANN, "a \x1f b", ERR_FILTERED },
	{ "+zc", DAN, "a \x1f b", ERR_FILTERED },
	{ "-t", DAN, "a \x1f b", ERR_OK },
};

static void speech_follows_the_modes(void **state)
{
	struct hall *h = *state;

	for (size_t i = 0; i < COUNT(speak_cases); i++) {
		const struct speak_case *c = &speak_cases[i];
		struct den den;

		print_message("# %s, user %d\n", c->modes, (int)c->who);
		hall_teardown(state);
		hall_setup(state);
		h = *state;
		den_open(&den, h);
		if (c->modes[0] == '-')
			set(&den, "+t");
		set(&den, c->modes);
		if (c->who != ANN)
			come(&den, c->who);
		(void)join(&den, c->who, 0, NULL);
		hall_hush(h);
		assert_int_equal(say(&den, c->who, c->text), c->want);
		/* Nobody was told unless it was said. */
		assert_int_equal(strstr(hall_hears(h, 0), "say ") != NULL,
				 c->want == ERR_OK);
		den_close(&den);
	}
}

static void what_is_held_goes_to_the_ops(void **state)
{
	struct den den;

	den_open(&den, *state);
	come(&den, BEN);
	assert_int_equal(join(&den, BEN, 0, NULL), ERR_OK);
	come(&den, DAN);
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	come(&den, CLEO);
	assert_int_equal(join(&den, CLEO, 0, NULL), ERR_OK);
	set(&den, "+mz");
	hall_hush(den.hall);
	assert_int_equal(say(&den, DAN, "psst"), ERR_HELD);
	assert_string_equal(hall_hears(den.hall, 0), "held den dan ann: psst;");
	assert_string_equal(hall_hears(den.hall, 1), "held den dan ben: psst;");
	/* And is not kept for the replay. */
	come(&den, 0);
	hall_hush(den.hall);
	assert_int_equal(join(&den, 0, 0, NULL), ERR_OK);
	assert_non_null(strstr(hall_hears(den.hall, 0), "entered den zoe +0"));
	den_close(&den);
}

static void slow_mode_counts_from_the_last_words(void **state)
{
	struct den den;
	struct actor dan;

	den_open(&den, *state);
	dan = hall_actor(come(&den, DAN));
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	assert_int_equal(say(&den, DAN, "before there was slow mode"), ERR_OK);
	set(&den, "+S 10s");
	assert_int_equal(say(&den, DAN, "1"), ERR_OK);
	clock_fake_advance(9999);
	assert_int_equal(say(&den, DAN, "2"), ERR_SLOW_MODE);
	clock_fake_advance(1);
	assert_int_equal(say(&den, DAN, "2"), ERR_OK);
	/* To go and come back does not help. */
	assert_int_equal(chat_leave(den.hall->chat, dan.person, den.room),
			 ERR_OK);
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	assert_int_equal(say(&den, DAN, "3"), ERR_SLOW_MODE);
	hall_go(den.hall, &den.people[DAN], 0);
	come(&den, DAN);
	assert_int_equal(say(&den, DAN, "3"), ERR_SLOW_MODE);
	/* Ops are not slowed down. */
	assert_int_equal(say(&den, ANN, "1"), ERR_OK);
	assert_int_equal(say(&den, ANN, "2"), ERR_OK);
	set(&den, "-S");
	assert_int_equal(say(&den, DAN, "3"), ERR_OK);
	den_close(&den);
}

/* Also across a restart, and whatever the wall clock does meanwhile. */
static void newcomers_wait_from_their_first_entry(void **state)
{
	struct den den;

	den_open(&den, *state);
	set(&den, "+N 60s");
	come(&den, DAN);
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	clock_fake_advance(40000);
	assert_int_equal(say(&den, DAN, "may I?"), ERR_NEWCOMER);
	hall_go(den.hall, &den.people[DAN], 0);
	come(&den, DAN);
	assert_int_equal(say(&den, DAN, "may I?"), ERR_NEWCOMER);
	den_close(&den);
	hall_reopen(den.hall);
	den = (struct den){ .hall = den.hall };
	den.room = chat_room(den.hall->chat, "den");
	clock_fake_advance(20000);
	come(&den, DAN);
	assert_int_equal(say(&den, DAN, "now"), ERR_OK);
	/* Who leaves begins anew. */
	assert_int_equal(chat_leave(den.hall->chat, den.people[DAN], den.room),
			 ERR_OK);
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	assert_int_equal(say(&den, DAN, "again?"), ERR_NEWCOMER);
	den_close(&den);
}

/* In the default room a user is no newcomer, however often the login. */
static void users_are_known_in_the_default_room(void **state)
{
	struct hall *h = *state;
	struct actor by = { .user = ANN, .roles = ROLE_USER | ROLE_ADMIN };
	struct den den = { .hall = h };
	struct mode_change change;

	assert_int_equal(mode_change_parse("+N 60s", &change, NULL), ERR_OK);
	assert_int_equal(mode_change_make(h->chat, &by,
					  chat_default_room(h->chat), &change,
					  NULL),
			 ERR_OK);
	clock_fake_advance(59999);
	come(&den, DAN);
	assert_int_equal(hall_say(h, den.people[DAN], "lobby", "hi"),
			 ERR_NEWCOMER);
	clock_fake_advance(1);
	come(&den, 0);
	assert_int_equal(hall_say(h, den.people[DAN], "lobby", "hi"), ERR_OK);
	assert_int_equal(hall_say(h, den.people[0], "lobby", "hi"),
			 ERR_NEWCOMER);
	clock_fake_advance(60000);
	assert_int_equal(hall_say(h, den.people[0], "lobby", "hi"), ERR_OK);
	den_close(&den);
}

static void topics_follow_the_modes(void **state)
{
	struct den den;
	struct actor ann;
	struct actor dan;

	den_open(&den, *state);
	ann = hall_actor(den.people[ANN]);
	dan = hall_actor(come(&den, DAN));
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	assert_int_equal(
		chat_set_topic(den.hall->chat, &dan, den.room, "tea", NULL),
		ERR_OK);
	set(&den, "+tc");
	assert_int_equal(
		chat_set_topic(den.hall->chat, &dan, den.room, "soup", NULL),
		ERR_TOPIC_LOCKED);
	assert_int_equal(chat_set_topic(den.hall->chat, &ann, den.room,
					"\x02"
					"soup",
					NULL),
			 ERR_FILTERED);
	assert_int_equal(
		chat_set_topic(den.hall->chat, &ann, den.room, "cake", NULL),
		ERR_OK);
	den_close(&den);
}

static void secret_rooms_are_shown_inside(void **state)
{
	struct den den;

	den_open(&den, *state);
	come(&den, DAN);
	come(&den, EVE);
	assert_int_equal(join(&den, DAN, 0, NULL), ERR_OK);
	assert_true(modes_show(den.room, den.people[EVE], EVE, ROLE_USER));
	set(&den, "+s");
	assert_false(modes_show(den.room, den.people[EVE], EVE, ROLE_USER));
	assert_false(modes_show(den.room, NULL, 0, ROLE_GUEST));
	assert_true(modes_show(den.room, den.people[DAN], DAN, ROLE_USER));
	assert_true(modes_show(den.room, NULL, BEN, ROLE_USER));
	assert_true(modes_show(den.room, NULL, 0, ROLE_ADMIN));
	den_close(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(the_door_follows_the_modes),
		IN_HALL(members_come_back),
		IN_HALL(speech_follows_the_modes),
		IN_HALL(what_is_held_goes_to_the_ops),
		IN_HALL(slow_mode_counts_from_the_last_words),
		IN_HALL(newcomers_wait_from_their_first_entry),
		IN_HALL(users_are_known_in_the_default_room),
		IN_HALL(topics_follow_the_modes),
		IN_HALL(secret_rooms_are_shown_inside),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("modes", tests, NULL, NULL);
}
