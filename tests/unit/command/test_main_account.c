/* Main accounts of users who have none, opened at the start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../bank/house.h"
#include "base/mem.h"
#include "command/main_account.h"

enum { MANY = 600 }; /* more than two batches */

static void open_all(struct house *h)
{
	struct realm realm = { .store = h->store,
			       .users = h->users,
			       .ledger = h->ledger };

	main_account_open_all(&realm);
}

static user_id add(struct house *h, unsigned number)
{
	char name[16];

	(void)snprintf(name, sizeof(name), "user%u", number);
	return house_user(h, name);
}

static bool has_one(struct house *h, user_id user)
{
	account_id id;
	enum err e = book_main(h->store, user, &id);

	assert_true(e == ERR_OK || e == ERR_NO_SUCH_ACCOUNT);
	return e == ERR_OK;
}

static uint64_t head(struct house *h)
{
	struct book_head head;

	assert_int_equal(book_head(h->store, &head), ERR_OK);
	return head.seq;
}

static void test_all_get_one(void **state)
{
	struct house *h = *state;
	user_id users[MANY];
	uint64_t before;

	for (unsigned i = 0; i < MANY; i++)
		users[i] = add(h, i);
	(void)house_account(h, users[7], ""); /* who was here before */
	before = head(h);
	open_all(h);
	for (unsigned i = 0; i < MANY; i++)
		assert_true(has_one(h, users[i]));
	assert_int_equal(head(h), before + MANY - 1);
	house_restart(h);
	open_all(h);
	assert_int_equal(head(h), before + MANY - 1);
}

static void test_who_is_new_since(void **state)
{
	struct house *h = *state;
	static const struct audit_entry entry = { .action = "user.test" };
	user_id first = add(h, 1);
	user_id gone;
	user_id last;

	open_all(h);
	gone = add(h, 2);
	last = add(h, 3);
	assert_int_equal(users_remove(h->users, gone, &entry), ERR_OK);
	open_all(h);
	assert_true(has_one(h, first));
	assert_false(has_one(h, gone));
	assert_true(has_one(h, last));
}

/* It has come so far; the users of before are not looked at again. */
static void test_looks_at_nobody_twice(void **state)
{
	struct house *h = *state;
	user_id user = add(h, 1);
	struct order order = house_order(ORDER_CLOSE, 0);

	open_all(h);
	assert_int_equal(book_main(h->store, user, &order.from), ERR_OK);
	house_want(h, &order, ERR_OK);
	open_all(h);
	assert_false(has_one(h, user));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_get_one, house_set_up,
						house_tear_down),
		cmocka_unit_test_setup_teardown(test_who_is_new_since,
						house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_looks_at_nobody_twice,
						house_set_up, house_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
