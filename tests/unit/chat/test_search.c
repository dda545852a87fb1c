#include "chat/history/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/history/history.h"
#include "hall.h"

enum { START_MS = 1000000000, ROOMS = 3, SAID = 2000 };

static const char *const names[ROOMS] = { "lobby", "den", "yard" };

/* As it was said: what a search is compared with. */
struct past {
	struct hall *h;
	struct person *ann;
	struct room *rooms[ROOMS];
	struct {
		size_t room;
		int64_t time_ms;
	} said[SAID];
	size_t count;
};

static void say(struct past *past, size_t room, const char *text)
{
	assert_true(past->count < SAID);
	past->said[past->count].room = room;
	past->said[past->count++].time_ms = clock_wall_ms();
	assert_int_equal(hall_say(past->h, past->ann, names[room], text),
			 ERR_OK);
}

static void past_init(struct past *past, struct hall *h)
{
	memset(past, 0, sizeof(*past));
	past->h = h;
	past->ann = hall_come(h, 1, "ann", 0, 7);
	for (size_t i = 0; i < ROOMS; i++) {
		if (i > 0)
			assert_int_equal(hall_join(h, past->ann, names[i]),
					 ERR_OK);
		past->rooms[i] = chat_room(h->chat, names[i]);
	}
}

static void past_fini(struct past *past)
{
	for (size_t i = 0; i < ROOMS; i++)
		room_unref(&past->rooms[i]);
	hall_go(past->h, &past->ann, 0);
}

/* "needle 7" and, between them, "hay": in stretches of one room. */
static void say_much(struct past *past)
{
	uint32_t dice = 1;
	size_t room = 0;

	for (int i = 0; i < SAID; i++) {
		char text[32];

		dice = dice * 1664525 + 1013904223;
		if ((dice >> 24) % 9 == 0)
			room = (dice >> 16) % ROOMS;
		/* Several at one moment, but only in one room. */
		if ((dice >> 24) % 9 == 0 || (dice >> 20) % 3 == 0)
			clock_fake_advance(1 + (dice >> 12) % 5000);
		snprintf(text, sizeof(text), "%s %d",
			 i % 7 == 0 ? "Needle" : "hay", i);
		say(past, room, text);
	}
	assert_int_equal(history_write(past->h->chat), ERR_OK);
}

static struct search *begin(struct past *past, const struct search_what *what)
{
	struct search *s = search_new(past->h->chat, what);

	assert_non_null(s);
	for (size_t i = 0; i < ROOMS; i++)
		search_add_room(s, past->rooms[i]);
	return s;
}

static void read_page(struct search *s)
{
	while (!search_is_done(s))
		assert_int_equal(search_step(s), ERR_OK);
}

/* The numbers behind the words of all pages, newest first; how many. */
static size_t read_all(struct search *s, int *list)
{
	const struct message *m;
	size_t count = 0;

	for (;;) {
		read_page(s);
		for (size_t i = 0; (m = search_hit(s, i)) != NULL; i++)
			assert_int_equal(
				sscanf(m->text, "%*s %d", &list[count++]), 1);
		if (!search_has_more(s))
			return count;
		search_turn(s);
	}
}

static void assert_found(struct past *past, const struct search_what *what,
			 int divisor)
{
	struct search *s = begin(past, what);
	int list[SAID];
	size_t count = read_all(s, list);
	size_t at = 0;

	search_free(&s);
	for (int i = SAID; i-- > 0;) {
		int64_t time_ms = past->said[i].time_ms;

		if (i % divisor != 0 || time_ms < what->since_ms ||
		    (what->until_ms != 0 && time_ms >= what->until_ms))
			continue;
		assert_true(at < count);
		assert_int_equal(list[at++], i);
	}
	assert_int_equal(at, count);
}

/* Whatever the pages and their patience, nothing is missed or told twice. */
static void all_is_found_in_order(void **state)
{
	static const uint64_t patience[] = { 0, 1, 100, 1000 };
	struct past past;

	past_init(&past, *state);
	say_much(&past);
	for (size_t i = 0; i < COUNT(patience); i++) {
		struct search_what what = { .words = { "needle" },
					    .count = 1,
					    .patience = patience[i] };

		assert_found(&past, &what, 7);
		what.since_ms = past.said[SAID / 3].time_ms;
		assert_found(&past, &what, 7);
		what.until_ms = past.said[SAID / 2].time_ms;
		assert_found(&past, &what, 7);
		what.count = 0;
		assert_found(&past, &what, 1);
	}
	past_fini(&past);
}

static void a_search_is_bounded(void **state)
{
	struct search_what what = { .words = { "nothing" },
				    .count = 1,
				    .patience = 500 };
	struct search *s;
	struct past past;

	past_init(&past, *state);
	say_much(&past);
	s = begin(&past, &what);
	read_page(s);
	assert_null(search_hit(s, 0));
	assert_true(search_has_more(s));
	assert_true(search_looked(s) >= 500);
	assert_true(search_looked(s) < 500 + 2 * SEARCH_STEP);
	assert_true(search_reached_ms(s) < clock_wall_ms());
	search_free(&s);
	past_fini(&past);
}

static const struct {
	const char *text;
	const char *words[3];
	bool want;
} matches[] = {
	{ "The Decision", { "decision" }, true },
	{ "The Decision", { "CISI", "the" }, true },
	{ "The Decision", { "the", "decisions" }, false },
	{ "The Decision", { "the decision" }, true },
	{ "The Decision", { "decision the" }, false },
	{ "Caf\u00e9", { "cafe" }, true },
	{ "cafe", { "CAF\u00c9" }, true },
	{ "Stra\u00dfe", { "STRASSE" }, true },
	{ "co\u00adop", { "coop" }, true },
	{ "\u041f\u0440\u0438\u0432\u0435\u0442",
	  { "\u043f\u0440\u0438\u0432" },
	  true },
	{ "", { "a" }, false },
};

static void words_match(void **state)
{
	struct past past;

	past_init(&past, *state);
	for (size_t i = 0; i < COUNT(matches); i++) {
		struct search_what what = { 0 };
		struct search *s;

		say(&past, 0, matches[i].text);
		assert_int_equal(history_write(past.h->chat), ERR_OK);
		for (size_t j = 0; j < 3 && matches[i].words[j] != NULL; j++)
			what.words[what.count++] = matches[i].words[j];
		what.since_ms = clock_wall_ms();
		s = begin(&past, &what);
		read_page(s);
		assert_int_equal(search_hit(s, 0) != NULL, matches[i].want);
		search_free(&s);
		clock_fake_advance(1);
	}
	past_fini(&past);
}

static void invisible_words_are_refused(void **state)
{
	struct hall *h = *state;
	struct search_what what = { .words = { "a", "\u200b" }, .count = 2 };

	assert_null(search_new(h->chat, &what));
}

static bool is_third(const struct saying *saying, void *arg)
{
	(void)arg;
	return saying->id == 3;
}

static void a_condition_of_the_caller(void **state)
{
	struct search_what what = { .fits = is_third };
	struct search *s;
	struct past past;

	past_init(&past, *state);
	for (int i = 1; i <= 5; i++)
		say(&past, 1, "words");
	assert_int_equal(history_write(past.h->chat), ERR_OK);
	s = begin(&past, &what);
	read_page(s);
	assert_int_equal(search_hit(s, 0)->id, 3);
	assert_null(search_hit(s, 1));
	assert_false(search_has_more(s));
	search_free(&s);
	past_fini(&past);
}

static void whose_words(void **state)
{
	struct whose anybody = whose_named(0, "");
	struct whose ann = whose_named(1, "ann");

	(void)state;
	assert_true(whose_fits(&anybody, 0, "max"));
	assert_true(whose_fits(&ann, 1, "annie"));
	assert_true(whose_fits(&ann, 0, "Ann"));
	assert_true(whose_fits(&ann, 9, "ann"));
	assert_false(whose_fits(&ann, 0, "anne"));
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(all_is_found_in_order),
		IN_HALL(a_search_is_bounded),
		IN_HALL(words_match),
		IN_HALL(invisible_words_are_refused),
		IN_HALL(a_condition_of_the_caller),
		cmocka_unit_test(whose_words),
	};

	clock_fake(START_MS);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
