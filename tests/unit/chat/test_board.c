#include "chat/board/board.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/herald.h"
#include "chat/rights/heritage.h"
#include "chat/verify.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN, EVE };
enum { RULES = 1 << BOARD_RULES, MOTD = 1 << BOARD_MOTD };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor actor(user_id user, role_set more)
{
	struct actor by = { .user = user, .roles = ROLE_USER | more };

	snprintf(by.name, sizeof(by.name), "user%llu",
		 (unsigned long long)user);
	return by;
}

static void texts_last(void **state)
{
	struct hall *h = *state;
	struct actor eve = actor(EVE, ROLE_ADMIN);
	struct post post;

	assert_false(board_get(h->chat, BOARD_RULES, &post));
	assert_int_equal(
		board_set(h->chat, &eve, BOARD_RULES, "Be kind.", NULL),
		ERR_OK);
	assert_int_equal(
		board_add(h->chat, &eve, BOARD_RULES, "Clean up.", NULL),
		ERR_OK);
	assert_int_equal(board_add(h->chat, &eve, BOARD_MOTD, "Hi.", NULL),
			 ERR_OK);
	hall_reopen(h);
	assert_true(board_get(h->chat, BOARD_RULES, &post));
	assert_string_equal(post.text, "Be kind.\nClean up.");
	assert_string_equal(post.by, "user5");
	assert_true(board_get(h->chat, BOARD_MOTD, &post));
	assert_string_equal(post.text, "Hi.");
	assert_int_equal(board_clear(h->chat, &eve, BOARD_MOTD, NULL), ERR_OK);
	assert_int_equal(board_clear(h->chat, &eve, BOARD_MOTD, NULL),
			 ERR_NOT_FOUND);
	hall_reopen(h);
	assert_false(board_get(h->chat, BOARD_MOTD, &post));
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static void each_change_is_new_to_each_user_once(void **state)
{
	struct hall *h = *state;
	struct actor eve = actor(EVE, ROLE_ADMIN);

	assert_int_equal(board_take_new(h->chat, ANN), 0);
	assert_int_equal(board_set(h->chat, &eve, BOARD_RULES, "One.", NULL),
			 ERR_OK);
	assert_int_equal(board_take_new(h->chat, ANN), RULES);
	assert_int_equal(board_take_new(h->chat, ANN), 0);
	assert_int_equal(board_set(h->chat, &eve, BOARD_MOTD, "Hi.", NULL),
			 ERR_OK);
	hall_reopen(h);
	assert_int_equal(board_take_new(h->chat, ANN), MOTD);
	assert_int_equal(board_take_new(h->chat, BEN), RULES | MOTD);
	assert_int_equal(board_take_new(h->chat, BEN), 0);
	/* Also what is set again after it was cleared. */
	assert_int_equal(board_clear(h->chat, &eve, BOARD_MOTD, NULL), ERR_OK);
	assert_int_equal(board_take_new(h->chat, ANN), 0);
	hall_reopen(h);
	assert_int_equal(board_set(h->chat, &eve, BOARD_MOTD, "Hi.", NULL),
			 ERR_OK);
	assert_int_equal(board_take_new(h->chat, ANN), MOTD);
}

static void who_is_removed_leaves_nothing(void **state)
{
	struct hall *h = *state;
	struct actor eve = actor(EVE, ROLE_ADMIN);

	assert_int_equal(board_set(h->chat, &eve, BOARD_RULES, "One.", NULL),
			 ERR_OK);
	assert_int_equal(board_take_new(h->chat, BEN), RULES);
	assert_int_equal(heritage_remove(h->chat, &eve, BEN, &hall_entry),
			 ERR_OK);
	/* A login that was under way notes nothing any more. */
	assert_int_equal(board_take_new(h->chat, BEN), RULES);
	assert_int_equal(board_take_new(h->chat, BEN), RULES);
}

static void they_are_the_administrators(void **state)
{
	struct hall *h = *state;
	struct actor dan = actor(DAN, ROLE_MODERATOR);
	struct post post;
	size_t count = 0;

	assert_int_equal(board_set(h->chat, &dan, BOARD_RULES, "x", NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(board_add(h->chat, &dan, BOARD_RULES, "x", NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(board_clear(h->chat, &dan, BOARD_RULES, NULL),
			 ERR_NOT_ALLOWED);
	assert_false(board_get(h->chat, BOARD_RULES, &post));
	assert_int_equal(herald_broadcast(h->chat, &dan, "x", &count, NULL),
			 ERR_NOT_ALLOWED);
}

static void there_are_bounds(void **state)
{
	struct hall *h = *state;
	struct actor eve = actor(EVE, ROLE_ADMIN);
	char line[BOARD_TEXT_MOST + 1] = "";
	char words[BROADCAST_MOST + 2] = "";
	size_t count;
	struct post post;

	memset(line, 'x', BOARD_TEXT_MOST);
	assert_int_equal(board_set(h->chat, &eve, BOARD_RULES, line, NULL),
			 ERR_LIMIT);
	line[BOARD_TEXT_MOST - 1] = '\0';
	assert_int_equal(board_set(h->chat, &eve, BOARD_RULES, line, NULL),
			 ERR_OK);
	assert_int_equal(board_add(h->chat, &eve, BOARD_RULES, "x", NULL),
			 ERR_LIMIT);
	assert_true(board_get(h->chat, BOARD_RULES, &post));
	assert_string_equal(post.text, line);
	for (int i = 0; i < BOARD_LINES_MOST; i++)
		assert_int_equal(
			board_add(h->chat, &eve, BOARD_MOTD, "x", NULL),
			ERR_OK);
	assert_int_equal(board_add(h->chat, &eve, BOARD_MOTD, "x", NULL),
			 ERR_LIMIT);
	memset(words, 'x', BROADCAST_MOST + 1);
	assert_int_equal(herald_broadcast(h->chat, &eve, words, &count, NULL),
			 ERR_BAD_INPUT);
}

static bool find_act(const struct audit_record *record, void *arg)
{
	unsigned *found = arg;

	assert_null(strstr(record->entry.detail, "fire"));
	if (strcmp(record->entry.action, "server.broadcast") == 0 ||
	    strcmp(record->entry.action, "server.motd") == 0)
		++*found;
	return true;
}

static void everybody_is_told(void **state)
{
	struct hall *h = *state;
	struct actor eve = actor(EVE, ROLE_ADMIN);
	struct person *ann = hall_come(h, ANN, "ann", 0, 1);
	struct person *zoe = hall_come(h, 0, "zoe", 1, 2);
	unsigned found = 0;
	size_t count;

	hall_hush(h);
	assert_int_equal(
		herald_broadcast(h->chat, &eve, "no fire", &count, NULL),
		ERR_OK);
	assert_int_equal(count, 2);
	assert_string_equal(hall_hears(h, 0),
			    "notice ann: user5 to everybody: no fire;");
	assert_string_equal(hall_hears(h, 1),
			    "notice zoe: user5 to everybody: no fire;");
	assert_int_equal(board_set(h->chat, &eve, BOARD_MOTD, "no fire", NULL),
			 ERR_OK);
	assert_string_equal(hall_hears(h, 1),
			    "notice zoe: user5 changed the message of the day; "
			    "/motd shows it.;");
	assert_int_equal(trail_walk(h->trail, 1, find_act, &found), ERR_OK);
	assert_int_equal(found, 2);
	hall_go(h, &ann, 0);
	hall_go(h, &zoe, 1);
}

static enum err put_broken(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;
	enum err e = store_put(txn, store_table(h->store, "seen"), "ann", 3,
			       "\1x", 2);

	return e == ERR_OK ? store_put(txn, store_table(h->store, "place"),
				       "motd", 4, "\1x", 2)
			   : e;
}

static void what_is_broken_is_found(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };
	struct hall *h = *state;

	assert_int_equal(store_run(h->store, put_broken, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &report), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "seen: "));
	assert_non_null(strstr(buf_text(&report), "place: "));
	assert_int_equal(board_load(h->chat), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(texts_last),
		IN_HALL(each_change_is_new_to_each_user_once),
		IN_HALL(who_is_removed_leaves_nothing),
		IN_HALL(they_are_the_administrators),
		IN_HALL(there_are_bounds),
		IN_HALL(everybody_is_told),
		IN_HALL(what_is_broken_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("board", tests, NULL, NULL);
}
