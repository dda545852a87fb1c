#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/rights/heritage.h"
#include "chat/rights/office.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN, EVE };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

/* Ann's den, which she made. */
static struct room *make_den(struct hall *h)
{
	struct person *ann = hall_come(h, ANN, "user1", 0, 1);

	assert_int_equal(hall_join(h, ann, "den"), ERR_OK);
	hall_go(h, &ann, 0);
	return chat_room(h->chat, "den");
}

static struct actor actor(user_id user, role_set more)
{
	struct actor by = { .user = user, .roles = ROLE_USER | more };

	snprintf(by.name, sizeof(by.name), "user%llu",
		 (unsigned long long)user);
	return by;
}

static enum err grant(struct hall *h, struct room *den, user_id user,
		      role_set more, user_id who, enum rank rank)
{
	struct actor by = actor(user, more);
	struct user whom;

	assert_int_equal(users_get(h->users, who, &whom), ERR_OK);
	if (rank == RANK_MEMBER)
		return office_revoke(h->chat, &by, den, &whom, RANK_OP, NULL);
	return office_grant(h->chat, &by, den, &whom, rank, NULL);
}

static enum rank rank(struct room *den, user_id user)
{
	return room_rank(den, user, ROLE_USER);
}

static const struct grant_case {
	const char *name;
	user_id by;
	role_set more;
	user_id who;
	enum rank rank;
	enum err want;
} grant_cases[] = {
	{ "a member makes no op", BEN, 0, CLEO, RANK_OP, ERR_NOT_ALLOWED },
	{ "not even of itself", BEN, 0, BEN, RANK_OP, ERR_NOT_ALLOWED },
	{ "the owner makes an op", ANN, 0, BEN, RANK_OP, ERR_OK },
	{ "once", ANN, 0, BEN, RANK_OP, ERR_EXISTS },
	{ "an op makes no op", BEN, 0, CLEO, RANK_OP, ERR_NOT_ALLOWED },
	{ "an op voices", BEN, 0, CLEO, RANK_VOICED, ERR_OK },
	{ "the voiced voice nobody", CLEO, 0, DAN, RANK_VOICED,
	  ERR_NOT_ALLOWED },
	{ "a moderator makes an op", DAN, ROLE_MODERATOR, EVE, RANK_OP,
	  ERR_OK },
	{ "which the owner cannot undo", ANN, 0, EVE, RANK_MEMBER, ERR_RANK },
	{ "but a moderator can", BEN, ROLE_MODERATOR, EVE, RANK_MEMBER,
	  ERR_OK },
	{ "the owner is more than that", DAN, ROLE_ADMIN, ANN, RANK_OP,
	  ERR_EXISTS },
	{ "nobody takes it from the owner", DAN, ROLE_ADMIN, ANN, RANK_MEMBER,
	  ERR_EXISTS },
	{ "an op steps down", BEN, 0, BEN, RANK_MEMBER, ERR_OK },
	{ "what one is not cannot be taken", ANN, 0, DAN, RANK_MEMBER,
	  ERR_EXISTS },
};

static void rights_follow_the_ranks(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);

	for (size_t i = 0; i < COUNT(grant_cases); i++) {
		const struct grant_case *c = &grant_cases[i];
		enum rank before = rank(den, c->who);

		print_message("# %s\n", c->name);
		assert_int_equal(grant(h, den, c->by, c->more, c->who, c->rank),
				 c->want);
		assert_int_equal(rank(den, c->who),
				 c->want == ERR_OK ? c->rank : before);
	}
	room_unref(&den);
}

/* To voice an op, or to take the voice of one, would take the rank away. */
static void nobody_falls_by_accident(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);
	struct actor ann = actor(ANN, 0);
	struct user ben;

	assert_int_equal(users_get(h->users, BEN, &ben), ERR_OK);
	assert_int_equal(grant(h, den, ANN, 0, BEN, RANK_OP), ERR_OK);
	assert_int_equal(grant(h, den, ANN, 0, BEN, RANK_VOICED), ERR_EXISTS);
	assert_int_equal(
		office_revoke(h->chat, &ann, den, &ben, RANK_VOICED, NULL),
		ERR_EXISTS);
	assert_int_equal(rank(den, BEN), RANK_OP);
	assert_int_equal(office_revoke(h->chat, &ann, den, &ben, RANK_OP, NULL),
			 ERR_OK);
	assert_int_equal(office_revoke(h->chat, &ann, den, &ben, RANK_OP, NULL),
			 ERR_EXISTS);
	assert_int_equal(rank(den, BEN), RANK_MEMBER);
	room_unref(&den);
}

static bool count_act(const struct audit_record *record, void *arg)
{
	if (strncmp(record->entry.action, "room.", 5) == 0)
		++*(unsigned *)arg;
	return true;
}

static unsigned count_acts(struct hall *h)
{
	unsigned count = 0;

	assert_int_equal(trail_walk(h->trail, 1, count_act, &count), ERR_OK);
	return count;
}

static void acts_are_recorded_and_last(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);

	assert_int_equal(grant(h, den, ANN, 0, BEN, RANK_OP), ERR_OK);
	assert_int_equal(grant(h, den, BEN, 0, CLEO, RANK_VOICED), ERR_OK);
	assert_int_equal(grant(h, den, CLEO, 0, DAN, RANK_OP), ERR_NOT_ALLOWED);
	assert_int_equal(count_acts(h), 3); /* and that ann made it */
	room_unref(&den);
	hall_reopen(h);
	den = chat_room(h->chat, "den");
	assert_int_equal(rank(den, ANN), RANK_OWNER);
	assert_int_equal(rank(den, BEN), RANK_OP);
	assert_int_equal(rank(den, CLEO), RANK_VOICED);
	assert_int_equal(rank(den, DAN), RANK_MEMBER);
	room_unref(&den);
}

static void rooms_change_hands(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);
	struct actor ann = actor(ANN, 0);
	struct actor ben = actor(BEN, 0);
	struct user to;

	assert_int_equal(users_get(h->users, BEN, &to), ERR_OK);
	assert_int_equal(office_transfer(h->chat, &ben, den, &to, NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(office_transfer(h->chat, &ann, den, &to, NULL),
			 ERR_OK);
	assert_int_equal(rank(den, BEN), RANK_OWNER);
	assert_int_equal(rank(den, ANN), RANK_OP);
	assert_int_equal(office_transfer(h->chat, &ben, den, &to, NULL),
			 ERR_EXISTS);
	room_unref(&den);
	hall_reopen(h);
	den = chat_room(h->chat, "den");
	assert_int_equal(rank(den, BEN), RANK_OWNER);
	assert_int_equal(rank(den, ANN), RANK_OP);
	room_unref(&den);
}

static user_id owner(struct room *den)
{
	struct room_facts facts;

	room_facts(den, &facts);
	return facts.owner;
}

static void name_successor(struct hall *h, struct room *den, user_id who)
{
	struct actor by = actor(owner(den), 0);
	struct user user;

	assert_int_equal(users_get(h->users, who, &user), ERR_OK);
	assert_int_equal(office_name_successor(h->chat, &by, den, &user, NULL),
			 ERR_OK);
}

static void forget(struct hall *h, user_id user)
{
	struct actor by = actor(EVE, ROLE_ADMIN);

	assert_int_equal(heritage_remove(h->chat, &by, user, &hall_entry),
			 ERR_OK);
}

/* The successor, then the op of longest standing, then nobody. */
static void a_removed_owner_is_succeeded(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);

	assert_int_equal(grant(h, den, ANN, 0, CLEO, RANK_OP), ERR_OK);
	clock_fake_advance(1);
	assert_int_equal(grant(h, den, ANN, 0, BEN, RANK_OP), ERR_OK);
	name_successor(h, den, DAN);
	forget(h, ANN);
	assert_int_equal(owner(den), DAN);
	forget(h, DAN);
	assert_int_equal(owner(den), CLEO);
	assert_int_equal(rank(den, CLEO), RANK_OWNER);
	forget(h, CLEO);
	assert_int_equal(owner(den), BEN);
	forget(h, BEN);
	assert_int_equal(owner(den), 0);
	room_unref(&den);
	hall_reopen(h);
	den = chat_room(h->chat, "den");
	assert_int_equal(owner(den), 0);
	assert_int_equal(rank(den, BEN), RANK_MEMBER);
	room_unref(&den);
}

/* Found before the removal, and granted something after it. */
static void the_removed_get_no_rights(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);
	struct actor by = actor(ANN, 0);
	struct user ben;

	assert_int_equal(users_get(h->users, BEN, &ben), ERR_OK);
	forget(h, BEN);
	assert_int_equal(office_grant(h->chat, &by, den, &ben, RANK_OP, NULL),
			 ERR_NO_SUCH_USER);
	assert_int_equal(office_name_successor(h->chat, &by, den, &ben, NULL),
			 ERR_NO_SUCH_USER);
	assert_int_equal(office_transfer(h->chat, &by, den, &ben, NULL),
			 ERR_NO_SUCH_USER);
	assert_int_equal(rank(den, BEN), RANK_MEMBER);
	assert_int_equal(owner(den), ANN);
	room_unref(&den);
}

/* Killed between the removal of the user and that of the rights. */
static void a_restart_finishes_a_removal(void **state)
{
	struct hall *h = *state;
	struct room *den = make_den(h);

	assert_int_equal(grant(h, den, ANN, 0, CLEO, RANK_OP), ERR_OK);
	name_successor(h, den, BEN);
	room_unref(&den);
	assert_int_equal(users_remove(h->users, ANN, &hall_entry), ERR_OK);
	assert_int_equal(users_remove(h->users, BEN, &hall_entry), ERR_OK);
	hall_reopen(h);
	den = chat_room(h->chat, "den");
	assert_int_equal(owner(den), CLEO);
	room_unref(&den);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(rights_follow_the_ranks),
		IN_HALL(nobody_falls_by_accident),
		IN_HALL(acts_are_recorded_and_last),
		IN_HALL(rooms_change_hands),
		IN_HALL(a_removed_owner_is_succeeded),
		IN_HALL(the_removed_get_no_rights),
		IN_HALL(a_restart_finishes_a_removal),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
