/* The trial balance: of one moment, while orders go on. */
#include "bank/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/thread.h"
#include "house.h"

enum { PEOPLE = 1500, TAKEN = 20 }; /* more than a piece */

static account_id accounts[PEOPLE];

static void open_all(struct house *h)
{
	for (unsigned i = 0; i < PEOPLE; i++) {
		accounts[i] = house_account(h, i + 1, "");
		house_fund(h, accounts[i], 1000);
	}
}

static void test_rows(void **state)
{
	struct house *h = *state;
	struct trial trial;

	open_all(h);
	assert_int_equal(trial_take(h->store, 0, 10, &trial), ERR_OK);
	assert_int_equal(trial.open, PEOPLE + 5);
	assert_int_equal(trial.posted[ACCOUNT_USER], 1000 * PEOPLE);
	assert_int_equal(trial.posted[ACCOUNT_HOUSE], -1000 * PEOPLE);
	assert_int_equal(trial.count, 10);
	assert_int_equal(trial.next, accounts[5]);
	trial_fini(&trial);
	assert_int_equal(trial_take(h->store, accounts[PEOPLE - 1], 10, &trial),
			 ERR_OK);
	assert_int_equal(trial.count, 1);
	assert_int_equal(trial.next, 0);
	trial_fini(&trial);
}

struct payer {
	struct house *house;
	atomic_bool is_over;
	atomic_uint paid;
};

/* From the first to the last and back, so that a reader meets it twice. */
static void pay(void *arg)
{
	struct payer *p = arg;

	for (unsigned i = 0; !atomic_load(&p->is_over); i++) {
		unsigned at = i % 2 == 0 ? 0 : PEOPLE - 1;

		if (house_pay(p->house, at + 1, accounts[at],
			      accounts[PEOPLE - 1 - at], 700) == ERR_OK)
			atomic_fetch_add(&p->paid, 1);
	}
}

static void test_while_orders_go_on(void **state)
{
	struct payer p = { .house = *state };
	struct thread thread;
	struct trial trial;
	unsigned before;

	open_all(*state);
	thread_start(&thread, "payer", pay, &p);
	for (int i = 0; i < TAKEN; i++) {
		assert_int_equal(
			trial_take(p.house->store, 0, PEOPLE + 5, &trial),
			ERR_OK);
		assert_int_equal(trial.posted[ACCOUNT_USER], 1000 * PEOPLE);
		assert_int_equal(trial.count, PEOPLE + 5);
		trial_fini(&trial);
		before = atomic_load(&p.paid);
		while (atomic_load(&p.paid) == before)
			; /* somebody pays between two of them */
	}
	atomic_store(&p.is_over, true);
	thread_join(&thread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, house_set_up,
						house_tear_down),
		cmocka_unit_test_setup_teardown(test_while_orders_go_on,
						house_set_up, house_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
