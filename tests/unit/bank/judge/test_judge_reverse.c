/* What is taken back: by whom, for how long, and once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../world.h"
#include "base/clock.h"
#include "base/mem.h"

#define MEMBER AUTHORITY_MEMBER
#define TELLER AUTHORITY_TELLER
#define ADMIN AUTHORITY_ADMIN
#define BANK AUTHORITY_BANK

/* An entry is made; then somebody wants to take it back. */
static const struct back_case {
	const char *name;
	struct world_case made;
	enum order_kind kind;
	enum person by;
	enum authority authority;
	int64_t later_ms;
	enum err want;
} cases[] = {
#define PAID                                                                   \
	{                                                                      \
		"", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 5, ERR_OK              \
	}
#define PUT                                                                    \
	{                                                                      \
		"", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 5, ERR_OK          \
	}
#define TAKEN                                                                  \
	{                                                                      \
		"", ORDER_WITHDRAW, ANN, MEMBER, ANNS, TILL, 5, ERR_OK         \
	}
#define SERVED                                                                 \
	{                                                                      \
		"", ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 5, ERR_OK          \
	}
#define MOVED                                                                  \
	{                                                                      \
		"", ORDER_TRANSFER, ANN, MEMBER, ANNS, ANNS_SHOE, 5, ERR_OK    \
	}
#define GIVEN                                                                  \
	{                                                                      \
		"", ORDER_INTEREST, NOBODY, BANK, INCOME, ANNS, 5, ERR_OK      \
	}
#define OWED                                                                   \
	{                                                                      \
		"", ORDER_OPENING, ADA, ADMIN, OPENING, ANNS, 5, ERR_OK        \
	}
#define LIMITED                                                                \
	{                                                                      \
		"", ORDER_OPENING, ADA, ADMIN, OPENING, FULL, 5, ERR_OK        \
	}
	{ "undo", PAID, ORDER_REVERSE, ANN, MEMBER, 0, ERR_OK },
	{ "at the last moment", PAID, ORDER_REVERSE, ANN, MEMBER, 120000,
	  ERR_OK },
	{ "too late", PAID, ORDER_REVERSE, ANN, MEMBER, 120001,
	  ERR_WINDOW_CLOSED },
	{ "the clock was put back", PAID, ORDER_REVERSE, ANN, MEMBER,
	  -2 * HOUSE_HOUR_MS, ERR_WINDOW_CLOSED },
	{ "by the receiver", PAID, ORDER_REVERSE, BEN, MEMBER, 0,
	  ERR_NOT_ALLOWED },
	{ "by a teller", PAID, ORDER_REVERSE, TESS, TELLER, 0,
	  ERR_NOT_ALLOWED },
	{ "by an administrator, late", PAID, ORDER_REVERSE, ADA, ADMIN,
	  HOUSE_DAY_MS, ERR_OK },
	{ "refund", PAID, ORDER_REFUND, BEN, MEMBER, 400 * INT64_C(86400000),
	  ERR_OK },
	{ "refund by the payer", PAID, ORDER_REFUND, ANN, MEMBER, 0,
	  ERR_NOT_ALLOWED },
	{ "refund by nobody", PAID, ORDER_REFUND, NOBODY, ADMIN, 0,
	  ERR_NOT_ALLOWED },
	{ "a deposit", PUT, ORDER_REVERSE, ANN, MEMBER, 0, ERR_OK },
	{ "a deposit is not refunded", PUT, ORDER_REFUND, ANN, MEMBER, 0,
	  ERR_NOT_ALLOWED },
	{ "a withdrawal", TAKEN, ORDER_REVERSE, ANN, MEMBER, 0, ERR_OK },
	{ "a teller's, by the member", SERVED, ORDER_REVERSE, ANN, MEMBER, 0,
	  ERR_NOT_ALLOWED },
	{ "a teller's, by the teller as a member", SERVED, ORDER_REVERSE, TESS,
	  MEMBER, 0, ERR_NOT_ALLOWED },
	{ "a teller's, by the teller", SERVED, ORDER_REVERSE, TESS, TELLER, 0,
	  ERR_OK },
	{ "a teller's, by another", SERVED, ORDER_REVERSE, ADA, TELLER, 0,
	  ERR_NOT_ALLOWED },
	{ "a transfer", MOVED, ORDER_REVERSE, ANN, MEMBER, 0, ERR_OK },
	{ "interest", GIVEN, ORDER_REVERSE, ANN, MEMBER, 0, ERR_NOT_ALLOWED },
	{ "interest of nobody", GIVEN, ORDER_REVERSE, NOBODY, MEMBER, 0,
	  ERR_NOT_FOUND },
	{ "by a stranger", PAID, ORDER_REVERSE, TESS, MEMBER, 0,
	  ERR_NOT_FOUND },
	{ "refund by a stranger", PAID, ORDER_REFUND, TESS, MEMBER, 0,
	  ERR_NOT_FOUND },
	{ "interest, by an administrator", GIVEN, ORDER_REVERSE, ADA, ADMIN, 0,
	  ERR_OK },
	{ "an opening balance", OWED, ORDER_REVERSE, ADA, ADMIN, 0, ERR_OK },
	{ "back above no ceiling", LIMITED, ORDER_REVERSE, ADA, ADMIN, 0,
	  ERR_OK },
};

static struct order back(struct world *w, enum order_kind kind, enum person by,
			 enum authority authority, uint64_t seq)
{
	struct order order =
		world_order(w, kind, by, authority, NOWHERE, NOWHERE, 0);

	order.from = 0;
	order.to = 0;
	order.reference = seq;
	return order;
}

static void test_cases(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct back_case *c = &cases[i];
		struct order order = world_order(
			w, c->made.kind, c->made.by, c->made.authority,
			c->made.from, c->made.to, c->made.amount);

		world_want(w, c->name, &order, ERR_OK);
		clock_fake_advance(c->later_ms);
		order = back(w, c->kind, c->by, c->authority, order.entry.seq);
		world_want(w, c->name, &order, c->want);
		/* It was taken back, and stays so. */
		world_want(w, c->name, &order,
			   c->want == ERR_OK ? ERR_EXISTS : c->want);
	}
}

/* An undo against what the receiver has left; a refund after an undo. */
static void test_spent(void **state)
{
	struct world *w = *state;
	struct order paid =
		world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, 500);
	struct order spent =
		world_order(w, ORDER_PAY, BEN, MEMBER, BENS, OURS, 10100);
	struct order undo;

	world_want(w, "paid", &paid, ERR_OK);
	world_want(w, "spent", &spent, ERR_OK);
	undo = back(w, ORDER_REVERSE, ANN, MEMBER, paid.entry.seq);
	world_want(w, "undo", &undo, ERR_INSUFFICIENT_FUNDS);
	assert_string_equal(undo.words,
			    "There is not enough in the other account.");
	undo = back(w, ORDER_REVERSE, BEN, MEMBER, spent.entry.seq);
	world_want(w, "undo what was spent", &undo, ERR_OK);
	undo = back(w, ORDER_REVERSE, ANN, MEMBER, paid.entry.seq);
	world_want(w, "now there is enough", &undo, ERR_OK);
	undo = back(w, ORDER_REFUND, BEN, MEMBER, paid.entry.seq);
	world_want(w, "refund as well", &undo, ERR_EXISTS);
	undo = back(w, ORDER_REVERSE, ANN, MEMBER, undo.reference + 1);
	world_want(w, "another's", &undo, ERR_NOT_ALLOWED);
}

/* An undo brings the fee back, a refund leaves it with the house. */
static void test_fees(void **state)
{
	struct world *w = *state;
	struct order paid =
		world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, 1000);
	struct order order;

	w->house.settings.fees[FEE_PAY].fixed = 3;
	house_reload(&w->house);
	world_want(w, "paid", &paid, ERR_OK);
	order = back(w, ORDER_REVERSE, ANN, MEMBER, paid.entry.seq);
	world_want(w, "undo", &order, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 10000);
	world_want(w, "paid", &paid, ERR_OK);
	order = back(w, ORDER_REFUND, BEN, MEMBER, paid.entry.seq);
	world_want(w, "refund", &order, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9997);
	assert_int_equal(house_posted(&w->house, w->places[FEES]), 3);
}

/* What was captured is refunded; what has no money in it is not taken back. */
static void test_others(void **state)
{
	struct world *w = *state;
	uint64_t hold = house_hold(&w->house, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 50, 1000);
	struct order order = back(w, ORDER_REVERSE, ANN, MEMBER, hold);
	uint64_t captured;

	world_want(w, "a hold", &order, ERR_NOT_ALLOWED);
	order = back(w, ORDER_CAPTURE, BEN, MEMBER, hold);
	world_want(w, "capture", &order, ERR_OK);
	captured = order.entry.seq;
	order = back(w, ORDER_REVERSE, BEN, MEMBER, captured);
	world_want(w, "by who captured it", &order, ERR_NOT_ALLOWED);
	order = back(w, ORDER_REFUND, BEN, MEMBER, captured);
	world_want(w, "refund", &order, ERR_OK);
	order = back(w, ORDER_REVERSE, ADA, ADMIN, order.entry.seq);
	world_want(w, "what takes back", &order, ERR_NOT_ALLOWED);
	order = back(w, ORDER_REVERSE, ADA, ADMIN, 9999999);
	world_want(w, "nothing", &order, ERR_NOT_FOUND);
	order = back(w, ORDER_REFUND, ANN, MEMBER, 0);
	world_want(w, "no number", &order, ERR_NOT_FOUND);
	order = back(w, ORDER_REVERSE, ADA, ADMIN, 1);
	world_want(w, "the currency", &order, ERR_NOT_ALLOWED);
}

static void test_approval(void **state)
{
	struct world *w = *state;
	struct order paid =
		world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, 1000);
	struct order order;

	w->house.settings.approval_above = 999;
	house_reload(&w->house);
	world_want(w, "paid", &paid, ERR_OK);
	order = back(w, ORDER_REVERSE, ADA, ADMIN, paid.entry.seq);
	world_want(w, "alone", &order, ERR_APPROVAL_NEEDED);
	order.approved_by = w->people[TESS];
	world_want(w, "with a second one", &order, ERR_OK);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_cases),  CASE(test_spent),    CASE(test_fees),
		CASE(test_others), CASE(test_approval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
