/* Orders that say what an account may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../world.h"
#include "base/mem.h"

#define MEMBER AUTHORITY_MEMBER
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
	struct world *w = *state;
	struct account anns;

	world_change(w, termed, COUNT(termed));
	anns = house_look(&w->house, w->places[ANNS]);
	assert_int_equal(anns.terms[TERM_NOTICE], 500);
	assert_int_equal(anns.terms[TERM_FLOOR], TERM_DEFAULT);
	assert_int_equal(anns.terms[TERM_CEILING], MONEY_NONE);
	assert_int_equal(anns.terms[TERM_RATE], 1000);
}

static const struct world_change credits[] = {
	{ "as much as one may give alone",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, -500 } },
	  ERR_OK },
	{ "more",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_RATE, 5 }, { CHANGE_FLOOR, -501 } },
	  ERR_APPROVAL_NEEDED },
	{ "more, behind less",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, 0 }, { CHANGE_FLOOR, -501 } },
	  ERR_APPROVAL_NEEDED },
	{ "without end",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, MONEY_NONE } },
	  ERR_APPROVAL_NEEDED },
	{ "as for all",
	  ORDER_TERMS,
	  ADA,
	  ADMIN,
	  ANNS,
	  NULL,
	  { { CHANGE_FLOOR, TERM_DEFAULT } },
	  ERR_OK },
};

/* Credit is as good as money. */
static void test_credit(void **state)
{
	struct world *w = *state;

	w->house.settings.approval_above = 500;
	house_reload(&w->house);
	world_change(w, credits, COUNT(credits));
	assert_true(house_look(&w->house, w->places[ANNS]).terms[TERM_FLOOR] ==
		    TERM_DEFAULT);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_terms),
		CASE(test_credit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
