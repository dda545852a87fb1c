#include "chat/guard/closing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/verify.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN, EVE };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor actor(user_id user, role_set more)
{
	struct actor by = { .user = user, .roles = ROLE_USER | more };

	snprintf(by.name, sizeof(by.name), "user%llu",
		 (unsigned long long)user);
	return by;
}

/* ann's room, with ben inside. */
static struct room *make_den(struct hall *h, struct person **ann,
			     struct person **ben)
{
	*ann = hall_come(h, ANN, "ann", 0, 1);
	*ben = hall_come(h, BEN, "ben", 1, 2);
	assert_int_equal(hall_join(h, *ann, "den"), ERR_OK);
	assert_int_equal(hall_join(h, *ben, "den"), ERR_OK);
	hall_hush(h);
	return chat_room(h->chat, "den");
}

static void all_are_told_and_leave(void **state)
{
	struct hall *h = *state;
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct person *ann, *ben;
	struct room *den = make_den(h, &ann, &ben);
	struct closing closing;
	struct refusal why;

	assert_int_equal(closing_begin(h->chat, &dan, den, "a nest", &why),
			 ERR_OK);
	assert_string_equal(hall_hears(h, 0),
			    "closed den user4: a nest;exited den ann;");
	assert_string_equal(hall_hears(h, 1),
			    "closed den user4: a nest;exited den ben;");
	assert_int_equal(room_count(den), 0);
	assert_true(closing_get(den, &closing));
	assert_string_equal(closing.by, "user4");
	assert_int_equal(closing.by_rank, RANK_MODERATOR);
	assert_int_equal(hall_say(h, ann, "den", "hello?"), ERR_NO_ROOM);
	assert_int_equal(hall_join(h, ann, "den"), ERR_ROOM_CLOSED);
	assert_int_equal(hall_join(h, ben, "DEN"), ERR_ROOM_CLOSED);
	assert_int_equal(closing_check(den, &why), ERR_ROOM_CLOSED);
	assert_non_null(strstr(why.text, "den is closed since "));
	assert_non_null(strstr(why.text, ": a nest"));
	assert_int_equal(closing_end(h->chat, &dan, den, &why), ERR_OK);
	assert_string_equal(hall_hears(h, 0),
			    "notice ann: user4 opened den again: /join den.;");
	assert_string_equal(hall_hears(h, 1), "");
	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	room_unref(&den);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 1);
}

/* As are owner, rights and members, who are back once it is open. */
static void it_stays_so(void **state)
{
	struct hall *h = *state;
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct person *ann, *ben;
	struct room *den = make_den(h, &ann, &ben);

	assert_int_equal(closing_begin(h->chat, &dan, den, "", NULL), ERR_OK);
	room_unref(&den);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 1);
	hall_reopen(h);
	ann = hall_come(h, ANN, "ann", 0, 3);
	den = chat_room(h->chat, "den");
	assert_true(closing_get(den, NULL));
	assert_false(room_has(den, ann));
	assert_int_equal(hall_join(h, ann, "den"), ERR_ROOM_CLOSED);
	hall_go(h, &ann, 0);
	assert_int_equal(closing_end(h->chat, &dan, den, NULL), ERR_OK);
	room_unref(&den);
	hall_reopen(h);
	den = chat_room(h->chat, "den");
	ann = hall_come(h, ANN, "ann", 0, 4);
	assert_true(room_has(den, ann));
	assert_int_equal(room_rank(den, ANN, ROLE_USER), RANK_OWNER);
	room_unref(&den);
	hall_go(h, &ann, 0);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static const struct turn_case {
	const char *name;
	const char *room;
	user_id by;
	role_set more;
	bool is_end;
	enum err want;
} turn_cases[] = {
	{ "not the owner", "den", ANN, 0, false, ERR_NOT_ALLOWED },
	{ "nor an auditor", "den", BEN, ROLE_AUDITOR, false, ERR_NOT_ALLOWED },
	{ "it is open", "den", DAN, ROLE_MODERATOR, true, ERR_NOT_FOUND },
	{ "where all begin", "lobby", EVE, ROLE_ADMIN, false, ERR_NOT_ALLOWED },
	{ "an administrator", "den", EVE, ROLE_ADMIN, false, ERR_OK },
	{ "once", "den", EVE, ROLE_ADMIN, false, ERR_EXISTS },
	{ "not to be undone by the owner", "den", ANN, 0, true,
	  ERR_NOT_ALLOWED },
	{ "nor by a lower rank", "den", DAN, ROLE_MODERATOR, true, ERR_RANK },
	{ "but by the same", "den", EVE, ROLE_ADMIN, true, ERR_OK },
	{ "a moderator", "den", DAN, ROLE_MODERATOR, false, ERR_OK },
	{ "undone by a higher rank", "den", EVE, ROLE_ADMIN, true, ERR_OK },
};

static bool count_act(const struct audit_record *record, void *arg)
{
	if (strcmp(record->entry.action, "room.close") == 0 ||
	    strcmp(record->entry.action, "room.reopen") == 0)
		++*(unsigned *)arg;
	return true;
}

static void it_follows_the_ranks(void **state)
{
	struct hall *h = *state;
	struct person *ann, *ben;
	struct room *den = make_den(h, &ann, &ben);
	unsigned acts = 0;

	for (size_t i = 0; i < COUNT(turn_cases); i++) {
		const struct turn_case *c = &turn_cases[i];
		struct room *room = chat_room(h->chat, c->room);
		struct actor by = actor(c->by, c->more);
		bool was_closed = closing_get(room, NULL);
		unsigned recorded = 0;
		enum err e =
			c->is_end ? closing_end(h->chat, &by, room, NULL)
				  : closing_begin(h->chat, &by, room, "", NULL);

		print_message("# %s\n", c->name);
		assert_int_equal(e, c->want);
		assert_int_equal(closing_get(room, NULL),
				 e == ERR_OK ? !c->is_end : was_closed);
		acts += e == ERR_OK;
		assert_int_equal(trail_walk(h->trail, 1, count_act, &recorded),
				 ERR_OK);
		assert_int_equal(recorded, acts);
		room_unref(&room);
	}
	room_unref(&den);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 1);
}

static void reasons_are_bounded(void **state)
{
	struct hall *h = *state;
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	char reason[CLOSING_REASON_MOST + 2] = "";
	struct person *ann, *ben;
	struct room *den = make_den(h, &ann, &ben);

	memset(reason, 'x', CLOSING_REASON_MOST + 1);
	assert_int_equal(closing_begin(h->chat, &dan, den, reason, NULL),
			 ERR_BAD_INPUT);
	assert_true(room_has(den, ben));
	reason[CLOSING_REASON_MOST] = '\0';
	assert_int_equal(closing_begin(h->chat, &dan, den, reason, NULL),
			 ERR_OK);
	room_unref(&den);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 1);
}

/* A settings file that names a closed room as the default one. */
static void the_default_room_is_open(void **state)
{
	static char den_name[] = "den";
	struct hall *h = *state;
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct person *ann, *ben;
	struct room *den = make_den(h, &ann, &ben);

	assert_int_equal(closing_begin(h->chat, &dan, den, "", NULL), ERR_OK);
	room_unref(&den);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 1);
	h->settings.default_room = den_name;
	hall_reopen(h);
	ben = hall_come(h, BEN, "ben", 1, 2);
	assert_int_equal(hall_say(h, ben, "den", "hello"), ERR_OK);
	hall_go(h, &ben, 1);
}

static enum err put_broken(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;

	return store_put(txn, store_table(h->store, "closings"), "den", 3,
			 "\1x", 2);
}

static void what_is_broken_is_found(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct hall *h = *state;

	assert_int_equal(store_run(h->store, put_broken, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &report), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "closings: "));
	assert_int_equal(closing_load(h->chat), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(all_are_told_and_leave),
		IN_HALL(it_stays_so),
		IN_HALL(it_follows_the_ranks),
		IN_HALL(reasons_are_bounded),
		IN_HALL(the_default_room_is_open),
		IN_HALL(what_is_broken_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("closing", tests, NULL, NULL);
}
