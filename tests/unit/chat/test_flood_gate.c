#include "chat/flood/flood_gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/person_fields.h"
#include "chat/tell.h"
#include "hall.h"

enum { ANN = 1, BEN = 2 };

/* Three in an hour, so that nothing comes back meanwhile. */
static int setup(void **state)
{
	struct hall *h;

	assert_int_equal(hall_setup(state), 0);
	h = *state;
	h->settings.flood = (struct rate){ 3, 3600 };
	h->settings.flood_joins = (struct rate){ 2, 3600 };
	h->settings.flood_room = (struct rate){ 5, 3600 };
	h->settings.flood_patience = (struct rate){ 2, 3600 };
	h->settings.flood_quiet_s = 60;
	h->settings.flood_ban_s = 600;
	h->settings.flood_decay_s = 7200;
	chat_change_settings(h->chat, &h->settings);
	return 0;
}

static enum err say(struct hall *h, struct person *person)
{
	return hall_say(h, person, "lobby", "hello");
}

static enum err tell(struct hall *h, struct person *from, const char *to)
{
	AUTO(told_fini) struct told told = { 0 };
	struct refusal why;

	return tell_person(h->chat, from, to, "psst", 0, &told, &why);
}

static void sessions_are_one_person(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "ann", 0, 1);
	struct person *again = hall_come(h, ANN, "ann", 1, 2);
	struct person *ben = hall_come(h, BEN, "ben", 0, 3);

	assert_int_equal(say(h, ann), ERR_OK);
	assert_int_equal(say(h, again), ERR_OK);
	assert_int_equal(tell(h, again, "ben"), ERR_OK);
	assert_int_equal(say(h, ann), ERR_FLOOD);
	assert_int_equal(say(h, again), ERR_FLOOD);
	assert_int_equal(tell(h, ann, "ben"), ERR_FLOOD);
	assert_int_equal(say(h, ben), ERR_OK);
	hall_go(h, &ben, 0);
	hall_go(h, &again, 1);
	hall_go(h, &ann, 0);
}

/* Nobody begins anew by coming back; a guest not under another name either. */
static void who_comes_back_is_remembered(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "ann", 0, 1);
	struct person *zoe = hall_come(h, 0, "zoe", 0, 2);

	for (int i = 0; i < 3; i++)
		assert_int_equal(tell(h, ann, "zoe"), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(tell(h, zoe, "ann"), ERR_OK);
	hall_go(h, &ann, 0);
	hall_go(h, &zoe, 0);
	ann = hall_come(h, ANN, "ann", 0, 3);
	zoe = hall_come(h, 0, "zora", 0, 4);
	assert_int_equal(tell(h, ann, "zora"), ERR_FLOOD);
	assert_int_equal(tell(h, zoe, "ann"), ERR_FLOOD);
	hall_go(h, &ann, 0);
	hall_go(h, &zoe, 0);
	clock_fake_advance((int64_t)3600 * 1000);
	zoe = hall_come(h, 0, "zelda", 0, 5);
	assert_int_equal(tell(h, zoe, "zelda"), ERR_OK);
	hall_go(h, &zoe, 0);
}

static struct flood_state state_of(const char *address, user_id user,
				   struct hall *h)
{
	struct flood_meter meter = { 0 };
	struct flood_key key = flood_key(user, address);
	struct flood_state got;

	mutex_init(&meter.lock, LOCK_TABLE);
	flood_past_recall(h->chat->flood_past, &key, &meter);
	mutex_lock(&meter.lock);
	got = meter.state;
	mutex_unlock(&meter.lock);
	mutex_fini(&meter.lock);
	return got;
}

static void keep(struct hall *h, const char *address, enum flood_grade grade)
{
	struct flood_meter meter = { 0 };
	struct flood_key key = flood_key(0, address);

	meter.state.grade = grade;
	meter.state.last_us = clock_mono_us();
	mutex_init(&meter.lock, LOCK_TABLE);
	flood_past_keep(h->chat->flood_past, &key, &meter);
	mutex_fini(&meter.lock);
}

static void it_is_remembered_by_line(void **state)
{
	struct hall *h = *state;

	keep(h, "2001:db8::7", FLOOD_KICK);
	assert_int_equal(state_of("2001:db8::8", 0, h).grade, FLOOD_KICK);
	assert_int_equal(state_of("2001:db8:0:1::7", 0, h).grade, FLOOD_WARN);
	assert_int_equal(state_of("2001:db8::7", ANN, h).grade, FLOOD_WARN);
	keep(h, "192.0.2.1", FLOOD_QUIET);
	assert_int_equal(state_of("192.0.2.1", 0, h).grade, FLOOD_QUIET);
	assert_int_equal(state_of("192.0.2.2", 0, h).grade, FLOOD_WARN);
	/* The worse of two is what counts, as far as it has not decayed. */
	keep(h, "192.0.2.1", FLOOD_BAN);
	keep(h, "192.0.2.1", FLOOD_QUIET);
	assert_int_equal(state_of("192.0.2.1", 0, h).grade, FLOOD_BAN);
	clock_fake_advance((int64_t)7200 * 1000);
	assert_int_equal(state_of("192.0.2.1", 0, h).grade, FLOOD_KICK);
	keep(h, "192.0.2.1", FLOOD_QUIET);
	assert_int_equal(state_of("192.0.2.1", 0, h).grade, FLOOD_KICK);
	clock_fake_advance((int64_t)3 * 7200 * 1000);
	assert_int_equal(state_of("192.0.2.1", 0, h).grade, FLOOD_WARN);
}

static const char *address(int i)
{
	static char text[USER_ADDRESS];

	snprintf(text, sizeof(text), "10.0.%d.%d", i / 256, i % 256);
	return text;
}

/* Of more than it holds, the one that was longest ago is forgotten. */
static void what_is_remembered_is_bounded(void **state)
{
	struct hall *h = *state;

	for (int i = 0; i <= FLOOD_PAST_MOST; i++) {
		keep(h, address(i), FLOOD_QUIET);
		clock_fake_advance(1);
	}
	assert_int_equal(state_of(address(0), 0, h).grade, FLOOD_WARN);
	assert_int_equal(state_of(address(1), 0, h).grade, FLOOD_QUIET);
	assert_int_equal(state_of(address(FLOOD_PAST_MOST), 0, h).grade,
			 FLOOD_QUIET);
	/* Those at peace go first. */
	clock_fake_advance((int64_t)7200 * 1000);
	keep(h, "192.0.2.1", FLOOD_KICK);
	assert_int_equal(state_of("192.0.2.1", 0, h).grade, FLOOD_KICK);
	assert_int_equal(state_of(address(9), 0, h).grade, FLOOD_WARN);
}

static void ops_are_not_counted(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "ann", 0, 1);
	struct person *ben = hall_come(h, BEN, "ben", 0, 2);

	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	for (int i = 0; i < 20; i++)
		assert_int_equal(hall_say(h, ann, "den", "order!"), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(hall_say(h, ben, "den", "hello"), ERR_OK);
	assert_int_equal(hall_say(h, ben, "den", "hello"), ERR_FLOOD);
	/* Elsewhere she is nobody special. */
	for (int i = 0; i < 3; i++)
		assert_int_equal(say(h, ann), ERR_OK);
	assert_int_equal(say(h, ann), ERR_FLOOD);
	atomic_store(&ann->roles, ROLE_USER | ROLE_MODERATOR);
	assert_int_equal(say(h, ann), ERR_OK);
	assert_int_equal(tell(h, ann, "ben"), ERR_OK);
	hall_go(h, &ben, 0);
	hall_go(h, &ann, 0);
}

static enum err rejoin(struct hall *h, struct person *person, const char *name)
{
	struct room *room = chat_room(h->chat, name);
	enum err e = chat_leave(h->chat, person, room);

	room_unref(&room);
	return e == ERR_OK ? hall_join(h, person, name) : e;
}

static void joins_and_topics_are_counted(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "ann", 0, 1);
	struct actor by = hall_actor(ann);
	struct room *lobby = chat_room(h->chat, "lobby");

	assert_int_equal(rejoin(h, ann, "lobby"), ERR_OK);
	assert_int_equal(rejoin(h, ann, "lobby"), ERR_OK);
	/* Who is inside needs no gate, nor who makes a room. */
	assert_int_equal(hall_join(h, ann, "lobby"), ERR_EXISTS);
	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(chat_set_topic(h->chat, &by, lobby, "x", NULL),
				 ERR_OK);
	assert_int_equal(chat_set_topic(h->chat, &by, lobby, "y", NULL),
			 ERR_FLOOD);
	assert_int_equal(rejoin(h, ann, "lobby"), ERR_FLOOD);
	room_unref(&lobby);
	hall_go(h, &ann, 0);
}

static void all_together_may_be_too_much(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, ANN, "ann", 0, 1);
	struct person *ben = hall_come(h, BEN, "ben", 0, 2);

	for (int i = 0; i < 3; i++)
		assert_int_equal(say(h, ann), ERR_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(say(h, ben), ERR_OK);
	assert_int_equal(say(h, ben), ERR_FLOOD);
	/* It cost ben nothing of his own. */
	assert_int_equal(tell(h, ben, "ann"), ERR_OK);
	assert_int_equal(tell(h, ben, "ann"), ERR_FLOOD);
	hall_go(h, &ben, 0);
	hall_go(h, &ann, 0);
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HALL(sessions_are_one_person),
		HALL(who_comes_back_is_remembered),
		HALL(it_is_remembered_by_line),
		HALL(what_is_remembered_is_bounded),
		HALL(ops_are_not_counted),
		HALL(joins_and_topics_are_counted),
		HALL(all_together_may_be_too_much),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("flood_gate", tests, NULL, NULL);
}
