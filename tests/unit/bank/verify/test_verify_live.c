/* Verifying while orders are carried out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/ledger_fields.h"
#include "base/mem.h"
#include "base/thread.h"
#include "past.h"

enum { ROUNDS = 20, ACCOUNTS = 600, OPENINGS = 200 };

/* Somebody who is busy until told to end. */
struct busy {
	struct past *past;
	unsigned failed;
	unsigned opened;

	struct mutex lock; /* rank: LOCK_JOBS */
	struct cond acted;
	unsigned acts GUARDED_BY(lock);
	bool is_over GUARDED_BY(lock);
};

static unsigned acts_of(struct busy *busy)
{
	unsigned acts;

	mutex_lock(&busy->lock);
	acts = busy->acts;
	mutex_unlock(&busy->lock);
	return acts;
}

static void run(struct busy *busy, struct order *order)
{
	if (ledger_run(busy->past->world->house.ledger, order) != ERR_OK)
		busy->failed++;
	mutex_lock(&busy->lock);
	busy->acts++;
	cond_wake_all(&busy->acted);
	mutex_unlock(&busy->lock);
}

static struct order order_of(struct busy *busy, enum order_kind kind,
			     enum person by, money amount)
{
	struct order order = world_order(busy->past->world, kind, by,
					 AUTHORITY_MEMBER, OURS, BENS, amount);

	order.id = house_id(1000 + acts_of(busy));
	return order;
}

static void hold_and_release(struct busy *busy)
{
	struct order hold = order_of(busy, ORDER_HOLD, ANN, 1);
	struct order release;

	hold.due_ms = HOUSE_BEGIN_MS + 100 * (int64_t)HOUSE_DAY_MS;
	run(busy, &hold);
	release = order_of(busy, ORDER_RELEASE, BEN, 0);
	release.reference = hold.entry.seq;
	run(busy, &release);
}

static void request_and_decline(struct busy *busy)
{
	struct order request = order_of(busy, ORDER_REQUEST, BEN, 1);
	struct order decline;

	request.from = busy->past->world->places[ANNS];
	request.due_ms = HOUSE_BEGIN_MS + 100 * (int64_t)HOUSE_DAY_MS;
	run(busy, &request);
	decline = order_of(busy, ORDER_DECLINE, ANN, 0);
	decline.reference = request.number;
	run(busy, &decline);
}

static void pay_and_undo(struct busy *busy)
{
	struct order pay = order_of(busy, ORDER_TRANSFER, ANN, 1);
	struct order undo;

	pay.to = busy->past->world->places[ANNS];
	run(busy, &pay);
	undo = order_of(busy, ORDER_REVERSE, ANN, 0);
	undo.reference = pay.entry.seq;
	run(busy, &undo);
}

static void open_and_close(struct busy *busy)
{
	struct order open = house_order(ORDER_OPEN, 0);
	struct order close = house_order(ORDER_CLOSE, 0);

	if (busy->opened == OPENINGS)
		return;
	busy->opened++;
	order_add_change(&open, CHANGE_KIND, ACCOUNT_USER);
	order_add_change(&open, CHANGE_OWNER,
			 (int64_t)busy->past->world->people[TESS]);
	snprintf(open.name, sizeof(open.name), "a%u", acts_of(busy));
	run(busy, &open);
	if (acts_of(busy) % 2 == 0)
		return;
	close.from = open.entry.seq;
	run(busy, &close);
}

static bool is_over(struct busy *busy)
{
	bool is;

	mutex_lock(&busy->lock);
	is = busy->is_over;
	mutex_unlock(&busy->lock);
	return is;
}

static void be_busy(void *arg)
{
	struct busy *busy = arg;

	while (!is_over(busy)) {
		hold_and_release(busy);
		request_and_decline(busy);
		pay_and_undo(busy);
		open_and_close(busy);
	}
}

static void begin(struct busy *busy, struct past *p, struct thread *thread)
{
	memset(busy, 0, sizeof(*busy));
	busy->past = p;
	mutex_init(&busy->lock, LOCK_JOBS);
	cond_init(&busy->acted);
	thread_start(thread, "busy", be_busy, busy);
}

/* Waits until it has done something meanwhile. */
static void wait_for_acts(struct busy *busy)
{
	unsigned before = acts_of(busy);

	mutex_lock(&busy->lock);
	while (busy->acts < before + 10)
		cond_wait(&busy->acted, &busy->lock);
	mutex_unlock(&busy->lock);
}

static void end(struct busy *busy, struct thread *thread)
{
	mutex_lock(&busy->lock);
	busy->is_over = true;
	mutex_unlock(&busy->lock);
	thread_join(thread);
	cond_fini(&busy->acted);
	mutex_fini(&busy->lock);
	assert_int_equal(busy->failed, 0);
}

static void open_many(struct past *p)
{
	char label[ACCOUNT_NAME];

	for (unsigned i = 0; i < ACCOUNTS; i++) {
		snprintf(label, sizeof(label), "b%u", i);
		house_account(&p->world->house, p->world->people[ADA], label);
	}
}

static void test_while_busy(void **state)
{
	struct past *p = *state;
	struct house *h = &p->world->house;
	struct busy busy;
	struct bank_scope scope = { .store = h->store,
				    .ledger = h->ledger,
				    .users = h->users };
	AUTO(buf_fini) struct buf report = { 0 };
	struct bank_extent extent;
	struct thread thread;

	open_many(p);
	begin(&busy, p, &thread);
	for (unsigned i = 0; i < ROUNDS; i++) {
		scope.accounts_most = i % 2 == 0 ? 0 : 200;
		wait_for_acts(&busy);
		if (bank_verify(&scope, &report, &extent) != ERR_OK)
			fail_msg("%s", buf_text(&report));
	}
	end(&busy, &thread);
	assert_string_equal(past_verify(p, &report), "");
}

/* What is wrong is found just so. */
static void test_found_while_busy(void **state)
{
	struct past *p = *state;
	struct house *h = &p->world->house;
	struct account account = past_account(p, ANNS_SAVINGS);
	struct busy busy;
	struct bank_scope scope = { .store = h->store,
				    .ledger = h->ledger,
				    .users = h->users };
	AUTO(buf_fini) struct buf report = { 0 };
	struct bank_extent extent;
	struct thread thread;

	account.posted += 5000;
	past_put_account(p, &account);
	begin(&busy, p, &thread);
	wait_for_acts(&busy);
	assert_int_equal(bank_verify(&scope, &report, &extent), ERR_CORRUPT);
	end(&busy, &thread);
	assert_string_equal(strchr(buf_text(&report), '(') != NULL
				    ? strchr(buf_text(&report), '(')
				    : "",
			    "(ann/savings) has 150.00 R, but its entries come "
			    "to 100.00 R\n");
}

struct patience {
	struct ledger *ledger;
	unsigned asked;
	unsigned most;
};

/* Who is asked may need locks that come before the ledger's. */
static bool goes_on(void *arg)
{
	struct patience *patience = arg;
	pthread_mutex_t *still = &patience->ledger->still.handle;

	assert_int_equal(pthread_mutex_trylock(still), 0);
	pthread_mutex_unlock(still);
	return patience->asked++ < patience->most;
}

/* Wherever it is: then nothing is held any more, and it can be done again. */
static void test_broken_off(void **state)
{
	struct past *p = *state;
	struct house *h = &p->world->house;
	struct patience patience = { h->ledger, 0, 0 };
	struct bank_scope scope = { .store = h->store,
				    .ledger = h->ledger,
				    .users = h->users,
				    .goes_on = goes_on,
				    .arg = &patience };
	AUTO(buf_fini) struct buf report = { 0 };
	struct bank_extent extent;
	enum err e;

	do {
		patience.asked = 0;
		patience.most++;
		e = bank_verify(&scope, &report, &extent);
		assert_true(e == ERR_OK || e == ERR_SHUTTING_DOWN);
		assert_int_equal(buf_len(&report), 0);
	} while (e != ERR_OK);
	assert_true(patience.most > 10);
	assert_string_equal(past_verify(p, &report), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_while_busy, past_set_up,
						past_tear_down),
		cmocka_unit_test_setup_teardown(test_found_while_busy,
						past_set_up, past_tear_down),
		cmocka_unit_test_setup_teardown(test_broken_off, past_set_up,
						past_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
