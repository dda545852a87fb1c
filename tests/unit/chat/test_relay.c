#include "chat/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "chat/guard/closing.h"
#include "chat/watch.h"
#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

/* Ann hears with the first ear, Cleo with the second. */
static enum err answer(struct den *den, int who, const char *const *lines,
		       size_t count)
{
	struct relay what = { .from = "joke", .lines = lines, .count = count };

	return relay_answer(den->room, den->people[who], &what, NULL);
}

static enum err tell(struct den *den, const char *line)
{
	struct relay what = { .from = "joke", .lines = &line, .count = 1 };

	return relay_tell(den->room, &what, NULL);
}

static const char *const knock[] = { "Knock, knock.", "Who is there?" };

static void set_modes(struct den *den, enum mode mode, uint32_t value)
{
	mutex_lock(&den->room->lock);
	modes_put(&den->room->facts.modes, mode, value, RANK_OWNER);
	mutex_unlock(&den->room->lock);
}

static void lines_are_told_one_by_one_and_replayed(void **state)
{
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	assert_int_equal(answer(&den, CLEO, knock, 2), ERR_OK);
	assert_string_equal(
		hall_hears(h, 0),
		"say den joke: Knock, knock.;say den joke: Who is there?;");
	assert_int_equal(h->ears[0].heard[0]->user, CLEO);
	den_come(&den, EVE);
	hall_hush(h);
	assert_int_equal(den_join(&den, EVE), ERR_OK);
	assert_string_equal(hall_hears(h, 1),
			    "joined den user5;entered den user5 +2;");
	den_close(&den);
}

static void only_members_have_lines_told(void **state)
{
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	den_come(&den, EVE);
	hall_hush(h);
	assert_int_equal(answer(&den, EVE, knock, 2), ERR_NO_ROOM);
	assert_string_equal(hall_hears(h, 0), "");
	den_close(&den);
}

static void the_gate_asks_who_asked(void **state)
{
	static const char *const spam[] = { "all about", "spam" };
	static const char *const split[] = { "sp", "am" };
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	den_must_pass(&den, BEN, SANCTION_QUIET, "user4", NULL);
	den_must_pass(&den, BEN, SANCTION_REFUSE, "glob:spam", NULL);
	den_must_pass(&den, BEN, SANCTION_HOLD, "literal:eggs", NULL);
	hall_hush(h);
	assert_int_equal(answer(&den, DAN, knock, 2), ERR_QUIETED);
	assert_int_equal(answer(&den, CLEO, spam, 2), ERR_FILTERED);
	assert_string_equal(hall_hears(h, 0), "");
	assert_int_equal(answer(&den, CLEO, split, 2), ERR_OK);
	hall_hush(h);
	assert_int_equal(
		answer(&den, CLEO, (const char *const[]){ "ham", "eggs" }, 2),
		ERR_HELD);
	assert_string_equal(hall_hears(h, 0),
			    "held den user3 user1: ham eggs;");
	assert_int_equal(answer(&den, BEN, spam, 2), ERR_OK);
	den_close(&den);
}

static void they_count_as_one_message(void **state)
{
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	set_modes(&den, MODE_SLOW, 10);
	assert_int_equal(answer(&den, CLEO, knock, 2), ERR_OK);
	assert_int_equal(answer(&den, CLEO, knock, 2), ERR_SLOW_MODE);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_SLOW_MODE);
	clock_fake_advance(10 * 1000);
	assert_int_equal(answer(&den, CLEO, knock, 2), ERR_OK);
	den_close(&den);
}

static void unasked_lines_obey_the_room(void **state)
{
	struct hall *h = *state;
	struct den den;
	struct actor admin;

	den_open(&den, h);
	assert_int_equal(tell(&den, "spam"), ERR_OK);
	assert_int_equal(h->ears[0].heard[0]->user, 0);
	assert_string_equal(hall_hears(h, 0), "say den joke: spam;");
	den_must_pass(&den, BEN, SANCTION_HOLD, "literal:spam", NULL);
	assert_int_equal(tell(&den, "spam"), ERR_FILTERED);
	set_modes(&den, MODE_PLAIN, 1);
	assert_int_equal(tell(&den, "\x02so\x02"), ERR_FILTERED);
	set_modes(&den, MODE_MODERATED, 1);
	assert_int_equal(tell(&den, "ham"), ERR_MODERATED);
	admin = den_actor(&den, ANN, ROLE_ADMIN);
	assert_int_equal(closing_begin(h->chat, &admin, den.room, "", NULL),
			 ERR_OK);
	hall_hush(h);
	assert_int_equal(tell(&den, "ham"), ERR_ROOM_CLOSED);
	assert_string_equal(hall_hears(h, 0), "");
	den_close(&den);
}

static void see(void *arg, const struct watch_sight *sight)
{
	static const char *const events[] = {
		[WATCH_JOINED] = "joined",
		[WATCH_LEFT] = "left",
		[WATCH_SAID] = "said",
	};

	buf_print(arg, "%s%s %s %s%s%s;", events[sight->event],
		  sight->is_private ? " private" : "", sight->room, sight->name,
		  sight->text[0] == '\0' ? "" : ": ", sight->text);
}

static void a_watch_sees_who_comes_and_speaks(void **state)
{
	AUTO(buf_fini) struct buf seen = { 0 };
	struct hall *h = *state;
	struct den den;

	watch_set(h->chat, &(struct watch){ see, &seen });
	den_open(&den, h);
	buf_reset(&seen);
	den_come(&den, EVE);
	assert_int_equal(den_join(&den, EVE), ERR_OK);
	assert_int_equal(den_say(&den, EVE, "hello"), ERR_OK);
	assert_int_equal(answer(&den, EVE, knock, 2), ERR_OK);
	assert_int_equal(tell(&den, "ham"), ERR_OK);
	set_modes(&den, MODE_SECRET, 1);
	hall_go(h, &den.people[EVE], 1);
	assert_string_equal(buf_text(&seen),
			    "joined lobby user5;joined den user5;"
			    "said den user5: hello;left lobby user5;"
			    "left private den user5;");
	den_close(&den);
}

static void a_watch_is_told_which_rooms_are_private(void **state)
{
	static const enum mode modes[] = { MODE_SECRET, MODE_KEY,
					   MODE_INVITE_ONLY };
	AUTO(buf_fini) struct buf seen = { 0 };
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	watch_set(h->chat, &(struct watch){ see, &seen });
	assert_false(watch_is_private(den.room));
	set_modes(&den, MODE_MODERATED, 1);
	assert_false(watch_is_private(den.room));
	for (size_t i = 0; i < COUNT(modes); i++) {
		uint32_t bit = 1U << modes[i];

		mutex_lock(&den.room->lock);
		den.room->facts.modes.set |= bit;
		mutex_unlock(&den.room->lock);
		assert_true(watch_is_private(den.room));
		assert_int_equal(den_say(&den, BEN, "psst"), ERR_OK);
		assert_string_equal(buf_text(&seen),
				    "said private den user2: psst;");
		buf_reset(&seen);
		mutex_lock(&den.room->lock);
		den.room->facts.modes.set &= ~bit;
		mutex_unlock(&den.room->lock);
	}
	watch_set(h->chat, &(struct watch){ 0 });
	den_close(&den);
}

static void a_watch_sees_all_of_a_crowd(void **state)
{
	AUTO(buf_fini) struct buf seen = { 0 };
	struct hall *h = *state;
	struct person *people[HALL_USERS];

	watch_set(h->chat, &(struct watch){ see, &seen });
	for (int i = 0; i < HALL_USERS; i++) {
		char name[8];

		snprintf(name, sizeof(name), "g%d", i);
		people[i] = hall_come(h, 0, name, 0, (uint64_t)i + 1);
	}
	assert_string_equal(buf_text(&seen),
			    "joined lobby g0;joined lobby g1;joined lobby g2;"
			    "joined lobby g3;joined lobby g4;joined lobby g5;"
			    "joined lobby g6;joined lobby g7;"
			    "joined lobby g8;");
	for (int i = 0; i < HALL_USERS; i++)
		hall_go(h, &people[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(lines_are_told_one_by_one_and_replayed),
		IN_HALL(only_members_have_lines_told),
		IN_HALL(the_gate_asks_who_asked),
		IN_HALL(they_count_as_one_message),
		IN_HALL(unasked_lines_obey_the_room),
		IN_HALL(a_watch_sees_who_comes_and_speaks),
		IN_HALL(a_watch_is_told_which_rooms_are_private),
		IN_HALL(a_watch_sees_all_of_a_crowd),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
