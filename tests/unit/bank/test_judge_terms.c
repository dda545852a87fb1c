/* Orders that say what an account may do, and that open and close tills. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "world.h"

#define MEMBER AUTHORITY_MEMBER
#define TELLER AUTHORITY_TELLER
#define ADMIN AUTHORITY_ADMIN

static const struct world_change termed[] = {
	{ "notice",
	  ORDER_TERMS,
	  ANN,
	  MEMBER,
	  ANNS,
	  NULL,
	  { { CHANGE_NOTICE, 500 } },
	  ERR_OK },
	{ "notice of another",
	  ORDER_TERMS,
	  ANN,
	  MEMBER,
	  BENS,
	  NULL,
	  { { CHANGE_NOTICE, 500 } },
	  ERR_NOT_ALLOWED },
	{ "floor",
	  ORDER_TERMS,
	  ANN,
	  MEMBER,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, -500 } },
	  ERR_NOT_ALLOWED },
	{ "floor beside a notice",
	  ORDER_TERMS,
	  ANN,
	  MEMBER,
	  ANNS,
	  NULL,
	  { { CHANGE_NOTICE, 5 }, { CHANGE_FLOOR, -5 } },
	  ERR_NOT_ALLOWED },
	{ "by an administrator",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, -500 }, { CHANGE_CEILING, MONEY_NONE } },
	  ERR_OK },
	{ "as for all",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, TERM_DEFAULT } },
	  ERR_OK },
	{ "too much",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_CEILING, MONEY_MOST + 1 } },
	  ERR_BAD_AMOUNT },
	{ "too little",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, -MONEY_MOST - 1 } },
	  ERR_BAD_AMOUNT },
	{ "a rate",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_RATE, 1000 } },
	  ERR_OK },
	{ "too high a rate",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_RATE, 1001 } },
	  ERR_BAD_AMOUNT },
	{ "below nothing",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_RATE, -1 } },
	  ERR_BAD_AMOUNT },
	{ "no term",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_OWNER, BEN } },
	  ERR_CORRUPT },
	{ "of a closed one",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  CLOSED,
	  NULL,
	  { { CHANGE_FLOOR, -500 } },
	  ERR_ACCOUNT_CLOSED },
	{ "nowhere",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  NOWHERE,
	  NULL,
	  { { CHANGE_FLOOR, -500 } },
	  ERR_NO_SUCH_ACCOUNT },
	{ "freeze",
	  ORDER_FREEZE,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLAGS, 3 } },
	  ERR_OK },
	{ "as it is",
	  ORDER_FREEZE,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLAGS, 3 } },
	  ERR_EXISTS },
	{ "thaw",
	  ORDER_FREEZE,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLAGS, 0 } },
	  ERR_OK },
	{ "by a member",
	  ORDER_FREEZE,
	  ANN,
	  MEMBER,
	  ANNS,
	  NULL,
	  { { CHANGE_FLAGS, 3 } },
	  ERR_NOT_ALLOWED },
	{ "not closing",
	  ORDER_FREEZE,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLAGS, ACCOUNT_CLOSED } },
	  ERR_CORRUPT },
	{ "freeze a closed one",
	  ORDER_FREEZE,
	  ADA,
	  ADMIN,
	  CLOSED,
	  NULL,
	  { { CHANGE_FLAGS, 0 } },
	  ERR_ACCOUNT_CLOSED },
};

static void test_terms(void **state)
{
	world_change(*state, termed, COUNT(termed));
}

static const struct world_change till[] = {
	{ "open another's",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  ANNS,
	  NULL,
	  { { CHANGE_TILL, TESS } },
	  ERR_NOT_ALLOWED },
	{ "open twice",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  BOX,
	  NULL,
	  { { CHANGE_TILL, TESS } },
	  ERR_EXISTS },
	{ "by a member",
	  ORDER_TILL,
	  ANN,
	  MEMBER,
	  DRAWER,
	  NULL,
	  { { CHANGE_TILL, ANN } },
	  ERR_NOT_ALLOWED },
	{ "close a closed one",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  DRAWER,
	  NULL,
	  { { CHANGE_TILL, NOBODY } },
	  ERR_NOT_FOUND },
	{ "close another's",
	  ORDER_TILL,
	  BEN,
	  TELLER,
	  BOX,
	  NULL,
	  { { CHANGE_TILL, NOBODY } },
	  ERR_NOT_ALLOWED },
	{ "no till at all",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  BOX,
	  NULL,
	  { { CHANGE_FLOOR, 5 } },
	  ERR_CORRUPT },
	{ "of no cash",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  FEES,
	  NULL,
	  { { CHANGE_TILL, TESS } },
	  ERR_NOT_ALLOWED },
};

/* What was counted is in the books; the difference is over or short. */
static void test_till(void **state)
{
	struct world *w = *state;
	struct order order;

	world_change(w, till, COUNT(till));
	order = world_order(w, ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 700);
	world_want(w, "deposit", &order, ERR_OK);
	order = world_order(w, ORDER_TILL, TESS, TELLER, BOX, NOWHERE, 690);
	order_add_change(&order, CHANGE_TILL, 0);
	world_want(w, "ten short", &order, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[BOX]), -690);
	assert_int_equal(house_posted(&w->house, w->places[OVER_SHORT]), -10);
	order = world_order(w, ORDER_TILL, TESS, TELLER, BOX, NOWHERE, 720);
	order_add_change(&order, CHANGE_TILL, (int64_t)w->people[TESS]);
	world_want(w, "thirty over", &order, ERR_OK);
	assert_int_equal(house_posted(&w->house, w->places[BOX]), -720);
	assert_int_equal(house_posted(&w->house, w->places[OVER_SHORT]), 20);
	order = world_order(w, ORDER_TILL, ADA, ADMIN, BOX, NOWHERE, 720);
	order_add_change(&order, CHANGE_TILL, 0);
	world_want(w, "by an administrator, as it should be", &order, ERR_OK);
	assert_int_equal(order.entry.leg_count, 0);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_terms),
		CASE(test_till),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
