/* Tills: who opens and closes them, what tellers may do there, the sheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../world.h"
#include "bank/sheet.h"
#include "base/mem.h"

#define MEMBER AUTHORITY_MEMBER
#define TELLER AUTHORITY_TELLER
#define ADMIN AUTHORITY_ADMIN

static const struct world_change turns[] = {
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

	world_change(w, turns, COUNT(turns));
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

static const struct world_change hands[] = {
	{ "a second one",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  DRAWER,
	  NULL,
	  { { CHANGE_TILL, TESS } },
	  ERR_EXISTS },
	{ "for somebody else",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  DRAWER,
	  NULL,
	  { { CHANGE_TILL, BEN } },
	  ERR_NOT_ALLOWED },
	{ "one each",
	  ORDER_TILL,
	  BEN,
	  TELLER,
	  DRAWER,
	  NULL,
	  { { CHANGE_TILL, BEN } },
	  ERR_OK },
	{ "then the other",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  BOX,
	  NULL,
	  { { CHANGE_TILL, NOBODY } },
	  ERR_OK },
	{ "while it is another's",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  DRAWER,
	  NULL,
	  { { CHANGE_TILL, TESS } },
	  ERR_EXISTS },
	{ "one that is free",
	  ORDER_TILL,
	  TESS,
	  TELLER,
	  TILL,
	  NULL,
	  { { CHANGE_TILL, TESS } },
	  ERR_OK },
};

static void test_hands(void **state)
{
	world_change(*state, hands, COUNT(hands));
}

static const struct world_case cash[] = {
	{ "in", ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 700, ERR_OK },
	{ "more than is there", ORDER_WITHDRAW, TESS, TELLER, BENS, BOX, 701,
	  ERR_INSUFFICIENT_FUNDS },
	{ "all that is there", ORDER_WITHDRAW, TESS, TELLER, BENS, BOX, 700,
	  ERR_OK },
	{ "in again", ORDER_DEPOSIT, TESS, TELLER, BOX, OURS, 500, ERR_OK },
	{ "too much to the drawer", ORDER_ADJUST, TESS, TELLER, DRAWER, BOX,
	  501, ERR_INSUFFICIENT_FUNDS },
	{ "to the drawer", ORDER_ADJUST, TESS, TELLER, DRAWER, BOX, 200,
	  ERR_OK },
	{ "to no till", ORDER_ADJUST, TESS, TELLER, INCOME, BOX, 1,
	  ERR_NOT_ALLOWED },
	{ "not for oneself", ORDER_DEPOSIT, TESS, TELLER, BOX, DEEP, 1,
	  ERR_NOT_ALLOWED },
	{ "nor to oneself", ORDER_WITHDRAW, TESS, TELLER, DEEP, BOX, 1,
	  ERR_NOT_ALLOWED },
};

/* DEEP becomes an account of tess. */
static void give_teller_an_account(struct world *w)
{
	w->places[DEEP] = house_account(&w->house, w->people[TESS], "");
	house_fund(&w->house, w->places[DEEP], 1000);
}

static void test_cash(void **state)
{
	struct world *w = *state;

	give_teller_an_account(w);
	world_play(w, cash, COUNT(cash));
	assert_int_equal(house_posted(&w->house, w->places[BOX]), -300);
	assert_int_equal(house_posted(&w->house, w->places[DRAWER]), -200);
}

static uint64_t give(struct world *w, enum order_kind kind, enum person by,
		     enum authority authority, enum place from, enum place to,
		     money amount)
{
	struct order order =
		world_order(w, kind, by, authority, from, to, amount);

	world_want(w, "given", &order, ERR_OK);
	return order.entry.seq;
}

static void take_back(struct world *w, const char *name, enum person by,
		      enum authority authority, uint64_t entry, enum err want)
{
	struct order order = world_order(w, ORDER_REVERSE, by, authority,
					 NOWHERE, NOWHERE, 0);

	order.from = 0;
	order.to = 0;
	order.reference = entry;
	world_want(w, name, &order, want);
}

static uint64_t turn_till(struct world *w, enum person by, enum place till,
			  enum person opener, money counted)
{
	struct order order =
		world_order(w, ORDER_TILL, by, TELLER, till, NOWHERE, counted);

	order_add_change(&order, CHANGE_TILL, (int64_t)w->people[opener]);
	world_want(w, "turned", &order, ERR_OK);
	return order.entry.seq;
}

static void test_reversal(void **state)
{
	struct world *w = *state;
	uint64_t in = give(w, ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 700);
	uint64_t out = give(w, ORDER_WITHDRAW, TESS, TELLER, BENS, BOX, 100);
	uint64_t moved = give(w, ORDER_ADJUST, TESS, TELLER, DRAWER, BOX, 5);
	uint64_t own;

	take_back(w, "by another teller", BEN, TELLER, in, ERR_NOT_ALLOWED);
	take_back(w, "as a member", TESS, MEMBER, in, ERR_NOT_ALLOWED);
	take_back(w, "as a member, what went out", TESS, MEMBER, out,
		  ERR_NOT_ALLOWED);
	take_back(w, "till to till", TESS, TELLER, moved, ERR_NOT_ALLOWED);
	take_back(w, "in", TESS, TELLER, in, ERR_OK);
	take_back(w, "twice", TESS, TELLER, in, ERR_EXISTS);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 10000);
	turn_till(w, TESS, BOX, NOBODY, 0);
	take_back(w, "when it is closed", TESS, TELLER, out, ERR_WINDOW_CLOSED);
	turn_till(w, TESS, BOX, TESS, 0);
	take_back(w, "when it was closed", TESS, TELLER, out,
		  ERR_WINDOW_CLOSED);
	take_back(w, "by an administrator", ADA, ADMIN, out, ERR_OK);
	turn_till(w, TESS, BOX, NOBODY, 0);
	turn_till(w, TESS, TILL, TESS, 0);
	give_teller_an_account(w);
	own = give(w, ORDER_DEPOSIT, TESS, MEMBER, TILL, DEEP, 5);
	take_back(w, "one's own, as a teller", TESS, TELLER, own,
		  ERR_NOT_ALLOWED);
	take_back(w, "one's own, as a member", TESS, MEMBER, own, ERR_OK);
}

static void test_approval(void **state)
{
	struct world *w = *state;
	uint64_t in = give(w, ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 700);

	w->house.settings.approval_above = 500;
	house_reload(&w->house);
	take_back(w, "alone", TESS, TELLER, in, ERR_APPROVAL_NEEDED);
}

struct filling {
	struct sheet sheet;
	bool is_whole;
};

static bool fill(const struct entry *entry, void *arg)
{
	struct filling *filling = arg;

	filling->is_whole = !sheet_add(&filling->sheet, entry);
	return !filling->is_whole;
}

static struct sheet read_sheet(struct world *w, enum place place, bool is_whole)
{
	struct account till = house_look(&w->house, w->places[place]);
	struct filling filling = { .is_whole = false };

	sheet_begin(&filling.sheet, &till);
	assert_int_equal(
		book_statement(w->house.store, &till, 0, fill, &filling),
		ERR_OK);
	assert_int_equal(filling.is_whole, is_whole);
	return filling.sheet;
}

static void assert_line(const struct sheet *sheet, enum sheet_line line,
			uint64_t count, money sum)
{
	assert_int_equal(sheet->lines[line].count, count);
	assert_int_equal(sheet->lines[line].sum, sum);
}

static void work_a_day(struct world *w)
{
	uint64_t wrong;

	turn_till(w, BEN, DRAWER, BEN, 1000);
	give(w, ORDER_DEPOSIT, BEN, TELLER, DRAWER, ANNS, 700);
	wrong = give(w, ORDER_DEPOSIT, BEN, TELLER, DRAWER, ANNS, 30);
	take_back(w, "wrong", BEN, TELLER, wrong, ERR_OK);
	give(w, ORDER_WITHDRAW, BEN, TELLER, ANNS, DRAWER, 200);
	give(w, ORDER_ADJUST, BEN, TELLER, BOX, DRAWER, 400);
	give(w, ORDER_ADJUST, TESS, TELLER, DRAWER, BOX, 50);
}

static void test_sheet(void **state)
{
	struct world *w = *state;
	uint64_t opened;
	struct sheet sheet;

	sheet = read_sheet(w, TILL, false);
	assert_int_equal(sheet.entries, 0);
	give(w, ORDER_DEPOSIT, ADA, ADMIN, DRAWER, ANNS, 990);
	work_a_day(w);
	sheet = read_sheet(w, DRAWER, true);
	assert_true(sheet.is_open);
	opened = sheet.opened.seq;
	assert_int_equal(sheet.opened.counted, 1000);
	assert_int_equal(sheet.opened.over, 10);
	assert_line(&sheet, SHEET_DEPOSITS, 2, 730);
	assert_line(&sheet, SHEET_CORRECTED, 1, -30);
	assert_line(&sheet, SHEET_WITHDRAWALS, 1, 200);
	assert_line(&sheet, SHEET_MOVED_OUT, 1, 400);
	assert_line(&sheet, SHEET_MOVED_IN, 1, 50);
	assert_int_equal(sheet.entries, 7);
	assert_int_equal(sheet.expected, 1000 + 700 - 200 - 400 + 50);
	turn_till(w, BEN, DRAWER, NOBODY, 1145);
	/* What comes later is not of that day. */
	give(w, ORDER_DEPOSIT, ADA, ADMIN, DRAWER, ANNS, 5);
	sheet = read_sheet(w, DRAWER, true);
	assert_false(sheet.is_open);
	assert_int_equal(sheet.opened.seq, opened);
	assert_int_equal(sheet.closed.counted, 1145);
	assert_int_equal(sheet.closed.over, -5);
	assert_int_equal(sheet.expected, 1150);
	assert_line(&sheet, SHEET_DEPOSITS, 2, 730);
	assert_int_equal(sheet.entries, 8);
}

static void test_book(void **state)
{
	struct world *w = *state;
	struct account *list;
	struct account till;
	size_t count;

	assert_int_equal(book_tills(w->house.store, "", &list, &count), ERR_OK);
	assert_int_equal(count, 3);
	assert_string_equal(list[0].name, "cash:box");
	mem_free(list);
	assert_int_equal(book_till_of(w->house.store, w->people[TESS], &till),
			 ERR_OK);
	assert_int_equal(till.id, w->places[BOX]);
	assert_int_equal(book_till_of(w->house.store, w->people[ANN], &till),
			 ERR_NOT_FOUND);
	assert_int_equal(book_till_of(w->house.store, 0, &till), ERR_NOT_FOUND);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_till),     CASE(test_hands),    CASE(test_cash),
		CASE(test_reversal), CASE(test_approval), CASE(test_sheet),
		CASE(test_book),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
