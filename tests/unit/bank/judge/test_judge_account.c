/* Orders that open accounts, shape them, and close them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../world.h"
#include "bank/account_name.h"
#include "base/clock.h"
#include "base/mem.h"

#define MEMBER AUTHORITY_MEMBER
#define TELLER AUTHORITY_TELLER
#define ADMIN AUTHORITY_ADMIN
#define BANK AUTHORITY_BANK

#define OWN(who)                                                               \
	{                                                                      \
		{ CHANGE_KIND, ACCOUNT_USER }, { CHANGE_OWNER, who },          \
	}
#define SHARE(first, second)                                                   \
	{                                                                      \
		{ CHANGE_KIND, ACCOUNT_SHARED }, { CHANGE_HOLDER_IN, first },  \
			{ CHANGE_HOLDER_IN, second },                          \
	}
#define HOUSE                                                                  \
	{                                                                      \
		{ CHANGE_KIND, ACCOUNT_HOUSE },                                \
	}

static const struct world_change opened[] = {
	{ "a label", ORDER_OPEN, ANN, MEMBER, NOWHERE, "car", OWN(ANN),
	  ERR_OK },
	{ "the same", ORDER_OPEN, ANN, MEMBER, NOWHERE, "car", OWN(ANN),
	  ERR_EXISTS },
	{ "in capitals", ORDER_OPEN, ANN, MEMBER, NOWHERE, "CAR", OWN(ANN),
	  ERR_EXISTS },
	{ "of somebody else", ORDER_OPEN, BEN, MEMBER, NOWHERE, "car", OWN(BEN),
	  ERR_OK },
	{ "for somebody else", ORDER_OPEN, BEN, MEMBER, NOWHERE, "bike",
	  OWN(ANN), ERR_NOT_ALLOWED },
	{ "by the bank", ORDER_OPEN, NOBODY, BANK, NOWHERE, "bike", OWN(ANN),
	  ERR_OK },
	{ "a second main one", ORDER_OPEN, ANN, MEMBER, NOWHERE, "", OWN(ANN),
	  ERR_EXISTS },
	{ "no name", ORDER_OPEN, ANN, MEMBER, NOWHERE, "a b", OWN(ANN),
	  ERR_BAD_NAME },
	{ "a slash", ORDER_OPEN, ANN, MEMBER, NOWHERE, "ann/x", OWN(ANN),
	  ERR_BAD_NAME },
	{ "a digit", ORDER_OPEN, ANN, MEMBER, NOWHERE, "1x", OWN(ANN),
	  ERR_BAD_NAME },
	{ "too long", ORDER_OPEN, ANN, MEMBER, NOWHERE,
	  "abcdefghijklmnopqrstuvwxyzabcdefg", OWN(ANN), ERR_BAD_NAME },
	{ "as long as can be", ORDER_OPEN, ANN, MEMBER, NOWHERE,
	  "abcdefghijklmnopqrstuvwxyzabcdef", OWN(ANN), ERR_OK },
	{ "of nobody", ORDER_OPEN, NOBODY, BANK, NOWHERE, "x", OWN(NOBODY),
	  ERR_BAD_NAME },
	{ "with a floor of one's own",
	  ORDER_OPEN,
	  ANN,
	  MEMBER,
	  NOWHERE,
	  "debt",
	  { { CHANGE_KIND, ACCOUNT_USER },
	    { CHANGE_OWNER, ANN },
	    { CHANGE_FLOOR, -100 } },
	  ERR_NOT_ALLOWED },
	{ "with a notice",
	  ORDER_OPEN,
	  ANN,
	  MEMBER,
	  NOWHERE,
	  "watched",
	  { { CHANGE_KIND, ACCOUNT_USER },
	    { CHANGE_OWNER, ANN },
	    { CHANGE_NOTICE, 100 } },
	  ERR_OK },
	{ "of no kind",
	  ORDER_OPEN,
	  ANN,
	  MEMBER,
	  NOWHERE,
	  "x",
	  { { CHANGE_OWNER, ANN } },
	  ERR_BAD_NAME },
	{ "of an unknown kind",
	  ORDER_OPEN,
	  ANN,
	  MEMBER,
	  NOWHERE,
	  "x",
	  { { CHANGE_KIND, 9 }, { CHANGE_OWNER, ANN } },
	  ERR_BAD_NAME },
	{ "shared", ORDER_OPEN, ANN, MEMBER, NOWHERE, "den", SHARE(ANN, BEN),
	  ERR_OK },
	{ "shared of the same name", ORDER_OPEN, BEN, MEMBER, NOWHERE, "Den",
	  SHARE(BEN, ANN), ERR_EXISTS },
	{ "shared by others", ORDER_OPEN, ANN, MEMBER, NOWHERE, "pub",
	  SHARE(BEN, TESS), ERR_NOT_ALLOWED },
	{ "shared with oneself", ORDER_OPEN, ANN, MEMBER, NOWHERE, "pub",
	  SHARE(ANN, ANN), ERR_EXISTS },
	{ "shared with nobody", ORDER_OPEN, ANN, MEMBER, NOWHERE, "pub",
	  SHARE(ANN, NOBODY), ERR_CORRUPT },
	{ "shared without a name", ORDER_OPEN, ANN, MEMBER, NOWHERE, "",
	  SHARE(ANN, BEN), ERR_BAD_NAME },
	{ "of the house", ORDER_OPEN, ADA, ADMIN, NOWHERE, "cash:van", HOUSE,
	  ERR_OK },
	{ "of the house, without a colon", ORDER_OPEN, ADA, ADMIN, NOWHERE,
	  "gifts", HOUSE, ERR_OK },
	{ "of the house, without cash", ORDER_OPEN, ADA, ADMIN, NOWHERE,
	  "house:kitty", HOUSE, ERR_OK },
	{ "of another house", ORDER_OPEN, ADA, ADMIN, NOWHERE, "shop:kitty",
	  HOUSE, ERR_BAD_NAME },
	{ "of the house, by a member", ORDER_OPEN, ANN, MEMBER, NOWHERE,
	  "cash:ann", HOUSE, ERR_NOT_ALLOWED },
	{ "a bad till", ORDER_OPEN, ADA, ADMIN, NOWHERE, "cash:", HOUSE,
	  ERR_BAD_NAME },
};

static void test_open(void **state)
{
	world_change(*state, opened, COUNT(opened));
}

static const struct world_change held[] = {
	{ "in",
	  ORDER_HOLDERS,
	  ANN,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_IN, TESS } },
	  ERR_OK },
	{ "in twice",
	  ORDER_HOLDERS,
	  BEN,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_IN, TESS } },
	  ERR_EXISTS },
	{ "by a stranger",
	  ORDER_HOLDERS,
	  ADA,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_IN, ADA } },
	  ERR_NOT_ALLOWED },
	{ "out",
	  ORDER_HOLDERS,
	  TESS,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_OUT, ANN } },
	  ERR_OK },
	{ "who is out",
	  ORDER_HOLDERS,
	  ANN,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_OUT, TESS } },
	  ERR_NOT_ALLOWED },
	{ "out twice",
	  ORDER_HOLDERS,
	  TESS,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_OUT, ANN } },
	  ERR_NOT_FOUND },
	{ "oneself",
	  ORDER_HOLDERS,
	  TESS,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_OUT, TESS } },
	  ERR_OK },
	{ "the last",
	  ORDER_HOLDERS,
	  BEN,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_OUT, BEN } },
	  ERR_NOT_ALLOWED },
	{ "nobody",
	  ORDER_HOLDERS,
	  BEN,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_IN, NOBODY } },
	  ERR_CORRUPT },
	{ "no holder",
	  ORDER_HOLDERS,
	  BEN,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_FLOOR, -500 } },
	  ERR_CORRUPT },
	{ "two at once",
	  ORDER_HOLDERS,
	  BEN,
	  MEMBER,
	  OURS,
	  NULL,
	  { { CHANGE_HOLDER_IN, ANN }, { CHANGE_HOLDER_IN, TESS } },
	  ERR_CORRUPT },
	{ "of one's own",
	  ORDER_HOLDERS,
	  ANN,
	  MEMBER,
	  ANNS,
	  NULL,
	  { { CHANGE_HOLDER_IN, BEN } },
	  ERR_NOT_ALLOWED },
};

static void test_holders(void **state)
{
	struct world *w = *state;
	struct account *list;
	size_t count;

	world_change(w, held, COUNT(held));
	assert_int_equal(house_look(&w->house, w->places[OURS]).holder_count,
			 1);
	assert_int_equal(book_accounts_of(w->house.store, w->people[TESS],
					  &list, &count),
			 ERR_OK);
	assert_int_equal(count, 0);
	mem_free(list);
}

/* As many as there is room for, and no more. */
static void test_many_holders(void **state)
{
	struct world *w = *state;

	for (int64_t i = 2; i <= HOLDERS_MOST; i++) {
		struct order order = world_order(w, ORDER_HOLDERS, ANN, MEMBER,
						 OURS, NOWHERE, 0);

		order_add_change(&order, CHANGE_HOLDER_IN, 1000 + i);
		world_want(w, "one more", &order,
			   i < HOLDERS_MOST ? ERR_OK : ERR_LIMIT);
	}
}

static const struct world_case closing[] = {
	{ "with money", ORDER_CLOSE, ANN, MEMBER, ANNS_SAVINGS, NOWHERE, 0,
	  ERR_NOT_EMPTY },
	{ "of another", ORDER_CLOSE, BEN, MEMBER, ANNS_SHOE, NOWHERE, 0,
	  ERR_NOT_ALLOWED },
	{ "empty", ORDER_CLOSE, ANN, MEMBER, ANNS_SHOE, NOWHERE, 0, ERR_OK },
	{ "again", ORDER_CLOSE, ANN, MEMBER, ANNS_SHOE, NOWHERE, 0,
	  ERR_ACCOUNT_CLOSED },
	{ "nowhere", ORDER_CLOSE, ADA, ADMIN, NOWHERE, NOWHERE, 0,
	  ERR_NO_SUCH_ACCOUNT },
	{ "fees", ORDER_CLOSE, ADA, ADMIN, FEES, NOWHERE, 0, ERR_NOT_ALLOWED },
	{ "the till", ORDER_CLOSE, ADA, ADMIN, TILL, NOWHERE, 0,
	  ERR_NOT_ALLOWED },
	{ "over-short", ORDER_CLOSE, ADA, ADMIN, OVER_SHORT, NOWHERE, 0,
	  ERR_NOT_ALLOWED },
	{ "income", ORDER_CLOSE, ADA, ADMIN, INCOME, NOWHERE, 0,
	  ERR_NOT_ALLOWED },
	{ "an open till", ORDER_CLOSE, ADA, ADMIN, BOX, NOWHERE, 0,
	  ERR_NOT_EMPTY },
	{ "another till", ORDER_CLOSE, ADA, ADMIN, DRAWER, NOWHERE, 0, ERR_OK },
	{ "empty the main one", ORDER_TRANSFER, ANN, MEMBER, ANNS, ANNS_SAVINGS,
	  10000, ERR_OK },
	{ "the main one", ORDER_CLOSE, ANN, MEMBER, ANNS, NOWHERE, 0,
	  ERR_NOT_ALLOWED },
	{ "the main one by an administrator", ORDER_CLOSE, ADA, ADMIN, ANNS,
	  NOWHERE, 0, ERR_OK },
};

static const struct world_change reopened[] = {
	{ "the name is free", ORDER_OPEN, ANN, MEMBER, NOWHERE, "shoe",
	  OWN(ANN), ERR_OK },
};

static void test_close(void **state)
{
	world_play(*state, closing, COUNT(closing));
	world_change(*state, reopened, COUNT(reopened));
}

/* Money that is held for it keeps it open, until the hold's time has come. */
static void test_close_held(void **state)
{
	struct world *w = *state;
	struct order order =
		world_order(w, ORDER_CLOSE, ANN, MEMBER, ANNS_SHOE, NOWHERE, 0);

	house_hold(&w->house, w->people[BEN], w->places[BENS],
		   w->places[ANNS_SHOE], 5, 1000);
	world_want(w, "held for it", &order, ERR_NOT_EMPTY);
	clock_fake_advance(1000);
	world_want(w, "overdue", &order, ERR_OK);
	assert_int_equal(house_held(&w->house, w->places[BENS]), 0);
}

/* So many for each user, and no more. */
static void test_most_accounts(void **state)
{
	struct world *w = *state;

	for (int i = 0; i <= ACCOUNTS_PER_USER; i++) {
		struct order order = world_order(w, ORDER_OPEN, TESS, MEMBER,
						 NOWHERE, NOWHERE, 0);

		order_add_change(&order, CHANGE_KIND, ACCOUNT_USER);
		order_add_change(&order, CHANGE_OWNER,
				 (int64_t)w->people[TESS]);
		snprintf(order.name, sizeof(order.name), "n%d", i);
		world_want(w, order.name, &order,
			   i < ACCOUNTS_PER_USER ? ERR_OK : ERR_LIMIT);
	}
}

/* A shared account of ann and a stranger, opened by ann, who leaves it. */
static enum err burden(struct world *w, int number)
{
	struct order open =
		world_order(w, ORDER_OPEN, ANN, MEMBER, NOWHERE, NOWHERE, 0);
	struct order leave =
		world_order(w, ORDER_HOLDERS, ANN, MEMBER, NOWHERE, NOWHERE, 0);
	enum err e;

	order_add_change(&open, CHANGE_KIND, ACCOUNT_SHARED);
	order_add_change(&open, CHANGE_HOLDER_IN, (int64_t)w->people[ANN]);
	order_add_change(&open, CHANGE_HOLDER_IN, (int64_t)w->people[ADA]);
	snprintf(open.name, sizeof(open.name), "burden%d", number);
	e = ledger_run(w->house.ledger, &open);
	if (e != ERR_OK)
		return e;
	leave.from = open.entry.seq;
	order_add_change(&leave, CHANGE_HOLDER_OUT, (int64_t)w->people[ANN]);
	return ledger_run(w->house.ledger, &leave);
}

/* Others cannot make somebody a holder without end. */
static void test_burdens(void **state)
{
	struct world *w = *state;
	struct order more =
		world_order(w, ORDER_HOLDERS, ANN, MEMBER, OURS, NOWHERE, 0);
	struct order own =
		world_order(w, ORDER_OPEN, ADA, MEMBER, NOWHERE, NOWHERE, 0);
	struct account *list;
	size_t had;
	size_t count;

	assert_int_equal(
		book_accounts_of(w->house.store, w->people[ADA], &list, &had),
		ERR_OK);
	mem_free(list);
	for (size_t i = had; i < HOLDINGS_MOST; i++)
		assert_int_equal(burden(w, (int)i), ERR_OK);
	assert_int_equal(burden(w, HOLDINGS_MOST), ERR_LIMIT);
	order_add_change(&more, CHANGE_HOLDER_IN, (int64_t)w->people[ADA]);
	world_want(w, "of one that is there", &more, ERR_LIMIT);
	order_add_change(&own, CHANGE_KIND, ACCOUNT_USER);
	order_add_change(&own, CHANGE_OWNER, (int64_t)w->people[ADA]);
	snprintf(own.name, sizeof(own.name), "savings");
	world_want(w, "of one's own beside them", &own, ERR_OK);
	assert_int_equal(
		book_accounts_of(w->house.store, w->people[ADA], &list, &count),
		ERR_OK);
	mem_free(list);
	assert_int_equal(count, HOLDINGS_MOST + 1);
}

/* A freeze is not got rid of by an account of the same name. */
static void test_close_frozen(void **state)
{
	struct world *w = *state;
	struct order order =
		world_order(w, ORDER_CLOSE, ANN, MEMBER, ANNS_SHOE, NOWHERE, 0);
	struct order freeze = world_order(w, ORDER_FREEZE, ADA, AUTHORITY_ADMIN,
					  ANNS_SHOE, NOWHERE, 0);
	struct order again = world_order(w, ORDER_CLOSE, ADA, AUTHORITY_ADMIN,
					 ANNS_SHOE, NOWHERE, 0);

	order_add_change(&freeze, CHANGE_FLAGS, ACCOUNT_FROZEN_IN);
	world_want(w, "frozen", &freeze, ERR_OK);
	world_want(w, "by its owner", &order, ERR_FROZEN);
	world_want(w, "by an administrator", &again, ERR_OK);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_open),         CASE(test_holders),
		CASE(test_many_holders), CASE(test_close),
		CASE(test_burdens),      CASE(test_close_frozen),
		CASE(test_close_held),   CASE(test_most_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
