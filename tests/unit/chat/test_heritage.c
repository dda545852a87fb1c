/*
 * What goes along with a user: everything, through another name; nothing,
 * when the user is removed, not even to somebody of the same name.
 */
#include "chat/rights/heritage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/board/board.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard_act.h"
#include "chat/guard/note.h"
#include "chat/rights/office.h"
#include "chat/sanction/sanction_list.h"
#include "chat/verify.h"
#include "den.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor admin(void)
{
	return (struct actor){ .roles = ROLE_USER | ROLE_ADMIN,
			       .name = "console:0" };
}

static struct user get(struct hall *h, user_id id)
{
	struct user user;

	assert_int_equal(users_get(h->users, id, &user), ERR_OK);
	return user;
}

/* Cleo, a user like any other, gets something of each kind. */
static void give_everything(struct den *den)
{
	struct hall *h = den->hall;
	struct actor by = admin();
	struct actor ann = den_actor(den, ANN, 0);
	struct user cleo = get(h, CLEO);
	struct guard_order order = { .kind = GUARD_MUTE,
				     .user = &cleo,
				     .guest = "",
				     .reason = "noise" };
	struct guard_entry entry;
	uint64_t id;

	assert_int_equal(office_grant(h->chat, &ann, den->room, &cleo,
				      RANK_VOICED, NULL),
			 ERR_OK);
	assert_int_equal(
		office_name_successor(h->chat, &ann, den->room, &cleo, NULL),
		ERR_OK);
	den_must_pass(den, ANN, SANCTION_QUIET, "user3", "1h noise");
	den_must_pass(den, ANN, SANCTION_ADMIT, "user3", "1h");
	den_must_pass(den, ANN, SANCTION_QUIET, "user4", "1h noise");
	assert_int_equal(guard_order(h->chat, &by, &order, &entry, NULL),
			 ERR_OK);
	assert_int_equal(note_add(h->chat, &by, &cleo, "nice", &id, NULL),
			 ERR_OK);
	assert_int_equal(board_set(h->chat, &by, BOARD_RULES, "x", NULL),
			 ERR_OK);
	assert_int_not_equal(board_take_new(h->chat, CLEO), 0);
}

/* How much of it there is for the user. */
struct heirloom {
	enum rank rank;
	bool is_successor;
	size_t memberships;
	size_t entries; /* in the room's lists that name the user */
	bool is_muted;
	size_t notes;
	bool has_seen; /* the rules */
};

static size_t count_named(struct den *den, user_id user)
{
	const struct sanctions *all = &den->room->sanctions;
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		count += all->list[i]->mask.user == user;
	return count;
}

static struct heirloom look(struct den *den, user_id user)
{
	AUTO(room_names_fini) struct room_names names = { 0 };
	struct guard_subject subject =
		guard_subject(user, ROLE_USER, "192.0.2.1");
	struct hall *h = den->hall;
	struct heirloom found = { 0 };
	struct room_facts facts;
	struct note *notes;

	room_facts(den->room, &facts);
	found.rank = room_rank(den->room, user, ROLE_USER);
	found.is_successor = facts.successor == user;
	assert_int_equal(roster_list(h->store, user, &names), ERR_OK);
	found.memberships = names.count;
	found.entries = count_named(den, user);
	found.is_muted = guard_find(h->chat->guard, GUARD_MUTE, &subject) != 0;
	assert_int_equal(note_list(h->store, user, &notes, &found.notes),
			 ERR_OK);
	mem_free(notes);
	found.has_seen = board_take_new(h->chat, user) == 0;
	return found;
}

static void reopen(struct den *den)
{
	struct hall *h = den->hall;

	den_close(den);
	hall_reopen(h);
	memset(den, 0, sizeof(*den));
	den->hall = h;
	den->room = chat_room(h->chat, "den");
}

static enum err set_name(struct user *user, void *arg)
{
	snprintf(user->name, sizeof(user->name), "%s", (const char *)arg);
	return ERR_OK;
}

static void a_renamed_user_keeps_everything(void **state)
{
	static char name[] = "cleopatra";
	AUTO(buf_fini) struct buf list = { 0 };
	struct hall *h = *state;
	struct actor by = admin();
	struct den den;

	den_open(&den, h);
	give_everything(&den);
	assert_int_equal(
		users_edit(h->users, CLEO, set_name, name, &hall_entry, NULL),
		ERR_OK);
	assert_int_equal(chat_rename(h->chat, den.people[CLEO], name), ERR_OK);
	for (int i = 0; i < 2; i++) {
		struct heirloom found = look(&den, CLEO);

		assert_int_equal(found.rank, RANK_VOICED);
		assert_true(found.is_successor);
		assert_int_equal(found.memberships, 1);
		assert_int_equal(found.entries, 2);
		assert_true(found.is_muted);
		assert_int_equal(found.notes, 1);
		assert_true(found.has_seen);
		reopen(&den);
	}
	/* The lists show the name of now. */
	assert_int_equal(
		sanction_list_print(h->chat, &by, den.room, 0, &list, NULL),
		ERR_OK);
	assert_non_null(strstr(buf_text(&list), "quiet user:cleopatra "));
	assert_null(strstr(buf_text(&list), "user3"));
	den_close(&den);
}

static void a_removed_user_leaves_nothing(void **state)
{
	struct hall *h = *state;
	struct actor by = admin();
	user_id same;
	struct den den;

	den_open(&den, h);
	give_everything(&den);
	assert_int_equal(heritage_remove(h->chat, &by, CLEO, &hall_entry),
			 ERR_OK);
	same = hall_user(h, "user3");
	for (int i = 0; i < 2; i++) {
		user_id users[] = { CLEO, same };

		for (size_t k = 0; k < COUNT(users); k++) {
			struct heirloom found = look(&den, users[k]);

			assert_int_equal(found.rank, RANK_MEMBER);
			assert_false(found.is_successor);
			assert_int_equal(found.memberships, 0);
			assert_int_equal(found.entries, 0);
			assert_false(found.is_muted);
			assert_int_equal(found.notes, 0);
		}
		/* Nobody else lost anything. */
		assert_int_equal(count_named(&den, DAN), 1);
		assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
		reopen(&den);
	}
	assert_true(look(&den, same).has_seen); /* by the looks above */
	den_close(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(a_renamed_user_keeps_everything),
		IN_HALL(a_removed_user_leaves_nothing),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("heritage", tests, NULL, NULL);
}
