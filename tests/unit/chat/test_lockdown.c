#include "chat/guard/lockdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/place.h"
#include "chat/verify.h"
#include "hall.h"

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor actor(user_id user, role_set more)
{
	struct actor by = { .user = user, .roles = ROLE_USER | more };

	snprintf(by.name, sizeof(by.name), "user%llu",
		 (unsigned long long)user);
	return by;
}

static const struct lockdown_case {
	const char *name;
	role_set more;
	int64_t duration_s; /* 0: end it */
	enum err want;
	bool is_locked; /* then */
} lockdown_cases[] = {
	{ "a user locks nothing down", 0, 60, ERR_NOT_ALLOWED, false },
	{ "there is none to end", ROLE_ADMIN, 0, ERR_NOT_FOUND, false },
	{ "for less than nothing", ROLE_ADMIN, -1, ERR_BAD_INPUT, false },
	{ "for too long", ROLE_ADMIN, LOCKDOWN_MOST_S + 1, ERR_BAD_INPUT,
	  false },
	{ "a moderator does", ROLE_MODERATOR, 60, ERR_OK, true },
	{ "a user ends nothing", 0, 0, ERR_NOT_ALLOWED, true },
	{ "an administrator makes it longer", ROLE_ADMIN, 3600, ERR_OK, true },
	{ "a moderator does not undo that", ROLE_MODERATOR, 0, ERR_RANK, true },
	{ "nor shorten it", ROLE_MODERATOR, 1, ERR_RANK, true },
	{ "an administrator does", ROLE_ADMIN, 0, ERR_OK, false },
};

static void lockdowns_follow_the_ranks(void **state)
{
	struct hall *h = *state;

	for (size_t i = 0; i < COUNT(lockdown_cases); i++) {
		const struct lockdown_case *c = &lockdown_cases[i];
		struct actor by = actor(1, c->more);
		enum err e = c->duration_s == 0
				     ? lockdown_end(h->chat, &by, NULL)
				     : lockdown_begin(h->chat, &by,
						      c->duration_s, NULL);

		print_message("# %s\n", c->name);
		assert_int_equal(e, c->want);
		assert_int_equal(lockdown_check(h->chat, NULL),
				 c->is_locked ? ERR_LOCKDOWN : ERR_OK);
	}
}

static void it_survives_a_restart_and_ends_by_itself(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(1, ROLE_MODERATOR);
	struct person *ben = hall_come(h, 2, "ben", 0, 1);
	struct refusal why;

	assert_int_equal(hall_join(h, ben, "old"), ERR_OK);
	assert_int_equal(lockdown_begin(h->chat, &by, 60, NULL), ERR_OK);
	assert_int_equal(hall_join(h, ben, "den"), ERR_LOCKDOWN);
	hall_go(h, &ben, 0);
	hall_reopen(h);
	assert_int_equal(lockdown_check(h->chat, &why), ERR_LOCKDOWN);
	assert_non_null(strstr(why.text, "Until 1970-01-01 "));
	ben = hall_come(h, 2, "ben", 0, 1);
	assert_int_equal(hall_join(h, ben, "den"), ERR_LOCKDOWN);
	assert_null(chat_room(h->chat, "den"));
	assert_int_equal(hall_join(h, ben, "old"), ERR_EXISTS);
	clock_fake_advance(60 * 1000);
	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	assert_int_equal(lockdown_get(h->chat).until_ms, 0);
	hall_go(h, &ben, 0);
}

static void staff_is_told(void **state)
{
	struct hall *h = *state;
	struct actor by = actor(1, ROLE_ADMIN);
	struct person *ben = hall_come(h, 2, "ben", 0, 1);
	struct person *cleo;

	assert_int_equal(
		chat_arrive(h->chat,
			    &(struct chat_arrival){ .user = 3,
						    .roles = ROLE_USER |
							     ROLE_MODERATOR,
						    .name = "cleo",
						    .address = "192.0.2.1",
						    .subscriber = 1,
						    .session = 2 },
			    &cleo),
		ERR_OK);
	hall_hush(h);
	assert_int_equal(lockdown_begin(h->chat, &by, 60, NULL), ERR_OK);
	assert_string_equal(hall_hears(h, 0), "");
	assert_non_null(strstr(hall_hears(h, 1),
			       "notice cleo: user1 locked the server down"));
	assert_int_equal(lockdown_end(h->chat, &by, NULL), ERR_OK);
	assert_string_equal(hall_hears(h, 1),
			    "notice cleo: user1 ended the lockdown.;");
	hall_go(h, &ben, 0);
	hall_go(h, &cleo, 1);
}

static enum err put_broken(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;
	AUTO(buf_fini) struct buf value = { 0 };

	buf_add_text(&value, "\1 no lockdown");
	return place_put(txn, h->store, LOCKDOWN_FACT, &value);
}

static void what_cannot_be_read_is_found(void **state)
{
	struct hall *h = *state;

	assert_int_equal(chat_verify(h->store, &h->text), ERR_OK);
	assert_int_equal(store_run(h->store, put_broken, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &h->text), ERR_CORRUPT);
	assert_int_equal(lockdown_load(h->chat), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(lockdowns_follow_the_ranks),
		IN_HALL(it_survives_a_restart_and_ends_by_itself),
		IN_HALL(staff_is_told),
		IN_HALL(what_cannot_be_read_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("lockdown", tests, NULL, NULL);
}
