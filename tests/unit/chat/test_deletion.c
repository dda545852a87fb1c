#include "chat/history/deletion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/history/excerpt.h"
#include "chat/history/history.h"
#include "chat/history/history_table.h"
#include "chat/room_fields.h"
#include "hall.h"

enum { START_MS = 1000000000, SAID = 700 };

/* ann is an administrator, ben nobody special. */
struct scene {
	struct hall *h;
	struct person *ann;
	struct person *ben;
	struct room *room;
	struct actor ops;
	struct actor bens;
};

static void come(struct scene *s, struct hall *h)
{
	s->h = h;
	atomic_store(&h->chat->delete_window_s, CONF_NONE);
	s->ann = hall_come(h, 1, "ann", 0, 7);
	s->ben = hall_come(h, 2, "ben", 1, 8);
	s->room = chat_default_room(h->chat);
	s->ops = hall_actor(s->ann);
	s->ops.roles |= ROLE_ADMIN;
	s->bens = hall_actor(s->ben);
}

static void go(struct scene *s)
{
	hall_go(s->h, &s->ann, 0);
	hall_go(s->h, &s->ben, 1);
}

static void say(struct scene *s, struct person *who, const char *text)
{
	assert_int_equal(hall_say(s->h, who, "lobby", text), ERR_OK);
}

static enum err run(struct deletion_ask *ask, uint64_t *count_r)
{
	struct deletion d;
	enum err e = deletion_begin(&d, ask, NULL);

	while (e == ERR_OK && !d.is_counted)
		e = deletion_count(&d);
	if (e == ERR_OK)
		e = deletion_make(&d, NULL);
	if (count_r != NULL)
		*count_r = d.count;
	deletion_fini(&d);
	return e;
}

static enum err delete_one(struct scene *s, const struct actor *by, uint64_t id)
{
	struct deletion_ask ask = { .chat = s->h->chat,
				    .room = s->room,
				    .by = by,
				    .how = id == 0 ? DELETE_LAST : DELETE_ONE,
				    .number = id };

	return run(&ask, NULL);
}

static enum err delete_by(struct scene *s, const char *name, uint64_t *count_r)
{
	struct deletion_ask ask = { .chat = s->h->chat,
				    .room = s->room,
				    .by = &s->ops,
				    .how = DELETE_MANY,
				    .name = name };

	return run(&ask, count_r);
}

/* "1 3 ": the numbers that a reader is shown. */
static const char *shown(struct scene *s)
{
	struct excerpt all;

	buf_reset(&s->h->text);
	assert_int_equal(history_write(s->h->chat), ERR_OK);
	assert_int_equal(excerpt_from(s->h->chat, s->room, 1, SAID, &all),
			 ERR_OK);
	for (size_t i = 0; i < all.count; i++)
		buf_print(&s->h->text, "%d ", (int)all.list[i]->id);
	excerpt_fini(&all);
	return buf_text(&s->h->text);
}

static bool count_one(const struct saying *saying, void *arg)
{
	(void)saying;
	++*(size_t *)arg;
	return true;
}

/* In the table, whoever may see them. */
static size_t stored(struct hall *h)
{
	size_t count = 0;
	struct history_walk walk = { .store = h->store,
				     .room = "lobby",
				     .visit = count_one,
				     .arg = &count };

	assert_int_equal(history_walk_up(&walk, 1), ERR_OK);
	return count;
}

static void assert_sound(struct hall *h)
{
	AUTO(buf_fini) struct buf report = { 0 };

	assert_int_equal(history_table_verify(h->store, &report), ERR_OK);
	assert_int_equal(erasures_verify(h->store, &report), ERR_OK);
}

static void keep_until_done(struct hall *h)
{
	while (atomic_load(&h->chat->is_erasing))
		history_keep(h->chat);
}

/* What has not been written yet is deleted as well. */
static void what_waits_is_deleted(void **state)
{
	struct scene s;

	come(&s, *state);
	say(&s, s.ann, "one");
	say(&s, s.ben, "two");
	say(&s, s.ben, "three");
	assert_int_equal(delete_one(&s, &s.bens, 2), ERR_OK);
	assert_string_equal(shown(&s), "1 3 ");
	assert_int_equal(delete_one(&s, &s.bens, 2), ERR_NOT_FOUND);
	assert_int_equal(delete_one(&s, &s.bens, 1), ERR_NOT_ALLOWED);
	assert_int_equal(delete_one(&s, &s.bens, 0), ERR_OK);
	assert_string_equal(shown(&s), "1 ");
	assert_int_equal(stored(s.h), 3);
	keep_until_done(s.h);
	assert_int_equal(stored(s.h), 1);
	assert_int_equal(s.room->history.erasures.count, 0);
	assert_int_equal(s.room->history.stored, 1);
	go(&s);
	assert_sound(s.h);
}

static void a_window_of_time(void **state)
{
	struct scene s;

	come(&s, *state);
	atomic_store(&s.h->chat->delete_window_s, 60);
	say(&s, s.ben, "one");
	clock_fake_advance(60 * 1000 - 1);
	say(&s, s.ben, "two");
	assert_int_equal(delete_one(&s, &s.bens, 1), ERR_OK);
	clock_fake_advance(60 * 1000);
	assert_int_equal(delete_one(&s, &s.bens, 2), ERR_NOT_ALLOWED);
	assert_int_equal(delete_one(&s, &s.bens, 0), ERR_NOT_ALLOWED);
	atomic_store(&s.h->chat->delete_window_s, CONF_NONE);
	assert_int_equal(delete_one(&s, &s.bens, 2), ERR_OK);
	go(&s);
}

/* It goes on after a restart, wherever it was. */
static void much_is_deleted_in_pieces(void **state)
{
	struct scene s;
	uint64_t count;

	come(&s, *state);
	for (int i = 0; i < SAID; i++)
		say(&s, i % 2 == 0 ? s.ann : s.ben, "words");
	assert_int_equal(delete_by(&s, "ben", &count), ERR_OK);
	assert_int_equal(count, SAID / 2);
	assert_int_equal(delete_by(&s, "ben", &count), ERR_NOT_FOUND);
	say(&s, s.ben, "later");
	assert_int_equal(history_write(s.h->chat), ERR_OK);
	go(&s);
	assert_int_equal(stored(s.h), SAID + 1);
	hall_reopen(s.h);
	come(&s, s.h);
	assert_int_equal(s.room->history.erasures.count, 1);
	assert_int_equal(delete_by(&s, "ben", &count), ERR_OK);
	assert_int_equal(count, 1);
	keep_until_done(s.h);
	assert_int_equal(stored(s.h), SAID / 2);
	assert_int_equal(s.room->history.erasures.count, 0);
	assert_int_equal(s.room->history.stored, SAID / 2);
	go(&s);
	assert_sound(s.h);
}

/* More than one call takes out; the next start goes on behind that. */
static void the_rest_is_for_the_next_start(void **state)
{
	enum { MUCH = 4200 };
	struct scene s;
	size_t left;

	come(&s, *state);
	for (int i = 0; i < MUCH; i++)
		say(&s, s.ben, "words");
	say(&s, s.ann, "words");
	assert_int_equal(delete_by(&s, "ben", NULL), ERR_OK);
	history_keep(s.h->chat);
	left = stored(s.h);
	assert_true(left > 1 && left < MUCH);
	go(&s);
	hall_reopen(s.h);
	come(&s, s.h);
	assert_true(s.room->history.erasures.list[0].from > 1);
	assert_string_equal(shown(&s), "4201 ");
	keep_until_done(s.h);
	assert_int_equal(stored(s.h), 1);
	assert_int_equal(s.room->history.stored, 1);
	go(&s);
	assert_sound(s.h);
}

/* The replay has nothing of it, nor has it after a restart. */
static void the_replay_is_clean(void **state)
{
	struct scene s;

	come(&s, *state);
	say(&s, s.ann, "one");
	say(&s, s.ben, "two");
	assert_int_equal(delete_by(&s, "ben", NULL), ERR_OK);
	assert_int_equal(s.room->history.recent.count, 1);
	go(&s);
	hall_reopen(s.h);
	come(&s, s.h);
	assert_int_equal(s.room->history.recent.count, 1);
	assert_int_equal(recent_at(&s.room->history.recent, 0)->id, 1);
	go(&s);
}

/* Between the counting and the deed somebody else deletes. */
static void nothing_is_counted_twice(void **state)
{
	struct deletion_ask ask = { .how = DELETE_MANY, .since_ms = 1 };
	struct deletion d;
	struct scene s;

	come(&s, *state);
	say(&s, s.ann, "one");
	say(&s, s.ben, "two");
	ask.chat = s.h->chat;
	ask.room = s.room;
	ask.by = &s.ops;
	assert_int_equal(deletion_begin(&d, &ask, NULL), ERR_OK);
	assert_int_equal(deletion_count(&d), ERR_OK);
	assert_int_equal(d.count, 2);
	assert_int_equal(delete_one(&s, &s.bens, 2), ERR_OK);
	assert_int_equal(deletion_make(&d, NULL), ERR_AGAIN);
	assert_int_equal(deletion_count(&d), ERR_OK);
	assert_int_equal(d.count, 1);
	assert_int_equal(deletion_make(&d, NULL), ERR_OK);
	deletion_fini(&d);
	assert_string_equal(shown(&s), "");
	go(&s);
}

static void all_are_told(void **state)
{
	const struct message *m;
	struct scene s;

	come(&s, *state);
	say(&s, s.ben, "one");
	hall_hush(s.h);
	assert_int_equal(delete_by(&s, "ben", NULL), ERR_OK);
	m = s.h->ears[1].heard[0];
	assert_int_equal(m->kind, MESSAGE_DELETED);
	assert_string_equal(m->text, "1 message of ben");
	assert_int_equal(m->erasure->upto, 1);
	assert_int_equal(m->erasure->whose.user, 0);
	assert_true(erasure_hits(m->erasure, 1, 1, 0, "ben"));
	assert_false(erasure_hits(m->erasure, 2, 1, 0, "ben"));
	go(&s);
}

static void there_is_a_bound(void **state)
{
	struct scene s;
	char text[16];

	come(&s, *state);
	for (int i = 0; i <= ERASURES_MOST; i++) {
		snprintf(text, sizeof(text), "%d", i);
		say(&s, s.ann, text);
	}
	for (int i = 1; i <= ERASURES_MOST; i++)
		assert_int_equal(delete_one(&s, &s.ops, (uint64_t)i), ERR_OK);
	assert_int_equal(delete_one(&s, &s.ops, ERASURES_MOST + 1), ERR_BUSY);
	keep_until_done(s.h);
	assert_int_equal(delete_one(&s, &s.ops, ERASURES_MOST + 1), ERR_OK);
	assert_string_equal(shown(&s), "");
	go(&s);
}

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(what_waits_is_deleted),
		IN_HALL(a_window_of_time),
		IN_HALL(much_is_deleted_in_pieces),
		IN_HALL(the_rest_is_for_the_next_start),
		IN_HALL(the_replay_is_clean),
		IN_HALL(nothing_is_counted_twice),
		IN_HALL(all_are_told),
		IN_HALL(there_is_a_bound),
	};

	clock_fake(START_MS);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
