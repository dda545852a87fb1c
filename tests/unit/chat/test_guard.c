#include "chat/guard/guard_act.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard_keep.h"
#include "chat/guard/guard_people.h"
#include "chat/rights/heritage.h"
#include "chat/tell.h"
#include "chat/verify.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN, EVE, HOUR_MS = 3600 * 1000 };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor actor(user_id user, role_set more)
{
	struct actor by = { .user = user, .roles = ROLE_USER | more };

	snprintf(by.name, sizeof(by.name), "user%llu",
		 (unsigned long long)user);
	return by;
}

static enum err add_role(struct user *user, void *arg)
{
	user->roles |= *(const role_set *)arg;
	return ERR_OK;
}

static void give_role(struct hall *h, user_id id, role_set role)
{
	assert_int_equal(
		users_edit(h->users, id, add_role, &role, &hall_entry, NULL),
		ERR_OK);
}

/* Who comes from where. */
static struct person *come(struct hall *h, user_id user, role_set roles,
			   const char *name, const char *address,
			   uint64_t session)
{
	struct person *person;

	assert_int_equal(
		chat_arrive(h->chat,
			    &(struct chat_arrival){ .user = user,
						    .roles = roles,
						    .name = name,
						    .address = address,
						    .session = session },
			    &person),
		ERR_OK);
	return person;
}

/* On a user by number, or on a network. */
static enum err order(struct hall *h, const struct actor *by,
		      enum guard_kind kind, user_id on, const char *network,
		      int64_t duration_s, struct guard_entry *entry_r)
{
	struct guard_order order = { .kind = kind,
				     .guest = "",
				     .duration_s = duration_s,
				     .reason = "spamming" };
	struct user user;

	if (on != 0) {
		assert_int_equal(users_get(h->users, on, &user), ERR_OK);
		order.user = &user;
	} else {
		assert_true(network_parse(network, &order.network));
	}
	return guard_order(h->chat, by, &order, entry_r, NULL);
}

static enum err check(struct hall *h, enum guard_kind kind, user_id user,
		      role_set roles, const char *address, struct refusal *why)
{
	struct guard_subject subject = guard_subject(user, roles, address);

	return guard_check(h->chat->guard, kind, &subject, why);
}

static bool count_act(const struct audit_record *record, void *arg)
{
	if (strncmp(record->entry.action, "server.", 7) == 0)
		++*(unsigned *)arg;
	return true;
}

static unsigned count_acts(struct hall *h)
{
	unsigned count = 0;

	assert_int_equal(trail_walk(h->trail, 1, count_act, &count), ERR_OK);
	return count;
}

static const struct order_case {
	const char *name;
	user_id by;
	role_set more;
	user_id on;
	const char *network;
	int64_t duration_s;
	enum err want;
} order_cases[] = {
	{ "a user bans nobody", BEN, 0, CLEO, NULL, 0, ERR_NOT_ALLOWED },
	{ "nor does an auditor", BEN, ROLE_AUDITOR, CLEO, NULL, 0,
	  ERR_NOT_ALLOWED },
	{ "a moderator bans a user", DAN, ROLE_MODERATOR, CLEO, NULL, 60,
	  ERR_OK },
	{ "once", EVE, ROLE_ADMIN, CLEO, NULL, 60, ERR_EXISTS },
	{ "a moderator bans no administrator", DAN, ROLE_MODERATOR, EVE, NULL,
	  60, ERR_RANK },
	{ "nobody himself", DAN, ROLE_MODERATOR, DAN, NULL, 60,
	  ERR_NOT_ALLOWED },
	{ "nor the last administrator", 0, ROLE_ADMIN, EVE, NULL, 60,
	  ERR_LAST_ADMIN },
	{ "but a moderator", EVE, ROLE_ADMIN, DAN, NULL, 0, ERR_OK },
	{ "a time in the past", EVE, ROLE_ADMIN, BEN, NULL, -1, ERR_BAD_INPUT },
	{ "a time without an end that has one", EVE, ROLE_ADMIN, BEN, NULL,
	  (int64_t)GUARD_DURATION_MOST_S + 1, ERR_BAD_INPUT },
	{ "a network", EVE, ROLE_ADMIN, 0, "198.51.100.0/24", 0, ERR_OK },
	{ "once as well", EVE, ROLE_ADMIN, 0, "198.51.100.7/24", 9,
	  ERR_EXISTS },
	{ "an address in it", EVE, ROLE_ADMIN, 0, "198.51.100.7", 9, ERR_OK },
	{ "too wide", EVE, ROLE_ADMIN, 0, "10.0.0.0/8", 0, ERR_BAD_INPUT },
	{ "everybody", EVE, ROLE_ADMIN, 0, "0.0.0.0/0", 0, ERR_BAD_INPUT },
};

static void bans_follow_the_ranks(void **state)
{
	struct hall *h = *state;
	unsigned acts = 0;

	give_role(h, EVE, ROLE_ADMIN);
	give_role(h, DAN, ROLE_MODERATOR);
	for (size_t i = 0; i < COUNT(order_cases); i++) {
		const struct order_case *c = &order_cases[i];
		struct actor by = actor(c->by, c->more);
		struct guard_entry entry;
		size_t before = guard_count(h->chat->guard);

		print_message("# %s\n", c->name);
		assert_int_equal(order(h, &by, GUARD_BAN, c->on, c->network,
				       c->duration_s, &entry),
				 c->want);
		acts += c->want == ERR_OK;
		assert_int_equal(guard_count(h->chat->guard),
				 before + (c->want == ERR_OK));
		assert_int_equal(count_acts(h), acts);
	}
}

static void reasons_are_bounded(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(EVE, ROLE_ADMIN);
	char reason[GUARD_REASON_MOST + 2] = "";
	struct guard_order order = { .kind = GUARD_MUTE,
				     .guest = "",
				     .reason = reason };
	struct guard_entry entry;

	assert_true(network_parse("192.0.2.9", &order.network));
	assert_int_equal(guard_order(h->chat, &by, &order, &entry, NULL),
			 ERR_BAD_INPUT);
	memset(reason, 'x', GUARD_REASON_MOST + 1);
	assert_int_equal(guard_order(h->chat, &by, &order, &entry, NULL),
			 ERR_BAD_INPUT);
	reason[GUARD_REASON_MOST] = '\0';
	assert_int_equal(guard_order(h->chat, &by, &order, &entry, NULL),
			 ERR_OK);
	assert_string_equal(entry.reason, reason);
}

static void nobody_bans_whom_the_place_needs(void **state)
{
	struct hall *h = *state;
	struct person *ann =
		come(h, ANN, ROLE_USER | ROLE_ADMIN, "ann", "192.0.2.1", 1);
	struct person *ben = come(h, BEN, ROLE_USER | ROLE_MODERATOR, "ben",
				  "198.51.100.2", 2);
	struct actor moderator = hall_actor(ben);
	struct actor admin = hall_actor(ann);
	struct actor console = actor(0, ROLE_ADMIN);
	struct guard_entry entry;

	assert_int_equal(
		order(h, &moderator, GUARD_BAN, 0, "192.0.2.0/24", 0, &entry),
		ERR_RANK);
	assert_int_equal(order(h, &moderator, GUARD_BAN, 0, "198.51.100.0/24",
			       0, &entry),
			 ERR_NOT_ALLOWED);
	assert_int_equal(
		order(h, &console, GUARD_BAN, 0, "192.0.2.1", 0, &entry),
		ERR_NOT_ALLOWED);
	assert_int_equal(
		order(h, &admin, GUARD_BAN, 0, "198.51.100.0/24", 0, &entry),
		ERR_OK);
	/* Wherever they come from. */
	assert_int_equal(check(h, GUARD_BAN, ANN, ROLE_USER | ROLE_ADMIN,
			       "198.51.100.7", NULL),
			 ERR_OK);
	assert_int_equal(check(h, GUARD_BAN, BEN, ROLE_USER | ROLE_MODERATOR,
			       "198.51.100.7", NULL),
			 ERR_BANNED);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 0);
}

static void bans_last_and_end(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(EVE, ROLE_ADMIN);
	struct guard_entry timed;
	struct guard_entry lasting;
	struct refusal why;

	assert_int_equal(order(h, &by, GUARD_BAN, BEN, NULL, 3600, &timed),
			 ERR_OK);
	assert_int_equal(
		order(h, &by, GUARD_BAN, 0, "192.0.2.0/24", 0, &lasting),
		ERR_OK);
	hall_reopen(h);
	assert_int_equal(check(h, GUARD_BAN, BEN, ROLE_USER, "local", &why),
			 ERR_BANNED);
	assert_non_null(strstr(why.text, "You are banned until "));
	assert_non_null(strstr(why.text, ": spamming"));
	assert_int_equal(check(h, GUARD_BAN, 0, ROLE_GUEST, "192.0.2.77", &why),
			 ERR_BANNED);
	assert_string_equal(why.text, "You are banned for good: spamming");
	assert_int_equal(check(h, GUARD_MUTE, BEN, ROLE_USER, "local", NULL),
			 ERR_OK);
	assert_int_equal(
		check(h, GUARD_BAN, CLEO, ROLE_USER, "192.0.3.1", NULL),
		ERR_OK);
	clock_fake_advance(HOUR_MS - 1);
	assert_int_equal(check(h, GUARD_BAN, BEN, ROLE_USER, "local", NULL),
			 ERR_BANNED);
	clock_fake_advance(1);
	assert_int_equal(check(h, GUARD_BAN, BEN, ROLE_USER, "local", NULL),
			 ERR_OK);
	assert_int_equal(
		guard_lift(h->chat, &by, GUARD_BAN, timed.id, &timed, NULL),
		ERR_NOT_FOUND);
}

/* What ended is kept for a day, lest a clock that jumped frees somebody. */
static void a_jump_of_the_clock_frees_nobody(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(EVE, ROLE_ADMIN);
	struct guard_entry entry;

	assert_int_equal(order(h, &by, GUARD_BAN, BEN, NULL, 3600, &entry),
			 ERR_OK);
	clock_fake_advance(12 * HOUR_MS);
	guard_tick(h->chat);
	assert_int_equal(check(h, GUARD_BAN, BEN, ROLE_USER, "local", NULL),
			 ERR_OK);
	hall_reopen(h);
	clock_fake_advance(-12 * HOUR_MS);
	assert_int_equal(check(h, GUARD_BAN, BEN, ROLE_USER, "local", NULL),
			 ERR_BANNED);
	clock_fake_advance(26 * HOUR_MS);
	guard_tick(h->chat);
	assert_int_equal(guard_count(h->chat->guard), 0);
	hall_reopen(h);
	assert_int_equal(guard_count(h->chat->guard), 0);
}

static void only_the_same_rank_lifts(void **state)
{
	struct hall *h = *state;
	struct actor admin = actor(EVE, ROLE_ADMIN);
	struct actor moderator = actor(DAN, ROLE_MODERATOR);
	struct actor user = actor(BEN, 0);
	struct guard_entry entry;
	uint64_t id;

	assert_int_equal(order(h, &admin, GUARD_BAN, CLEO, NULL, 0, &entry),
			 ERR_OK);
	id = entry.id;
	assert_int_equal(
		guard_lift(h->chat, &user, GUARD_BAN, id, &entry, NULL),
		ERR_NOT_ALLOWED);
	assert_int_equal(
		guard_lift(h->chat, &moderator, GUARD_BAN, id, &entry, NULL),
		ERR_RANK);
	assert_int_equal(
		guard_lift(h->chat, &admin, GUARD_MUTE, id, &entry, NULL),
		ERR_NOT_FOUND);
	assert_int_equal(check(h, GUARD_BAN, CLEO, ROLE_USER, "local", NULL),
			 ERR_BANNED);
	assert_int_equal(
		guard_lift(h->chat, &admin, GUARD_BAN, id, &entry, NULL),
		ERR_OK);
	assert_int_equal(entry.user, CLEO);
	assert_int_equal(check(h, GUARD_BAN, CLEO, ROLE_USER, "local", NULL),
			 ERR_OK);
	assert_int_equal(count_acts(h), 2);
	hall_reopen(h);
	assert_int_equal(guard_count(h->chat->guard), 0);
}

static enum err tell(struct hall *h, struct person *from, const char *to)
{
	AUTO(told_fini) struct told told = { 0 };

	return tell_person(h->chat, from, to, "psst", 0, &told, NULL);
}

static enum err set_topic(struct hall *h, struct person *person)
{
	struct room *room = chat_default_room(h->chat);
	struct actor by = hall_actor(person);

	return chat_set_topic(h->chat, &by, room, "news", NULL);
}

static void who_is_muted_speaks_to_staff_alone(void **state)
{
	struct hall *h = *state;
	struct person *ann =
		come(h, ANN, ROLE_USER | ROLE_MODERATOR, "ann", "192.0.2.1", 1);
	struct person *ben = come(h, BEN, ROLE_USER, "ben", "192.0.2.2", 2);
	struct person *cleo = come(h, CLEO, ROLE_USER, "cleo", "192.0.2.3", 3);
	struct actor by = hall_actor(ann);
	struct guard_entry entry;

	hall_hush(h);
	assert_int_equal(order(h, &by, GUARD_MUTE, BEN, NULL, 0, &entry),
			 ERR_OK);
	assert_string_equal(hall_hears(h, 0),
			    "notice ben: You are muted for good: spamming;");
	assert_int_equal(hall_say(h, ben, "lobby", "hi"), ERR_MUTED);
	assert_int_equal(tell(h, ben, "cleo"), ERR_MUTED);
	assert_int_equal(set_topic(h, ben), ERR_MUTED);
	assert_int_equal(hall_join(h, ben, "den"), ERR_MUTED);
	assert_null(chat_room(h->chat, "den"));
	assert_string_equal(hall_hears(h, 0), "");
	assert_int_equal(tell(h, ben, "ann"), ERR_OK);
	assert_int_equal(hall_join(h, cleo, "den"), ERR_OK);
	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	hall_go(h, &ben, 0);
	/* Through sessions. */
	ben = come(h, BEN, ROLE_USER, "ben", "203.0.113.9", 4);
	assert_int_equal(hall_say(h, ben, "lobby", "hi"), ERR_MUTED);
	hall_hush(h);
	assert_int_equal(
		guard_lift(h->chat, &by, GUARD_MUTE, entry.id, &entry, NULL),
		ERR_OK);
	assert_string_equal(hall_hears(h, 0),
			    "notice ben: You may speak again.;");
	assert_int_equal(hall_say(h, ben, "lobby", "hi"), ERR_OK);
	hall_go(h, &ann, 0);
	hall_go(h, &ben, 0);
	hall_go(h, &cleo, 0);
}

static void a_muted_address_is_muted_under_any_name(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(EVE, ROLE_ADMIN);
	struct person *zoe = come(h, 0, ROLE_GUEST, "zoe", "192.0.2.7", 1);
	struct person *ben = come(h, BEN, ROLE_USER, "ben", "192.0.2.8", 2);
	struct guard_entry entry;

	assert_int_equal(order(h, &by, GUARD_MUTE, 0, "192.0.2.7", 60, &entry),
			 ERR_OK);
	assert_int_equal(hall_say(h, zoe, "lobby", "hi"), ERR_MUTED);
	assert_int_equal(hall_say(h, ben, "lobby", "hi"), ERR_OK);
	assert_int_equal(chat_rename(h->chat, zoe, "zora"), ERR_OK);
	assert_int_equal(hall_say(h, zoe, "lobby", "hi"), ERR_MUTED);
	hall_go(h, &zoe, 0);
	zoe = come(h, 0, ROLE_GUEST, "zelda", "192.0.2.7", 3);
	assert_int_equal(hall_say(h, zoe, "lobby", "hi"), ERR_MUTED);
	clock_fake_advance(60 * 1000);
	assert_int_equal(hall_say(h, zoe, "lobby", "hi"), ERR_OK);
	hall_go(h, &zoe, 0);
	hall_go(h, &ben, 0);
}

static void who_is_removed_leaves_no_entries(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(EVE, ROLE_ADMIN);
	struct guard_entry entry;

	assert_int_equal(order(h, &by, GUARD_MUTE, BEN, NULL, 0, &entry),
			 ERR_OK);
	assert_int_equal(order(h, &by, GUARD_BAN, BEN, NULL, 0, &entry),
			 ERR_OK);
	assert_int_equal(order(h, &by, GUARD_BAN, CLEO, NULL, 0, &entry),
			 ERR_OK);
	assert_int_equal(heritage_remove(h->chat, &by, BEN, &hall_entry),
			 ERR_OK);
	assert_int_equal(guard_count(h->chat->guard), 1);
	hall_reopen(h);
	assert_int_equal(guard_count(h->chat->guard), 1);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
}

static const char *const broken_values[] = {
	"",
	"\1",
	"\2 a newer one",
	"\1 not an entry at all",
};

static enum err put_broken(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < COUNT(broken_values); i++)
		e = store_put(txn, store_table(h->store, "guards"), &i,
			      sizeof(i), broken_values[i],
			      strlen(broken_values[i]));
	return e;
}

static void what_cannot_be_read_is_found(void **state)
{
	struct hall *h = *state;
	struct guard *guard = guard_new();

	assert_int_equal(store_run(h->store, put_broken, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&h->text),
			       "guards: a record cannot be read\n"));
	assert_int_equal(guard_load(guard, h->store), ERR_CORRUPT);
	guard_free(&guard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(bans_follow_the_ranks),
		IN_HALL(reasons_are_bounded),
		IN_HALL(nobody_bans_whom_the_place_needs),
		IN_HALL(bans_last_and_end),
		IN_HALL(a_jump_of_the_clock_frees_nobody),
		IN_HALL(only_the_same_rank_lifts),
		IN_HALL(who_is_muted_speaks_to_staff_alone),
		IN_HALL(a_muted_address_is_muted_under_any_name),
		IN_HALL(who_is_removed_leaves_no_entries),
		IN_HALL(what_cannot_be_read_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
