#include "chat/sanction/sentence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chat/chat_fields.h"
#include "chat/sanction/sanction_list.h"
#include "chat/verify.h"
#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static const struct pass_case {
	const char *name;
	int by;
	enum sanction_kind kind;
	const char *whom;
	enum err want;
	const char *hits;
} pass_cases[] = {
	{ "a member bans nobody", CLEO, SANCTION_BAN, "user4", ERR_NOT_ALLOWED,
	  "" },
	{ "a guest neither", ZOE, SANCTION_BAN, "user4", ERR_NOT_ALLOWED, "" },
	{ "not somebody higher", BEN, SANCTION_BAN, "user1", ERR_RANK, "" },
	{ "nor by a mask", BEN, SANCTION_QUIET, "user*!user@*", ERR_BAD_INPUT,
	  "" },
	{ "not oneself", ANN, SANCTION_BAN, "user1", ERR_BAD_INPUT, "" },
	{ "nobody of that name", BEN, SANCTION_BAN, "nobody", ERR_NO_SUCH_USER,
	  "" },
	{ "everybody", ANN, SANCTION_BAN, "*!*@*", ERR_BAD_INPUT, "" },
	{ "whoever has an address", ANN, SANCTION_BAN, "*!*@192.0.2.*",
	  ERR_NOT_ALLOWED, "" },
	{ "every address", ANN, SANCTION_BAN, "0.0.0.0/0", ERR_BAD_INPUT, "" },
	{ "an op bans a member", BEN, SANCTION_BAN, "user3", ERR_OK, "user3" },
	{ "a user who is away", BEN, SANCTION_BAN, "user5", ERR_OK, "" },
	{ "a guest by name", BEN, SANCTION_QUIET, "guest:zoe", ERR_OK, "zoe" },
	{ "an op quiets", BEN, SANCTION_QUIET, "user4", ERR_OK, "user4" },
	{ "an op exempts", BEN, SANCTION_EXEMPT, "user4", ERR_OK, "user4" },
	{ "a member does not", DAN, SANCTION_EXEMPT, "user4", ERR_NOT_ALLOWED,
	  "" },
	{ "an op filters", BEN, SANCTION_REFUSE, "literal:spam", ERR_OK, "" },
	{ "not everything", BEN, SANCTION_REFUSE, "glob:*", ERR_BAD_INPUT, "" },
};

static void sentences_follow_the_ranks(void **state)
{
	struct den den;

	for (size_t i = 0; i < COUNT(pass_cases); i++) {
		const struct pass_case *c = &pass_cases[i];
		struct answer answer;
		size_t before;

		print_message("# %s\n", c->name);
		hall_teardown(state);
		hall_setup(state);
		den_open(&den, *state);
		before = den_entries(&den);
		assert_int_equal(
			den_pass(&den, c->by, c->kind, c->whom, NULL, &answer),
			c->want);
		assert_string_equal(answer.names, c->hits);
		assert_int_equal(den_entries(&den),
				 before + (c->want == ERR_OK));
		assert_int_equal(answer.why.text[0] == '\0', c->want == ERR_OK);
		den_close(&den);
	}
}

static void a_ban_puts_out_and_keeps_out(void **state)
{
	struct den den;

	den_open(&den, *state);
	den_must_pass(&den, BEN, SANCTION_BAN, "user3", "spam");
	assert_string_equal(hall_hears(*state, 0),
			    "kicked den user2 user3: spam;");
	assert_non_null(strstr(hall_hears(*state, 1),
			       "notice user3: You are banned from den for "
			       "good: spam (by user2).;"));
	assert_false(den_has(&den, CLEO));
	assert_int_equal(den_join(&den, CLEO), ERR_BANNED);
	assert_false(den_has(&den, CLEO));
	assert_int_equal(den_pardon(&den, BEN, SANCTION_BAN, "user3"), ERR_OK);
	assert_int_equal(den_join(&den, CLEO), ERR_OK);
	den_close(&den);
}

/* Nor does the rejoin at login, or a restart, let anybody in. */
static void a_ban_holds_at_login(void **state)
{
	struct den den;

	den_open(&den, *state);
	hall_go(den.hall, &den.people[CLEO], 1);
	den_must_pass(&den, BEN, SANCTION_BAN, "user3", "1h away");
	hall_hush(den.hall);
	den_come(&den, CLEO);
	assert_false(den_has(&den, CLEO));
	assert_non_null(strstr(hall_hears(*state, 1),
			       "user3 @13: You are banned from den until "));
	den_close(&den);
	hall_reopen(*state);
	den.room = chat_room(den.hall->chat, "den");
	den_come(&den, CLEO);
	assert_false(den_has(&den, CLEO));
	assert_int_equal(den_join(&den, CLEO), ERR_BANNED);
	den_close(&den);
}

static void nobody_slips_into_the_default_room(void **state)
{
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	room_unref(&den.room);
	den.room = room_ref(chat_default_room(h->chat));
	{
		struct actor by = den_actor(&den, ANN, ROLE_MODERATOR);
		struct term term = { 0 };
		struct sentence sentence = { SANCTION_BAN, "user3", &term };
		struct outcome outcome = { 0 };

		assert_int_equal(sentence_pass(h->chat, &by, den.room,
					       &sentence, &outcome, NULL),
				 ERR_OK);
		outcome_fini(&outcome);
	}
	assert_false(den_has(&den, CLEO));
	hall_go(h, &den.people[CLEO], 1);
	den_come(&den, CLEO);
	assert_false(den_has(&den, CLEO));
	den_close(&den);
}

static void the_quieted_listen(void **state)
{
	struct den den;

	den_open(&den, *state);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_OK);
	den_must_pass(&den, BEN, SANCTION_QUIET, "user3", "10m enough");
	assert_true(den_has(&den, CLEO));
	assert_int_equal(den_say(&den, CLEO, "but"), ERR_QUIETED);
	assert_int_equal(den_say(&den, DAN, "good"), ERR_OK);
	den_must_pass(&den, BEN, SANCTION_EXEMPT, "user3", NULL);
	assert_int_equal(den_say(&den, CLEO, "again"), ERR_OK);
	assert_int_equal(den_pardon(&den, BEN, SANCTION_EXEMPT, "user3"),
			 ERR_OK);
	assert_int_equal(den_say(&den, CLEO, "no"), ERR_QUIETED);
	assert_int_equal(den_pardon(&den, BEN, SANCTION_QUIET, "user3"),
			 ERR_OK);
	assert_int_equal(den_say(&den, CLEO, "at last"), ERR_OK);
	den_close(&den);
}

/* Who becomes an op is above the quiet, until that ends. */
static void a_quiet_follows_rank_and_name(void **state)
{
	struct right right = { .user = CLEO, .rank = RANK_OWNER };
	struct den den;

	den_open(&den, *state);
	den_must_pass(&den, BEN, SANCTION_QUIET, "user3", NULL);
	assert_int_equal(chat_rename(den.hall->chat, den.people[CLEO], "new"),
			 ERR_OK);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_QUIETED);
	mutex_lock(&den.room->lock);
	rights_set(&den.room->rights, &right);
	mutex_unlock(&den.room->lock);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_OK);
	mutex_lock(&den.room->lock);
	rights_drop(&den.room->rights, CLEO);
	mutex_unlock(&den.room->lock);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_QUIETED);
	den_close(&den);
}

static void only_the_same_rank_lifts(void **state)
{
	struct den den;

	den_open(&den, *state);
	den_must_pass(&den, ANN, SANCTION_QUIET, "user3", NULL);
	assert_int_equal(den_pardon(&den, CLEO, SANCTION_QUIET, "user3"),
			 ERR_NOT_ALLOWED);
	assert_int_equal(den_pardon(&den, BEN, SANCTION_QUIET, "user3"),
			 ERR_RANK);
	assert_int_equal(den_pardon(&den, BEN, SANCTION_QUIET, "#1"), ERR_RANK);
	assert_int_equal(den_pardon(&den, ANN, SANCTION_BAN, "#1"),
			 ERR_NOT_FOUND);
	assert_int_equal(den_pardon(&den, ANN, SANCTION_QUIET, "2"),
			 ERR_NOT_FOUND);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_QUIETED);
	/* Nor is it replaced by something milder. */
	{
		struct answer answer;

		assert_int_equal(den_pass(&den, BEN, SANCTION_QUIET, "user3",
					  "1s", &answer),
				 ERR_RANK);
	}
	assert_int_equal(den_pardon(&den, ANN, SANCTION_QUIET, "#1"), ERR_OK);
	assert_int_equal(den_say(&den, CLEO, "hello"), ERR_OK);
	den_close(&den);
}

static void lists_are_bounded(void **state)
{
	struct answer answer;
	char whom[32];
	struct den den;

	den_open(&den, *state);
	for (int i = 0; i < FILTERS_MOST; i++) {
		snprintf(whom, sizeof(whom), "literal:word%d", i);
		den_must_pass(&den, BEN, SANCTION_REFUSE, whom, NULL);
	}
	assert_int_equal(den_pass(&den, BEN, SANCTION_REFUSE,
				  "literal:one more", NULL, &answer),
			 ERR_ROOM_LIMIT);
	assert_non_null(strstr(answer.why.text, "100"));
	for (int i = 0; i < SANCTIONS_MOST - FILTERS_MOST; i++) {
		snprintf(whom, sizeof(whom), "guest:g%d", i);
		den_must_pass(&den, BEN, SANCTION_BAN, whom, NULL);
	}
	assert_int_equal(
		den_pass(&den, BEN, SANCTION_BAN, "guest:more", NULL, &answer),
		ERR_ROOM_LIMIT);
	assert_non_null(strstr(answer.why.text, "500"));
	/* The same again takes no more place. */
	den_must_pass(&den, BEN, SANCTION_BAN, "guest:g0", "2h");
	assert_int_equal(den_entries(&den), SANCTIONS_MOST);
	den_close(&den);
}

static void everything_is_kept(void **state)
{
	AUTO(buf_fini) struct buf before = { 0 };
	AUTO(buf_fini) struct buf after = { 0 };
	AUTO(buf_fini) struct buf report = { 0 };
	struct actor console = { .roles = ROLE_ADMIN, .name = "console:0" };
	struct hall *h = *state;
	struct den den;

	den_open(&den, h);
	den_must_pass(&den, BEN, SANCTION_BAN, "user3", "2h spam");
	den_must_pass(&den, ANN, SANCTION_QUIET, "zo*!guest@*.cloak", NULL);
	den_must_pass(&den, ANN, SANCTION_MUTE, "glob:*b*d word", NULL);
	den_must_pass(&den, ANN, SANCTION_BAN, "192.0.3.0/24", NULL);
	assert_int_equal(sanction_list_print(h->chat, &console, den.room, 0,
					     &before, NULL),
			 ERR_OK);
	assert_non_null(strstr(buf_text(&before), "#1 ban user:user3 by "));
	assert_non_null(strstr(buf_text(&before), ": spam\n"));
	den_close(&den);
	hall_reopen(h);
	assert_int_equal(chat_verify(h->store, &report), ERR_OK);
	den.room = chat_room(h->chat, "den");
	assert_int_equal(sanction_list_print(h->chat, &console, den.room, 0,
					     &after, NULL),
			 ERR_OK);
	assert_string_equal(buf_text(&after), buf_text(&before));
	room_unref(&den.room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(sentences_follow_the_ranks),
		IN_HALL(a_ban_puts_out_and_keeps_out),
		IN_HALL(a_ban_holds_at_login),
		IN_HALL(nobody_slips_into_the_default_room),
		IN_HALL(the_quieted_listen),
		IN_HALL(a_quiet_follows_rank_and_name),
		IN_HALL(only_the_same_rank_lifts),
		IN_HALL(lists_are_bounded),
		IN_HALL(everything_is_kept),
	};

	return cmocka_run_group_tests_name("sentence", tests, NULL, NULL);
}
