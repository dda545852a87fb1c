#include "chat/mode/mode_change.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static const struct parse_case {
	const char *text;
	const char *want; /* as printed, and the key; or a part of the words */
	enum err code;
} parse_cases[] = {
	{ "+m", "+m (moderated)", ERR_OK },
	{ "-m", "-m (moderated)", ERR_OK },
	{ "+mt", "+mt (moderated, topic-locked)", ERR_OK },
	{ "+m-t", "+m-t (moderated, topic-locked)", ERR_OK },
	{ "+m-m", "-m (moderated)", ERR_OK },
	{ "-m+m", "+m (moderated)", ERR_OK },
	{ "+itl 50", "+ilt (invite-only, limit 50, topic-locked)", ERR_OK },
	{ "+lS 5 10s", "+lS (limit 5, slow 10s)", ERR_OK },
	{ "+Sl 10 5", "+lS (limit 5, slow 10s)", ERR_OK },
	{ "  +N   5m ", "+N (newcomer 5m)", ERR_OK },
	{ "+k sesame", "+k (key) sesame", ERR_OK },
	{ "+k off", "+k (key) off", ERR_OK },
	{ "+k-k sesame", "-k (key)", ERR_OK },
	{ "-k", "-k (key)", ERR_OK },
	{ "-l", "-l (limit)", ERR_OK },
	{ "moderated on", "+m (moderated)", ERR_OK },
	{ "MODERATED Off", "-m (moderated)", ERR_OK },
	{ "slow 10s", "+S (slow 10s)", ERR_OK },
	{ "slow off", "-S (slow)", ERR_OK },
	{ "slow 1h", "+S (slow 1h)", ERR_OK },
	{ "newcomer 90s", "+N (newcomer 1m 30s)", ERR_OK },
	{ "key sesame", "+k (key) sesame", ERR_OK },
	{ "key off", "-k (key)", ERR_OK },
	{ "limit 100000", "+l (limit 100000)", ERR_OK },
	{ "", "Name a mode", ERR_BAD_INPUT },
	{ "+", "Name a mode", ERR_BAD_INPUT },
	{ "+q", "no mode q", ERR_BAD_INPUT },
	{ "+\xc3\xbc", "no mode ?", ERR_BAD_INPUT },
	{ "+m x", "word too many", ERR_BAD_INPUT },
	{ "+l", "a number from 1 to 100000", ERR_BAD_INPUT },
	{ "+l 0", "a number from 1 to 100000", ERR_BAD_INPUT },
	{ "+l 100001", "a number from 1 to 100000", ERR_BAD_INPUT },
	{ "+l 10s", "a number from 1 to 100000", ERR_BAD_INPUT },
	{ "+l 99999999999999999999", "a number from", ERR_BAD_INPUT },
	{ "+l -1", "a number from", ERR_BAD_INPUT },
	{ "slow 0s", "a time from 1s to 1h", ERR_BAD_INPUT },
	{ "slow 61m", "a time from 1s to 1h", ERR_BAD_INPUT },
	{ "slow 4294967297s", "a time from 1s to 1h", ERR_BAD_INPUT },
	{ "newcomer 8d", "a time from 1s to 1w", ERR_BAD_INPUT },
	{ "newcomer soon", "a time from 1s to 1w", ERR_BAD_INPUT },
	{ "key a,b", "one word", ERR_BAD_INPUT },
	{ "key two words", "one word", ERR_BAD_INPUT },
	{ "moderated", "on or off", ERR_BAD_INPUT },
	{ "moderated maybe", "on or off", ERR_BAD_INPUT },
	{ "moderated on now", "on or off", ERR_BAD_INPUT },
	{ "moderatd on", "Did you mean moderated?", ERR_BAD_INPUT },
	{ "xyzzy on", "no such mode", ERR_BAD_INPUT },
};

static void what_people_write_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		AUTO(buf_fini) struct buf text = { 0 };
		struct mode_change change;
		struct refusal why = { 0 };

		print_message("# %s\n", c->text);
		assert_int_equal(mode_change_parse(c->text, &change, &why),
				 c->code);
		if (c->code != ERR_OK) {
			assert_non_null(strstr(why.text, c->want));
			continue;
		}
		mode_change_print(&change, &text);
		if (change.key[0] != '\0')
			buf_print(&text, " %s", change.key);
		assert_string_equal(buf_text(&text), c->want);
	}
}

static void a_key_has_an_end(void **state)
{
	char text[ROOM_KEY_MOST + 8] = "+k ";
	struct mode_change change;

	(void)state;
	memset(text + 3, 'x', ROOM_KEY_MOST);
	assert_int_equal(mode_change_parse(text, &change, NULL), ERR_OK);
	assert_int_equal(strlen(change.key), ROOM_KEY_MOST);
	text[3 + ROOM_KEY_MOST] = 'x';
	assert_int_equal(mode_change_parse(text, &change, NULL), ERR_BAD_INPUT);
}

/* Ann's den. */
static struct room *make_den(struct hall *h)
{
	struct person *ann = hall_come(h, ANN, "user1", 0, 1);

	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	hall_go(h, &ann, 0);
	return chat_room(h->chat, "den");
}

static enum err make_as(struct hall *h, struct room *room, user_id user,
			role_set more, const char *text)
{
	struct actor by = { .user = user, .roles = ROLE_USER | more };
	struct mode_change change;

	snprintf(by.name, sizeof(by.name), "user%d", (int)user);
	assert_int_equal(mode_change_parse(text, &change, NULL), ERR_OK);
	return mode_change_make(h->chat, &by, room, &change, NULL);
}

/* What is on in the room, as /mode shows it. */
static const char *show(struct hall *h, struct room *room)
{
	struct room_facts facts;

	room_facts(room, &facts);
	buf_reset(&h->text);
	modes_print(&facts.modes, &h->text);
	return buf_text(&h->text);
}

static const struct make_case {
	const char *name;
	user_id by;
	role_set more;
	const char *text;
	enum err want;
	const char *after;
} make_cases[] = {
	{ "a member sets none", BEN, 0, "+m", ERR_NOT_ALLOWED, "" },
	{ "the owner does", ANN, 0, "+mt", ERR_OK,
	  "+mt moderated, topic-locked" },
	{ "once", ANN, 0, "+m", ERR_EXISTS, "+mt moderated, topic-locked" },
	{ "what is new of it counts", ANN, 0, "+ml 50", ERR_OK,
	  "+lmt moderated, topic-locked; limit 50" },
	{ "another value is a change", ANN, 0, "limit 60", ERR_OK,
	  "+lmt moderated, topic-locked; limit 60" },
	{ "what is off cannot be taken away", ANN, 0, "-s", ERR_EXISTS,
	  "+lmt moderated, topic-locked; limit 60" },
	{ "a moderator sets one", BEN, ROLE_MODERATOR, "+i-tm", ERR_OK,
	  "+il invite-only; limit 60" },
	{ "which the owner cannot take away", ANN, 0, "-i", ERR_RANK,
	  "+il invite-only; limit 60" },
	{ "nor together with others", ANN, 0, "-il", ERR_RANK,
	  "+il invite-only; limit 60" },
	{ "but an admin can", CLEO, ROLE_ADMIN, "-il", ERR_OK, "" },
	{ "a key is shown as being there", ANN, 0, "key sesame", ERR_OK,
	  "+k key" },
	{ "the same key is no change", ANN, 0, "key sesame", ERR_EXISTS,
	  "+k key" },
	{ "another key is one", ANN, 0, "key sesam", ERR_OK, "+k key" },
	{ "all that has a value", ANN, 0, "+lSN-k 5 1m 2m", ERR_OK,
	  "+lSN limit 5, slow 1m, newcomer 2m" },
};

static void modes_follow_the_ranks_and_last(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);

	for (size_t i = 0; i < COUNT(make_cases); i++) {
		const struct make_case *c = &make_cases[i];

		print_message("# %s\n", c->name);
		assert_int_equal(make_as(h, den, c->by, c->more, c->text),
				 c->want);
		assert_string_equal(show(h, den), c->after);
		room_unref(&den);
		hall_reopen(h);
		den = chat_room(h->chat, "den");
		assert_string_equal(show(h, den), c->after);
	}
	room_unref(&den);
}

static bool show_act(const struct audit_record *record, void *arg)
{
	if (strcmp(record->entry.action, "room.mode") == 0)
		buf_print(arg, "%s %s %s;", record->entry.actor,
			  record->entry.room, record->entry.detail);
	return true;
}

static void the_room_and_the_trail_are_told_but_not_the_key(void **state)
{
	AUTO(buf_fini) struct buf trail = { 0 };
	struct hall *h = *state;
	struct room *den = make_den(h);
	struct person *ben = hall_come(h, BEN, "ben", 1, 2);

	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	hall_hears(h, 1);
	assert_int_equal(make_as(h, den, ANN, 0, "+mk sesame"), ERR_OK);
	assert_int_equal(make_as(h, den, BEN, 0, "-m"), ERR_NOT_ALLOWED);
	assert_string_equal(hall_hears(h, 1),
			    "mode den user1: +km (key, moderated);");
	assert_int_equal(trail_walk(h->trail, 1, show_act, &trail), ERR_OK);
	assert_string_equal(buf_text(&trail),
			    "user1 den +km (key, moderated);");
	hall_go(h, &ben, 1);
	room_unref(&den);
}

/* Several at once: each change is made whole, and none is lost. */
struct changer {
	struct hall *hall;
	struct room *room;
	struct thread thread;
	enum mode mode;
};

enum { CHANGES = 30 };

static void change_often(void *arg)
{
	struct changer *c = arg;
	char letter = mode_rows[c->mode].letter;

	for (int i = 0; i < CHANGES; i++) {
		char text[] = { i % 2 == 0 ? '+' : '-', letter, '\0' };

		assert_int_equal(make_as(c->hall, c->room, ANN, 0, text),
				 ERR_OK);
	}
	assert_int_equal(make_as(c->hall, c->room, ANN, 0,
				 (char[]){ '+', letter, '\0' }),
			 ERR_OK);
}

static void changes_at_once_do_not_undo_each_other(void **state)
{
	static struct changer changers[] = {
		{ .mode = MODE_INVITE_ONLY },
		{ .mode = MODE_MODERATED },
		{ .mode = MODE_SECRET },
	};
	struct hall *h = *state;
	struct room *den = make_den(h);

	for (size_t i = 0; i < COUNT(changers); i++) {
		changers[i].hall = h;
		changers[i].room = den;
		thread_start(&changers[i].thread, "changer", change_often,
			     &changers[i]);
	}
	for (size_t i = 0; i < COUNT(changers); i++)
		thread_join(&changers[i].thread);
	assert_string_equal(show(h, den),
			    "+ims invite-only, moderated, secret");
	room_unref(&den);
	hall_reopen(h);
	den = chat_room(h->chat, "den");
	assert_string_equal(show(h, den),
			    "+ims invite-only, moderated, secret");
	room_unref(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_write_is_understood),
		cmocka_unit_test(a_key_has_an_end),
		IN_HALL(modes_follow_the_ranks_and_last),
		IN_HALL(the_room_and_the_trail_are_told_but_not_the_key),
		IN_HALL(changes_at_once_do_not_undo_each_other),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("mode_change", tests, NULL, NULL);
}
