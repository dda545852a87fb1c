#include "chat/flood/flood.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

/* Five in ten seconds, two of the same in twenty; a room eight in a second. */
static const struct chat_settings settings = {
	.flood = { 5, 10 },
	.flood_joins = { 3, 30 },
	.flood_repeats = { 2, 20 },
	.flood_room = { 8, 1 },
	.flood_room_joins = { 4, 10 },
	.flood_room_repeats = { 3, 20 },
	.flood_patience = { 5, 60 },
	.flood_quiet_s = 60,
	.flood_ban_s = 600,
	.flood_decay_s = 300,
};

struct scene {
	struct flood_rules rules;
	struct flood_meter ann;
	struct flood_meter ben;
	struct flood_gauge room;
	unsigned said;
};

static int setup(void **state)
{
	static struct scene scene;

	memset(&scene, 0, sizeof(scene));
	flood_rules_set(&scene.rules, &settings);
	mutex_init(&scene.ann.lock, LOCK_TABLE);
	mutex_init(&scene.ben.lock, LOCK_TABLE);
	*state = &scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	mutex_fini(&s->ann.lock);
	mutex_fini(&s->ben.lock);
	return 0;
}

/* NULL: something never said before. */
static struct flood_finding say(struct scene *s, struct flood_meter *who,
				const char *text, bool want)
{
	char fresh[32];
	struct flood_try t = { .kind = FLOOD_MESSAGES,
			       .text = text,
			       .room = &s->room };
	struct flood_finding finding;

	snprintf(fresh, sizeof(fresh), "%u", s->said++);
	if (text == NULL)
		t.text = fresh;
	assert_int_equal(flood_take(&s->rules, who, &t, &finding), want);
	return finding;
}

static void so_many_at_once_and_then_one_by_one(void **state)
{
	struct scene *s = *state;
	struct flood_finding finding;

	for (int i = 0; i < 5; i++)
		say(s, &s->ann, NULL, true);
	finding = say(s, &s->ann, NULL, false);
	assert_int_equal(finding.wait_s, 2);
	assert_false(finding.is_of_room);
	assert_false(finding.is_repeat);
	assert_int_equal(finding.grade, FLOOD_WARN);
	clock_fake_advance(1999);
	say(s, &s->ann, NULL, false);
	clock_fake_advance(1);
	say(s, &s->ann, NULL, true);
	say(s, &s->ann, NULL, false);
	/* What one says is nothing to another. */
	clock_fake_advance(1000);
	say(s, &s->ben, NULL, true);
	clock_fake_advance(9000);
	for (int i = 0; i < 5; i++)
		say(s, &s->ann, NULL, true);
}

static void the_same_is_said_so_often(void **state)
{
	struct scene *s = *state;
	struct flood_finding finding;

	say(s, &s->ann, "Buy now", true);
	say(s, &s->ann, "buy  NOW", true);
	finding = say(s, &s->ann, "buynow", false);
	assert_true(finding.is_repeat);
	assert_int_equal(finding.wait_s, 10);
	say(s, &s->ann, "buy later", true);
	clock_fake_advance(10000);
	say(s, &s->ann, "buy now", true);
	say(s, &s->ann, "buy now", false);
}

/* What was refused has cost nothing. */
static void repeats_do_not_use_up_the_rate(void **state)
{
	struct scene *s = *state;

	say(s, &s->ann, "x", true);
	say(s, &s->ann, "x", true);
	say(s, &s->ann, "x", false);
	say(s, &s->ann, "x", false);
	for (int i = 0; i < 3; i++)
		say(s, &s->ann, NULL, true);
	say(s, &s->ann, NULL, false);
}

static void a_room_takes_so_much_of_all(void **state)
{
	struct scene *s = *state;
	struct flood_finding finding;

	for (int i = 0; i < 4; i++) {
		say(s, &s->ann, NULL, true);
		say(s, &s->ben, NULL, true);
	}
	finding = say(s, &s->ann, NULL, false);
	assert_true(finding.is_of_room);
	assert_int_equal(finding.wait_s, 1);
	assert_int_equal(finding.grade, FLOOD_WARN);
	/* Neither of them is to blame. */
	assert_int_equal(s->ann.state.last_us, 0);
	clock_fake_advance(125);
	say(s, &s->ann, NULL, true);
}

static void long_messages_weigh_more_in_a_room(void **state)
{
	struct scene *s = *state;
	char text[FLOOD_WEIGHT * 3 + 1];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	say(s, &s->ann, text, true);
	text[0] = 'y';
	say(s, &s->ben, text, true);
	text[0] = 'z';
	assert_true(say(s, &s->ben, text, false).is_of_room);
	say(s, &s->ben, "short", false);
}

static void several_repeat_what_is_long(void **state)
{
	static const char spam[] = "come to my other server now";
	struct scene *s = *state;

	say(s, &s->ann, spam, true);
	say(s, &s->ben, spam, true);
	say(s, &s->ann, spam, true);
	assert_true(say(s, &s->ben, spam, false).is_of_room);
	clock_fake_advance(5000);
	say(s, &s->ann, "hello", true);
	say(s, &s->ben, "hello", true);
	say(s, &s->ann, "hello", true);
	say(s, &s->ben, "hello", true);
}

/* Says more until something comes of it. */
static enum flood_grade go_on(struct scene *s, struct flood_meter *who)
{
	struct flood_finding finding = { 0 };

	who->state.paused_us = 0; /* as if it was over */
	for (int i = 0; i < 100 && finding.grade == FLOOD_WARN; i++) {
		char text[16];
		struct flood_try t = { .kind = FLOOD_MESSAGES, .text = text };

		snprintf(text, sizeof(text), "%u", s->said++);
		if (flood_take(&s->rules, who, &t, &finding))
			finding.grade = FLOOD_WARN;
	}
	return finding.grade;
}

static void who_goes_on_is_graded_up(void **state)
{
	struct scene *s = *state;

	for (int i = 0; i < 5; i++)
		say(s, &s->ann, NULL, true);
	for (int i = 0; i < 5; i++)
		assert_int_equal(say(s, &s->ann, NULL, false).grade,
				 FLOOD_WARN);
	assert_int_equal(say(s, &s->ann, NULL, false).grade, FLOOD_QUIET);
	assert_int_equal(go_on(s, &s->ann), FLOOD_KICK);
	assert_int_equal(go_on(s, &s->ann), FLOOD_BAN);
	assert_int_equal(go_on(s, &s->ann), FLOOD_BAN);
	assert_int_equal(say(s, &s->ben, NULL, true).grade, FLOOD_WARN);
}

static void grades_go_in_peace(void **state)
{
	struct scene *s = *state;

	assert_int_equal(go_on(s, &s->ann), FLOOD_QUIET);
	assert_int_equal(go_on(s, &s->ann), FLOOD_KICK);
	clock_fake_advance(299 * 1000);
	assert_int_equal(go_on(s, &s->ann), FLOOD_BAN);
	clock_fake_advance(300 * 1000);
	assert_int_equal(go_on(s, &s->ann), FLOOD_BAN);
	clock_fake_advance(600 * 1000);
	assert_int_equal(go_on(s, &s->ann), FLOOD_KICK);
	clock_fake_advance(3600 * 1000);
	assert_int_equal(go_on(s, &s->ann), FLOOD_QUIET);
}

static bool join(struct scene *s, struct flood_meter *who,
		 struct flood_finding *finding)
{
	struct flood_try t = { .kind = FLOOD_JOINS, .room = &s->room };

	return flood_take(&s->rules, who, &t, finding);
}

static void joins_have_a_rate_of_their_own(void **state)
{
	struct scene *s = *state;
	struct flood_finding finding;

	for (int i = 0; i < 3; i++)
		assert_true(join(s, &s->ann, &finding));
	assert_false(join(s, &s->ann, &finding));
	assert_int_equal(finding.wait_s, 10);
	say(s, &s->ann, NULL, true);
	assert_true(join(s, &s->ben, &finding));
	assert_false(join(s, &s->ben, &finding));
	assert_true(finding.is_of_room);
	/* Who hammers at the door waits outside. */
	while (finding.grade == FLOOD_WARN)
		assert_false(join(s, &s->ann, &finding));
	clock_fake_advance(59 * 1000);
	assert_false(join(s, &s->ann, &finding));
	assert_int_equal(finding.wait_s, 1);
	clock_fake_advance(1000);
	assert_true(join(s, &s->ann, &finding));
}

static void without_rates_all_goes(void **state)
{
	static const struct chat_settings none = { .flood = { -1, 0 } };
	struct scene *s = *state;

	flood_rules_set(&s->rules, &none);
	for (int i = 0; i < 1000; i++)
		say(s, &s->ann, "the same over and over", true);
}

/* A rate that is set anew counts what was taken before. */
static void rates_change_live(void **state)
{
	struct chat_settings tighter = settings;
	struct scene *s = *state;

	for (int i = 0; i < 4; i++)
		say(s, &s->ann, NULL, true);
	tighter.flood = (struct rate){ 1, 60 };
	flood_rules_set(&s->rules, &tighter);
	assert_false(say(s, &s->ann, NULL, false).is_of_room);
	flood_rules_set(&s->rules, &settings);
	say(s, &s->ann, NULL, true);
}

/* The largest of everything: no sum goes over. */
static void the_longest_rates(void **state)
{
	const struct chat_settings longest = { .flood = { 1, INT64_MAX },
					       .flood_patience = { 3,
								   INT64_MAX },
					       .flood_quiet_s = 604800,
					       .flood_decay_s = 604800 };
	struct scene *s = *state;

	flood_rules_set(&s->rules, &longest);
	say(s, &s->ann, NULL, true);
	for (int i = 0; i < 20; i++)
		say(s, &s->ann, NULL, false);
	clock_fake_advance((int64_t)366 * 24 * 3600 * 1000);
	say(s, &s->ann, NULL, true);
}

/* Two sessions of one person at once: not one more than the rate. */
struct speaker {
	struct scene *scene;
	struct thread thread;
	unsigned said;
};

static void speak(void *arg)
{
	struct speaker *a = arg;

	for (int i = 0; i < 1000; i++) {
		struct flood_try t = { .kind = FLOOD_MESSAGES };
		struct flood_finding finding;

		a->said += flood_take(&a->scene->rules, &a->scene->ann, &t,
				      &finding);
	}
}

static void sessions_share_the_rate(void **state)
{
	struct speaker speakers[4] = { 0 };
	unsigned said = 0;

	for (size_t i = 0; i < COUNT(speakers); i++) {
		speakers[i].scene = *state;
		thread_start(&speakers[i].thread, "speaker", speak,
			     &speakers[i]);
	}
	for (size_t i = 0; i < COUNT(speakers); i++) {
		thread_join(&speakers[i].thread);
		said += speakers[i].said;
	}
	assert_int_equal(said, 5);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(so_many_at_once_and_then_one_by_one),
		SCENE(the_same_is_said_so_often),
		SCENE(repeats_do_not_use_up_the_rate),
		SCENE(a_room_takes_so_much_of_all),
		SCENE(long_messages_weigh_more_in_a_room),
		SCENE(several_repeat_what_is_long),
		SCENE(who_goes_on_is_graded_up),
		SCENE(grades_go_in_peace),
		SCENE(joins_have_a_rate_of_their_own),
		SCENE(without_rates_all_goes),
		SCENE(rates_change_live),
		SCENE(the_longest_rates),
		SCENE(sessions_share_the_rate),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
