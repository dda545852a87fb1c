/* Somebody asks somebody for money. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../world.h"
#include "bank/request.h"
#include "base/clock.h"
#include "base/mem.h"

#define MEMBER AUTHORITY_MEMBER

enum { FOR_MS = 1000 };

static struct order ask(struct world *w, enum person by, enum place payer,
			enum place asker, money amount)
{
	struct order order =
		world_order(w, ORDER_REQUEST, by, MEMBER, payer, asker, amount);

	order.due_ms = clock_wall_ms() + FOR_MS;
	return order;
}

static struct order answer(struct world *w, enum order_kind kind,
			   enum person by, uint64_t number)
{
	struct order order =
		world_order(w, kind, by, MEMBER, NOWHERE, NOWHERE, 0);

	order.from = 0;
	order.to = 0;
	order.reference = number;
	return order;
}

static const struct ask_case {
	const char *name;
	enum person by;
	enum place payer;
	enum place asker;
	money amount;
	int64_t more_ms;
	enum err want;
} asks[] = {
	{ "ben asks ann", BEN, ANNS, BENS, 5, 0, ERR_OK },
	{ "into what is shared", BEN, ANNS, OURS, 5, 0, ERR_OK },
	{ "into another's", BEN, ANNS, FEES, 5, 0, ERR_NOT_ALLOWED },
	{ "oneself", BEN, FULL, BENS, 5, 0, ERR_SELF_PAYMENT },
	{ "what one shares", BEN, OURS, BENS, 5, 0, ERR_SELF_PAYMENT },
	{ "the house", BEN, INCOME, BENS, 5, 0, ERR_NOT_ALLOWED },
	{ "nobody", BEN, NOWHERE, BENS, 5, 0, ERR_NO_SUCH_ACCOUNT },
	{ "a closed account", ANN, CLOSED, ANNS, 5, 0, ERR_ACCOUNT_CLOSED },
	{ "nothing", BEN, ANNS, BENS, 0, 0, ERR_BAD_AMOUNT },
	{ "too much", BEN, ANNS, BENS, MONEY_MOST + 1, 0, ERR_BAD_AMOUNT },
	{ "until now", BEN, ANNS, BENS, 5, -FOR_MS, ERR_BAD_INPUT },
	{ "for ever", BEN, ANNS, BENS, 5, 367 * INT64_C(86400000),
	  ERR_BAD_INPUT },
};

static void test_ask(void **state)
{
	struct world *w = *state;
	uint64_t number = 0;

	for (size_t i = 0; i < COUNT(asks); i++) {
		const struct ask_case *c = &asks[i];
		struct order order =
			ask(w, c->by, c->payer, c->asker, c->amount);

		order.due_ms += c->more_ms;
		world_want(w, c->name, &order, c->want);
		number += c->want == ERR_OK;
		assert_int_equal(order.number, c->want == ERR_OK ? number : 0);
		assert_int_equal(order.entry.seq, 0);
	}
}

/* It is paid once, by whom it concerns, with its memo. */
static void test_accept(void **state)
{
	struct world *w = *state;
	struct order order = ask(w, BEN, ANNS, BENS, 700);

	snprintf(order.memo, sizeof(order.memo), "pizza");
	world_want(w, "ask", &order, ERR_OK);
	order = answer(w, ORDER_ACCEPT, BEN, 1);
	world_want(w, "who asked", &order, ERR_NO_SUCH_REQUEST);
	order = answer(w, ORDER_ACCEPT, TESS, 1);
	world_want(w, "a stranger", &order, ERR_NO_SUCH_REQUEST);
	order = answer(w, ORDER_ACCEPT, ANN, 2);
	world_want(w, "no such", &order, ERR_NO_SUCH_REQUEST);
	order = answer(w, ORDER_ACCEPT, ANN, 1);
	order.from = w->places[ANNS_SHOE];
	world_want(w, "from an empty one", &order, ERR_INSUFFICIENT_FUNDS);
	order.from = w->places[BENS];
	world_want(w, "from another's", &order, ERR_NOT_ALLOWED);
	order = answer(w, ORDER_ACCEPT, ANN, 1);
	order.from = w->places[ANNS_SAVINGS];
	world_want(w, "from savings", &order, ERR_OK);
	assert_int_equal(order.entry.request, 1);
	assert_string_equal(order.entry.memo, "pizza");
	assert_int_equal(order.number, 1);
	assert_int_equal(house_posted(&w->house, w->places[ANNS_SAVINGS]),
			 9300);
	order = answer(w, ORDER_ACCEPT, ANN, 1);
	world_want(w, "again", &order, ERR_REQUEST_CLOSED);
	assert_non_null(strstr(order.words, "paid"));
	order = answer(w, ORDER_CANCEL, BEN, 1);
	world_want(w, "cancel what was paid", &order, ERR_REQUEST_CLOSED);
}

/* Asked again under its id, it was paid once. */
static void test_accept_again(void **state)
{
	struct world *w = *state;
	struct order order = ask(w, BEN, ANNS, BENS, 700);

	order.id = house_id(1);
	world_want(w, "ask", &order, ERR_OK);
	world_want(w, "ask again", &order, ERR_OK);
	assert_true(order.is_repeated);
	assert_int_equal(order.number, 1);
	order = answer(w, ORDER_ACCEPT, ANN, 1);
	order.id = house_id(2);
	world_want(w, "accept", &order, ERR_OK);
	order.memo[0] = '\0';
	world_want(w, "accept again", &order, ERR_OK);
	assert_true(order.is_repeated);
	assert_int_equal(order.number, 1);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9300);
}

static void test_decline(void **state)
{
	struct world *w = *state;
	struct order order = ask(w, BEN, ANNS, BENS, 5);

	world_want(w, "ask", &order, ERR_OK);
	order = answer(w, ORDER_DECLINE, BEN, 1);
	world_want(w, "decline one's own", &order, ERR_NO_SUCH_REQUEST);
	order = answer(w, ORDER_CANCEL, ANN, 1);
	world_want(w, "cancel another's", &order, ERR_NO_SUCH_REQUEST);
	order = answer(w, ORDER_DECLINE, ANN, 1);
	world_want(w, "decline", &order, ERR_OK);
	world_want(w, "twice", &order, ERR_REQUEST_CLOSED);
	assert_non_null(strstr(order.words, "declined"));
	order = ask(w, BEN, ANNS, BENS, 5);
	world_want(w, "ask again", &order, ERR_OK);
	order = answer(w, ORDER_CANCEL, BEN, 2);
	world_want(w, "cancel", &order, ERR_OK);
	order = answer(w, ORDER_ACCEPT, ANN, 2);
	world_want(w, "accept what was cancelled", &order, ERR_REQUEST_CLOSED);
	assert_non_null(strstr(order.words, "cancelled"));
}

/* It ends with its time, whether anybody has swept or not. */
static void test_expire(void **state)
{
	struct world *w = *state;
	struct order order = ask(w, BEN, ANNS, BENS, 5);
	struct order sweep = world_order(w, ORDER_SWEEP, NOBODY, AUTHORITY_BANK,
					 NOWHERE, NOWHERE, 0);

	world_want(w, "ask", &order, ERR_OK);
	world_want(w, "ask again", &order, ERR_OK);
	clock_fake_advance(FOR_MS - 1);
	order = answer(w, ORDER_ACCEPT, ANN, 1);
	world_want(w, "in time", &order, ERR_OK);
	clock_fake_advance(1);
	order = answer(w, ORDER_ACCEPT, ANN, 2);
	world_want(w, "too late", &order, ERR_REQUEST_CLOSED);
	assert_non_null(strstr(order.words, "expired"));
	world_want(w, "sweep", &sweep, ERR_OK);
	assert_int_equal(sweep.number, 1);
	world_want(w, "nothing is left", &sweep, ERR_OK);
	assert_int_equal(sweep.number, 0);
	world_want(w, "still too late", &order, ERR_REQUEST_CLOSED);
}

/*
 * So many wait for an account, and so many of them are of one: those that are
 * overdue take no room.
 */
static void test_most(void **state)
{
	enum { ASKERS = REQUESTS_MOST / REQUESTS_OF_ONE };
	struct world *w = *state;
	struct order order;

	for (int asker = 0; asker < ASKERS; asker++) {
		char name[] = { 'a', (char)('a' + asker), '\0' };
		user_id user = house_user(&w->house, name);

		order = ask(w, BEN, ANNS, BENS, 5);
		order.by.user = user;
		order.to = house_account(&w->house, user, "");
		for (int i = 0; i < REQUESTS_OF_ONE; i++)
			world_want(w, "one more", &order, ERR_OK);
		world_want(w, "too many of one", &order, ERR_LIMIT);
	}
	order = ask(w, BEN, ANNS, BENS, 5);
	world_want(w, "too many wait for ann", &order, ERR_LIMIT);
	order = ask(w, BEN, ANNS_SHOE, BENS, 5);
	world_want(w, "another account of hers", &order, ERR_OK);
	clock_fake_advance(FOR_MS);
	order = ask(w, BEN, ANNS, BENS, 5);
	world_want(w, "those are over", &order, ERR_OK);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_ask),     CASE(test_accept), CASE(test_accept_again),
		CASE(test_decline), CASE(test_expire), CASE(test_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
