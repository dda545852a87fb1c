#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/history/history.h"
#include "chat/marker/bookmark.h"
#include "chat/marker/marker.h"
#include "chat/marker/missed.h"
#include "chat/person_fields.h"
#include "chat/rights/heritage.h"
#include "chat/room_fields.h"
#include "hall.h"

enum { PERIOD_MS = 10 * 1000 };

static const int64_t start_ms = INT64_C(1000000000);

static int setup(void **state)
{
	clock_fake(start_ms);
	return hall_setup(state);
}

static void say(struct hall *h, struct person *person, const char *text)
{
	assert_int_equal(hall_say(h, person, "den", text), ERR_OK);
}

static void say_many(struct hall *h, struct person *person, int count)
{
	for (int i = 1; i <= count; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		say(h, person, text);
	}
}

/* The last that an ear was told of one who entered den. */
static const struct message *entered(struct hall *h, unsigned ear)
{
	struct ear *e = &h->ears[ear];

	for (size_t i = e->count; i-- > 0;) {
		struct message *m = e->heard[i];

		if (m->kind == MESSAGE_ENTERED &&
		    strcmp(room_name(m->room), "den") == 0)
			return m;
	}
	fail();
	return NULL;
}

static void assert_missed(const struct message *m, uint64_t count,
			  uint64_t mentions, size_t at, bool is_cut)
{
	assert_int_equal(m->missed.count, count);
	assert_int_equal(m->missed.mentions, mentions);
	assert_int_equal(m->is_missed_cut, is_cut);
	if (count > 0)
		assert_int_equal(m->missed_at, at);
}

static struct marker stored(struct hall *h, user_id user)
{
	struct marker marker;

	assert_int_equal(marker_get(h->store, user, "den", &marker), ERR_OK);
	return marker;
}

/* Ann and ben in den. */
struct two {
	struct person *ann;
	struct person *ben;
};

static struct two begin(struct hall *h)
{
	struct two two = { hall_come(h, 1, "ann", 0, 7),
			   hall_come(h, 2, "ben", 1, 8) };

	assert_int_equal(hall_join(h, two.ben, "den"), ERR_OK);
	assert_int_equal(hall_join(h, two.ann, "den"), ERR_OK);
	return two;
}

static void end(struct hall *h, struct two *two)
{
	AUTO(buf_fini) struct buf report = { 0 };

	if (two->ann != NULL)
		hall_go(h, &two->ann, 0);
	if (two->ben != NULL)
		hall_go(h, &two->ben, 1);
	history_close(h->chat);
	assert_int_equal(marker_verify(h->store, &report), ERR_OK);
}

static void who_returns_is_told(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);

	assert_missed(entered(h, 0), 0, 0, 0, false);
	say(h, two.ben, "seen by ann");
	hall_go(h, &two.ann, 0);
	clock_fake_advance(60000);
	say(h, two.ben, "where is Ann?");
	say(h, two.ben, "well");
	two.ann = hall_come(h, 1, "ann", 0, 9);
	assert_missed(entered(h, 0), 2, 1, 1, false);
	assert_int_equal(entered(h, 0)->missed.since_ms, start_ms);
	/* Only once. */
	hall_go(h, &two.ann, 0);
	two.ann = hall_come(h, 1, "ann", 0, 9);
	assert_missed(entered(h, 0), 0, 0, 0, false);
	end(h, &two);
}

static void own_words_are_not_new(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);

	hall_go(h, &two.ann, 0);
	say(h, two.ben, "hello");
	say_many(h, two.ben, 9);
	hall_go(h, &two.ben, 1);
	two.ben = hall_come(h, 2, "ben", 1, 8);
	assert_missed(entered(h, 1), 0, 0, 0, false);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_missed(entered(h, 0), 10, 0, 0, true);
	assert_int_equal(entered(h, 0)->replay_count, 4);
	end(h, &two);
}

static void it_lasts_over_a_restart(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);

	say(h, two.ben, "seen");
	hall_go(h, &two.ann, 0);
	say_many(h, two.ben, 2);
	end(h, &two);
	hall_reopen(h);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_missed(entered(h, 0), 2, 0, 1, false);
	end(h, &two);
}

static void more_than_is_in_memory(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);

	hall_go(h, &two.ann, 0);
	say(h, two.ben, "ann!");
	say_many(h, two.ben, 20);
	end(h, &two);
	hall_reopen(h);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_missed(entered(h, 0), 21, 1, 0, true);
	assert_false(entered(h, 0)->missed.is_more);
	end(h, &two);
}

static void counting_ends(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);

	hall_go(h, &two.ann, 0);
	say_many(h, two.ben, MISSED_MOST + 10);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_int_equal(entered(h, 0)->missed.count, MISSED_MOST + 4);
	assert_true(entered(h, 0)->missed.is_more);
	end(h, &two);
}

static void a_power_cut_costs_seconds(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);

	say_many(h, two.ben, 3);
	history_keep(h->chat);
	clock_fake_advance(PERIOD_MS);
	say(h, two.ben, "noted");
	assert_true(history_is_due(h->chat));
	history_keep(h->chat);
	assert_int_equal(stored(h, 1).id, 4);
	say(h, two.ben, "not noted yet");
	history_keep(h->chat);
	assert_int_equal(stored(h, 1).id, 4);
	end(h, &two);
	assert_int_equal(stored(h, 1).id, 5);
}

/* A number that was not noted as given may be given again. */
static void a_marker_is_not_ahead_of_the_store(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);
	struct room *den = chat_room(h->chat, "den");

	say_many(h, two.ben, 3);
	mutex_lock(&den->lock);
	den->history.given = 2;
	mutex_unlock(&den->lock);
	clock_fake_advance(PERIOD_MS);
	bookmark_keep(h->chat);
	assert_int_equal(stored(h, 1).id, 2);
	room_unref(&den);
	end(h, &two);
}

static const char *resume(struct hall *h, struct person *person)
{
	buf_reset(&h->text);
	person_set_away(person, NULL);
	bookmark_resume(h->chat, person, &h->text);
	return buf_text(&h->text);
}

static void away_stops_it(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);
	struct person *again;

	bookmark_stop(two.ann, "lunch");
	say(h, two.ben, "ann?");
	bookmark_stop(two.ann, "still");
	clock_fake_advance(PERIOD_MS);
	history_keep(h->chat);
	assert_int_equal(stored(h, 1).id, 0);
	again = hall_come(h, 1, "ann", 0, 9);
	assert_missed(entered(h, 0), 1, 1, 0, false);
	hall_go(h, &again, 0);
	say_many(h, two.ben, 1);
	assert_non_null(strstr(resume(h, two.ann), "2 new messages in den "
						   "since "));
	assert_non_null(strstr(buf_text(&h->text), ", 1 of them mentions "
						   "you\n"));
	assert_string_equal(resume(h, two.ann), "");
	say_many(h, two.ben, 1);
	hall_go(h, &two.ann, 0);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_missed(entered(h, 0), 0, 0, 0, false);
	end(h, &two);
}

static void away_lasts_over_the_end(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);

	bookmark_stop(two.ann, "lunch");
	say_many(h, two.ben, 2);
	end(h, &two);
	hall_reopen(h);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_missed(entered(h, 0), 2, 0, 0, false);
	end(h, &two);
}

static void leaving_keeps_it(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);
	struct room *den = chat_room(h->chat, "den");

	assert_int_equal(chat_leave(h->chat, two.ann, den), ERR_OK);
	say_many(h, two.ben, 2);
	assert_int_equal(hall_join(h, two.ann, "den"), ERR_OK);
	assert_missed(entered(h, 0), 2, 0, 0, false);
	room_unref(&den);
	end(h, &two);
}

/* A login reads its markers, and another session comes and goes meanwhile. */
static void an_old_tally_is_made_fresh(void **state)
{
	AUTO(room_names_fini) struct room_names rooms = { 0 };
	struct hall *h = *state;
	struct two two = begin(h);
	struct chat_arrival arrival = { .user = 1,
					.roles = ROLE_USER,
					.name = "ann",
					.address = "192.0.2.1",
					.rooms = &rooms,
					.session = 9 };

	hall_go(h, &two.ann, 0);
	say_many(h, two.ben, 2);
	assert_int_equal(chat_memberships(h->chat, 1, &rooms), ERR_OK);
	missed_load(h->chat, 1, "ann", &rooms);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_missed(entered(h, 0), 2, 0, 0, false);
	hall_go(h, &two.ann, 0);
	history_keep(h->chat);
	say_many(h, two.ben, 1);
	assert_int_equal(chat_arrive(h->chat, &arrival, &two.ann), ERR_OK);
	assert_missed(entered(h, 0), 1, 0, 2, false);
	end(h, &two);
}

static void guests_have_none(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);
	struct person *max = hall_come(h, 0, "max", 2, 9);
	struct room *den = chat_room(h->chat, "den");

	assert_int_equal(hall_join(h, max, "den"), ERR_OK);
	bookmark_stop(max, "lunch");
	say_many(h, two.ben, 2);
	assert_string_equal(resume(h, max), "");
	assert_int_equal(chat_leave(h->chat, max, den), ERR_OK);
	say_many(h, two.ben, 2);
	assert_int_equal(hall_join(h, max, "den"), ERR_OK);
	assert_missed(entered(h, 2), 0, 0, 0, false);
	room_unref(&den);
	hall_go(h, &max, 2);
	end(h, &two);
}

static void nothing_kept_is_nothing_new(void **state)
{
	struct hall *h = *state;
	struct two two;

	h->settings.history_count = 0;
	chat_change_settings(h->chat, &h->settings);
	two = begin(h);
	hall_go(h, &two.ann, 0);
	say_many(h, two.ben, 2);
	two.ann = hall_come(h, 1, "ann", 0, 7);
	assert_missed(entered(h, 0), 0, 0, 0, false);
	end(h, &two);
}

static void a_removed_user_leaves_nothing(void **state)
{
	struct hall *h = *state;
	struct two two = begin(h);
	struct actor by = hall_actor(two.ben);

	history_keep(h->chat);
	assert_int_not_equal(stored(h, 1).time_ms, 0);
	say(h, two.ben, "bye");
	clock_fake_advance(PERIOD_MS);
	assert_int_equal(heritage_remove(h->chat, &by, 1, &hall_entry), ERR_OK);
	history_keep(h->chat);
	hall_go(h, &two.ann, 0);
	history_keep(h->chat);
	assert_int_equal(stored(h, 1).time_ms, 0);
	end(h, &two);
}

struct keeping {
	struct store *store;
	unsigned number;
};

static enum err put(struct store_txn *txn, void *arg)
{
	const struct keeping *keeping = arg;
	struct marker marker = { 0, 1 + keeping->number };
	char room[16];

	snprintf(room, sizeof(room), "r%u", keeping->number);
	return marker_put(txn, keeping->store, 1, room, &marker);
}

static void count(const char *key, const struct marker *marker, void *arg)
{
	int64_t *sum = arg;

	assert_int_equal(key[0], 'r');
	assert_in_range(marker->time_ms, 11, MARKERS_MOST + 10);
	++*sum;
}

static void one_user_has_only_so_many(void **state)
{
	struct hall *h = *state;
	struct keeping keeping = { .store = h->store };
	int64_t sum = 0;

	for (; keeping.number < MARKERS_MOST + 10; keeping.number++)
		assert_int_equal(store_run(h->store, put, &keeping), ERR_OK);
	keeping.number--;
	assert_int_equal(store_run(h->store, put, &keeping), ERR_OK);
	assert_int_equal(marker_list(h->store, 1, count, &sum), ERR_OK);
	assert_int_equal(sum, MARKERS_MOST);
	assert_int_equal(marker_drop_user(h->store, 1), ERR_OK);
}

static const struct print_case {
	struct missed missed;
	const char *want;
} print_cases[] = {
	{ { 0, 0, 0, false }, "" },
	{ { 1, 0, 0, false }, "1 new message in den since 2001-09-09 01:46" },
	{ { 1, 1, 0, false },
	  "1 new message in den since 2001-09-09 01:46, which mentions you" },
	{ { 12, 1, 0, false },
	  "12 new messages in den since 2001-09-09 01:46, 1 of them mentions "
	  "you" },
	{ { 12, 2, 0, false },
	  "12 new messages in den since 2001-09-09 01:46, 2 of them mention "
	  "you" },
	{ { 1040, 0, 0, true },
	  "More than 1,040 new messages in den since 2001-09-09 01:46" },
};

static void it_is_told_in_words(void **state)
{
	struct hall *h = *state;
	int64_t then_ms = INT64_C(1000000000000);
	char date[CLOCK_TEXT];

	for (size_t i = 0; i < COUNT(print_cases); i++) {
		struct missed missed = print_cases[i].missed;
		char want[128];
		char *at;

		missed.since_ms = then_ms;
		clock_print(then_ms, date); /* in this machine's zone */
		snprintf(want, sizeof(want), "%s", print_cases[i].want);
		at = strstr(want, "2001");
		if (at != NULL)
			memcpy(at, date, strlen(date));
		buf_reset(&h->text);
		missed_print(&missed, "den", then_ms + INT64_C(86400000),
			     &h->text);
		assert_string_equal(buf_text(&h->text), want);
	}
	buf_reset(&h->text);
	missed_print(&(struct missed){ 2, 0, then_ms, false }, "den", then_ms,
		     &h->text);
	assert_non_null(strstr(buf_text(&h->text), " since "));
	assert_null(strstr(buf_text(&h->text), "2001"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_returns_is_told),
		TEST(own_words_are_not_new),
		TEST(it_lasts_over_a_restart),
		TEST(more_than_is_in_memory),
		TEST(counting_ends),
		TEST(a_power_cut_costs_seconds),
		TEST(a_marker_is_not_ahead_of_the_store),
		TEST(away_stops_it),
		TEST(away_lasts_over_the_end),
		TEST(leaving_keeps_it),
		TEST(an_old_tally_is_made_fresh),
		TEST(guests_have_none),
		TEST(nothing_kept_is_nothing_new),
		TEST(a_removed_user_leaves_nothing),
		TEST(one_user_has_only_so_many),
		TEST(it_is_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
