#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/history/history.h"
#include "chat/history/history_table.h"
#include "chat/room_fields.h"
#include "hall.h"

enum { START_MS = 1000000000 };

static void say_many(struct hall *h, struct person *person, int from, int to)
{
	for (int i = from; i <= to; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		assert_int_equal(hall_say(h, person, "lobby", text), ERR_OK);
	}
}

static bool list_one(const struct saying *saying, void *arg)
{
	struct buf *text = arg;

	buf_print(text, "#%d %s %.*s;", (int)saying->id, saying->from,
		  (int)saying->text_len, saying->text);
	return true;
}

/* "#1 ann 1;#2 ann 2;", borrowed until the next. */
static const char *stored(struct hall *h)
{
	struct history_walk walk = { .store = h->store,
				     .room = "lobby",
				     .visit = list_one,
				     .arg = &h->text };

	buf_reset(&h->text);
	assert_int_equal(history_walk_up(&walk, 1), ERR_OK);
	return buf_text(&h->text);
}

static void assert_sound(struct hall *h)
{
	AUTO(buf_fini) struct buf report = { 0 };

	assert_int_equal(history_table_verify(h->store, &report), ERR_OK);
}

static void it_goes_on_after_a_restart(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	const struct message *entered;

	say_many(h, ann, 1, 6);
	hall_go(h, &ann, 0);
	history_close(h->chat);
	hall_reopen(h);
	ann = hall_come(h, 1, "ann", 0, 7);
	entered = h->ears[0].heard[0];
	assert_int_equal(entered->replay_count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(entered->replay[i]->id, 3 + i);
		assert_int_equal(entered->replay[i]->user, 1);
		assert_string_equal(entered->replay[i]->from, "ann");
		assert_int_equal(entered->replay[i]->text[0], '3' + i);
	}
	say_many(h, ann, 7, 7);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#1 ann 1;#2 ann 2;#3 ann 3;#4 ann 4;"
				       "#5 ann 5;#6 ann 6;#7 ann 7;");
	hall_go(h, &ann, 0);
	assert_sound(h);
}

/* After a power cut no number is given a second time. */
static void numbers_are_given_once(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	uint64_t id;

	say_many(h, ann, 1, 2);
	history_keep(h->chat);
	say_many(h, ann, 3, 9);
	hall_go(h, &ann, 0);
	hall_reopen(h);
	assert_string_equal(stored(h), "#1 ann 1;#2 ann 2;");
	ann = hall_come(h, 1, "ann", 0, 7);
	say_many(h, ann, 3, 3);
	id = h->ears[0].heard[h->ears[0].count - 1]->id;
	assert_true(id > 9);
	hall_go(h, &ann, 0);
	history_close(h->chat);
	assert_sound(h);
}

static void retain(struct hall *h, bool is_off, uint32_t count, int64_t age_s)
{
	struct room *room = chat_default_room(h->chat);

	mutex_lock(&room->lock);
	room->facts.retention = (struct retention){ is_off, count, age_s };
	mutex_unlock(&room->lock);
}

/* What somebody who enters now is shown, one text behind the other. */
static void assert_replay(struct hall *h, const char *want)
{
	struct person *ben = hall_come(h, 2, "ben", 1, 8);
	const struct ear *ear = &h->ears[1];
	const struct message *m = ear->heard[ear->count - 1];
	AUTO(buf_fini) struct buf text = { 0 };

	assert_int_equal(m->kind, MESSAGE_ENTERED);
	for (size_t i = 0; i < m->replay_count; i++)
		buf_add_text(&text, m->replay[i]->text);
	assert_string_equal(buf_text(&text), want);
	hall_go(h, &ben, 1);
}

static void what_is_too_many_goes(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);

	retain(h, false, 2, 0);
	say_many(h, ann, 1, 600);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#599 ann 599;#600 ann 600;");
	assert_replay(h, "599600");
	hall_go(h, &ann, 0);
	assert_sound(h);
}

static uint64_t stored_in(struct hall *h, const char *name)
{
	struct room *room = chat_room(h->chat, name);
	uint64_t stored;

	mutex_lock(&room->lock);
	stored = room->history.stored;
	mutex_unlock(&room->lock);
	room_unref(&room);
	return stored;
}

/* However many rooms have to be swept, what is said is written in between. */
static void much_goes_bit_by_bit(void **state)
{
	static const char *const rooms[] = { "attic", "cellar", "yard" };
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	uint64_t before = COUNT(rooms) * 5000;
	uint64_t after = 0;

	for (size_t i = 0; i < COUNT(rooms); i++) {
		assert_int_equal(hall_join(h, ann, rooms[i]), ERR_OK);
		for (int k = 0; k < 5000; k++)
			assert_int_equal(hall_say(h, ann, rooms[i], "."),
					 ERR_OK);
		hall_hush(h);
	}
	history_keep(h->chat);
	h->settings.history_count = 10;
	chat_change_settings(h->chat, &h->settings);
	for (int sweeps = 0; history_is_due(h->chat); sweeps++) {
		assert_in_range(sweeps, 0, 3);
		history_keep(h->chat);
		after = 0;
		for (size_t i = 0; i < COUNT(rooms); i++)
			after += stored_in(h, rooms[i]);
		assert_in_range(before - after, 0, 8192);
		before = after;
	}
	assert_int_equal(after, COUNT(rooms) * 10);
	hall_go(h, &ann, 0);
	assert_sound(h);
}

/* 22 bytes beside name and text. */
static void what_is_too_long_goes(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);

	atomic_store(&h->chat->history_bytes, 3 * 26);
	say_many(h, ann, 1, 9);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#7 ann 7;#8 ann 8;#9 ann 9;");
	assert_sound(h);
	say_many(h, ann, 10, 10);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#9 ann 9;#10 ann 10;");
	hall_go(h, &ann, 0);
	history_close(h->chat);
	hall_reopen(h);
	atomic_store(&h->chat->history_bytes, 1);
	history_keep(h->chat);
	assert_string_equal(stored(h), "");
	assert_sound(h);
}

static void what_is_too_old_goes(void **state)
{
	struct hall *h = *state;
	struct person *ann;

	ann = hall_come(h, 1, "ann", 0, 7);
	retain(h, false, 0, 3600);
	say_many(h, ann, 1, 3);
	history_keep(h->chat);
	clock_fake_advance(3000 * 1000);
	say_many(h, ann, 4, 4);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#1 ann 1;#2 ann 2;#3 ann 3;#4 ann 4;");
	assert_false(history_is_due(h->chat));
	clock_fake_advance(601 * 1000);
	assert_true(history_is_due(h->chat));
	history_keep(h->chat);
	assert_string_equal(stored(h), "#4 ann 4;");
	assert_replay(h, "4");
	clock_fake_advance(3600 * 1000);
	history_keep(h->chat);
	assert_string_equal(stored(h), "");
	assert_replay(h, "");
	say_many(h, ann, 5, 5);
	history_keep(h->chat);
	clock_fake_advance(3601 * 1000);
	history_keep(h->chat);
	assert_string_equal(stored(h), "");
	hall_go(h, &ann, 0);
	assert_sound(h);
}

/* Who talks without end in a room loses that, and nothing of another room. */
static void no_room_pushes_out_another(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	struct scribe_status status;

	assert_int_equal(hall_join(h, ann, "attic"), ERR_OK);
	for (int i = 0; i < SCRIBE_WAITING_MOST; i++)
		assert_int_equal(hall_say(h, ann, "attic", "."), ERR_OK);
	hall_hush(h);
	say_many(h, ann, 1, 2);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#1 ann 1;#2 ann 2;");
	history_status(h->chat, &status);
	assert_int_equal(status.lost,
			 SCRIBE_WAITING_MOST - SCRIBE_ROOM_WAITING);
	assert_int_equal(hall_say(h, ann, "attic", "."), ERR_OK);
	history_keep(h->chat);
	assert_int_equal(stored_in(h, "attic"), SCRIBE_ROOM_WAITING + 1);
	hall_go(h, &ann, 0);
	assert_sound(h);
}

/* Not only when that time has really come. */
static void what_was_said_ahead_of_time_goes(void **state)
{
	struct hall *h = *state;
	struct person *ann;

	ann = hall_come(h, 1, "ann", 0, 7);
	retain(h, false, 0, 3600);
	clock_fake(START_MS + INT64_C(86400) * 365 * 1000);
	say_many(h, ann, 1, 3);
	history_keep(h->chat);
	clock_fake(START_MS); /* put right */
	say_many(h, ann, 4, 5);
	clock_fake_advance(61 * 1000);
	history_keep(h->chat);
	say_many(h, ann, 6, 6);
	history_keep(h->chat);
	assert_replay(h, "3456");
	clock_fake_advance(3600 * 1000);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#6 ann 6;");
	assert_replay(h, "6");
	hall_go(h, &ann, 0);
	assert_sound(h);
}

/* It is a year later for a while. */
static void a_wrong_clock_costs_nothing(void **state)
{
	struct hall *h = *state;
	struct person *ann;

	clock_fake(START_MS);
	ann = hall_come(h, 1, "ann", 0, 7);
	retain(h, false, 0, 3600);
	say_many(h, ann, 1, 3);
	history_keep(h->chat);
	clock_fake_advance(3600 * 1000);
	clock_fake(START_MS + INT64_C(86400) * 365 * 1000);
	history_keep(h->chat);
	clock_fake_advance(3500 * 1000);
	history_keep(h->chat);
	assert_string_equal(stored(h), "#1 ann 1;#2 ann 2;#3 ann 3;");
	assert_replay(h, "123");
	clock_fake(START_MS); /* put right */
	history_keep(h->chat);
	assert_string_equal(stored(h), "#1 ann 1;#2 ann 2;#3 ann 3;");
	clock_fake_advance(3601 * 1000);
	history_keep(h->chat);
	assert_string_equal(stored(h), "");
	hall_go(h, &ann, 0);
	assert_sound(h);
}

static void nothing_is_kept_where_it_is_off(void **state)
{
	struct hall *h = *state;
	struct person *ann = hall_come(h, 1, "ann", 0, 7);
	struct person *ben;

	say_many(h, ann, 1, 3);
	history_keep(h->chat);
	retain(h, true, 0, 0);
	say_many(h, ann, 4, 5);
	clock_fake_advance(60 * 1000); /* the sweep's, without messages */
	history_keep(h->chat);
	assert_string_equal(stored(h), "");
	assert_replay(h, "");
	assert_false(history_is_kept(chat_default_room(h->chat)));
	hall_go(h, &ann, 0);
	history_close(h->chat);
	hall_reopen(h);
	ben = hall_come(h, 2, "ben", 1, 8);
	assert_int_equal(h->ears[1].heard[0]->replay_count, 0);
	hall_go(h, &ben, 1);
	assert_sound(h);
}

static const struct {
	struct retention choice;
	struct retention limits;
	struct retention want;
	const char *words;
} retentions[] = {
	{ { 0 }, { 0 }, { 0 }, "everything" },
	{ { 0 },
	  { false, 9, 60 },
	  { false, 9, 60 },
	  "the last 9 messages, for 1m" },
	{ { false, 1, 0 }, { 0 }, { false, 1, 0 }, "the last 1 message" },
	{ { false, 20, 30 },
	  { false, 9, 60 },
	  { false, 9, 30 },
	  "the last 9 messages, for 30s" },
	{ { false, 5, 7200 },
	  { false, 9, 0 },
	  { false, 5, 7200 },
	  "the last 5 messages, for 2h" },
	{ { true, 5, 5 }, { 0 }, { true, 0, 0 }, "nothing" },
	{ { false, 5, 5 }, { true, 0, 0 }, { true, 0, 0 }, "nothing" },
};

static void the_smaller_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(retentions); i++) {
		AUTO(buf_fini) struct buf words = { 0 };
		struct retention r = retention_within(&retentions[i].choice,
						      &retentions[i].limits);

		assert_int_equal(r.is_off, retentions[i].want.is_off);
		assert_int_equal(r.count, retentions[i].want.count);
		assert_int_equal(r.age_s, retentions[i].want.age_s);
		retention_print(&r, &words);
		assert_string_equal(buf_text(&words), retentions[i].words);
	}
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(it_goes_on_after_a_restart),
		IN_HALL(numbers_are_given_once),
		IN_HALL(what_is_too_many_goes),
		IN_HALL(much_goes_bit_by_bit),
		IN_HALL(no_room_pushes_out_another),
		IN_HALL(what_is_too_long_goes),
		IN_HALL(what_is_too_old_goes),
		IN_HALL(what_was_said_ahead_of_time_goes),
		IN_HALL(a_wrong_clock_costs_nothing),
		IN_HALL(nothing_is_kept_where_it_is_off),
		cmocka_unit_test(the_smaller_counts),
	};

	clock_fake(START_MS);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
