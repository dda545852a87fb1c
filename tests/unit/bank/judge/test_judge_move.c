/* Orders that move money, and what accounts allow. */
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

static const struct world_case payments[] = {
	{ "ann pays ben", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 100, ERR_OK },
	{ "from what is shared", ORDER_PAY, ANN, MEMBER, OURS, BENS, 100,
	  ERR_OK },
	{ "to what is shared", ORDER_PAY, ANN, MEMBER, ANNS, OURS, 100,
	  ERR_OK },
	{ "from savings", ORDER_PAY, ANN, MEMBER, ANNS_SAVINGS, BENS, 1,
	  ERR_OK },
	{ "to the house", ORDER_PAY, ANN, MEMBER, ANNS, INCOME, 1, ERR_OK },
	{ "from another's", ORDER_PAY, ANN, MEMBER, BENS, ANNS, 1,
	  ERR_NOT_ALLOWED },
	{ "from the house", ORDER_PAY, ANN, MEMBER, INCOME, ANNS, 1,
	  ERR_NOT_ALLOWED },
	{ "from the house by an administrator", ORDER_PAY, ADA, ADMIN, INCOME,
	  ANNS, 1, ERR_OK },
	{ "not by a teller", ORDER_PAY, TESS, TELLER, ANNS, BENS, 1,
	  ERR_NOT_ALLOWED },
	{ "from nowhere", ORDER_PAY, ANN, MEMBER, NOWHERE, BENS, 1,
	  ERR_NO_SUCH_ACCOUNT },
	{ "to nowhere", ORDER_PAY, ANN, MEMBER, ANNS, NOWHERE, 1,
	  ERR_NO_SUCH_ACCOUNT },
	{ "to oneself", ORDER_PAY, ANN, MEMBER, ANNS, ANNS, 1,
	  ERR_SELF_PAYMENT },
	{ "to one's savings", ORDER_PAY, ANN, MEMBER, ANNS, ANNS_SAVINGS, 1,
	  ERR_SELF_PAYMENT },
	{ "shared to oneself", ORDER_PAY, ANN, MEMBER, OURS, ANNS, 1,
	  ERR_SELF_PAYMENT },
	{ "into a till", ORDER_PAY, ANN, MEMBER, ANNS, TILL, 1,
	  ERR_NOT_ALLOWED },
	{ "nothing", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 0, ERR_BAD_AMOUNT },
	{ "less than nothing", ORDER_PAY, ANN, MEMBER, ANNS, BENS, -5,
	  ERR_BAD_AMOUNT },
	{ "the least number", ORDER_PAY, ANN, MEMBER, ANNS, BENS, INT64_MIN,
	  ERR_BAD_AMOUNT },
	{ "more than there can be", ORDER_PAY, ANN, MEMBER, ANNS, BENS,
	  MONEY_MOST + 1, ERR_BAD_AMOUNT },
	{ "more than there is", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 9801,
	  ERR_INSUFFICIENT_FUNDS },
	{ "the last cent", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 9800, ERR_OK },
	{ "then nothing is left", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 1,
	  ERR_INSUFFICIENT_FUNDS },
};

static void test_pay(void **state)
{
	world_play(*state, payments, COUNT(payments));
}

static const struct world_case limits[] = {
	{ "frozen in", ORDER_PAY, ANN, MEMBER, ANNS, FROZEN_IN, 1, ERR_FROZEN },
	{ "frozen in may give", ORDER_PAY, BEN, MEMBER, FROZEN_IN, ANNS, 1,
	  ERR_OK },
	{ "frozen out", ORDER_PAY, BEN, MEMBER, FROZEN_OUT, ANNS, 1,
	  ERR_FROZEN },
	{ "frozen out may take", ORDER_PAY, ANN, MEMBER, ANNS, FROZEN_OUT, 1,
	  ERR_OK },
	{ "also for administrators", ORDER_PAY, ADA, ADMIN, FROZEN_OUT, ANNS, 1,
	  ERR_FROZEN },
	{ "closed", ORDER_PAY, ANN, MEMBER, ANNS, CLOSED, 1,
	  ERR_ACCOUNT_CLOSED },
	{ "from closed", ORDER_PAY, BEN, MEMBER, CLOSED, ANNS, 1,
	  ERR_ACCOUNT_CLOSED },
	{ "above the ceiling", ORDER_PAY, ANN, MEMBER, ANNS, FULL, 1,
	  ERR_ABOVE_CEILING },
	{ "from the full one", ORDER_PAY, BEN, MEMBER, FULL, ANNS, 1, ERR_OK },
	{ "up to the ceiling", ORDER_PAY, ANN, MEMBER, ANNS, FULL, 1, ERR_OK },
	{ "below its own floor", ORDER_PAY, BEN, MEMBER, DEEP, ANNS, 15001,
	  ERR_INSUFFICIENT_FUNDS },
	{ "down to its own floor", ORDER_PAY, BEN, MEMBER, DEEP, ANNS, 15000,
	  ERR_OK },
	{ "a debtor may be paid", ORDER_PAY, ANN, MEMBER, ANNS, DEEP, 1,
	  ERR_OK },
	{ "far below its floor", ORDER_OPENING, ADA, ADMIN, OPENING, DEEP,
	  -9999, ERR_OK },
	{ "may still be paid", ORDER_PAY, ANN, MEMBER, ANNS, DEEP, 1, ERR_OK },
	{ "but not pay", ORDER_PAY, BEN, MEMBER, DEEP, ANNS, 1,
	  ERR_INSUFFICIENT_FUNDS },
	{ "far above the ceiling", ORDER_OPENING, ADA, ADMIN, OPENING, FULL,
	  9999, ERR_OK },
	{ "may still pay", ORDER_PAY, BEN, MEMBER, FULL, ANNS, 1, ERR_OK },
	{ "but not be paid", ORDER_PAY, ANN, MEMBER, ANNS, FULL, 1,
	  ERR_ABOVE_CEILING },
	{ "too much at once", ORDER_PAY, ANN, MEMBER, CAPPED, BENS, 1001,
	  ERR_LIMIT },
	{ "as much at once", ORDER_PAY, ANN, MEMBER, CAPPED, BENS, 1000,
	  ERR_OK },
	{ "twice", ORDER_PAY, ANN, MEMBER, CAPPED, BENS, 1000, ERR_OK },
	{ "too much in a day", ORDER_PAY, ANN, MEMBER, CAPPED, BENS, 501,
	  ERR_LIMIT },
	{ "nor in cash", ORDER_WITHDRAW, ANN, MEMBER, CAPPED, TILL, 501,
	  ERR_LIMIT },
	{ "but between one's own", ORDER_TRANSFER, ANN, MEMBER, CAPPED, ANNS,
	  1100, ERR_OK },
	{ "and the bank itself", ORDER_PAY, ANN, BANK, CAPPED, BENS, 501,
	  ERR_OK },
};

static const struct world_case next_day[] = {
	{ "a new day", ORDER_PAY, ANN, MEMBER, CAPPED, BENS, 1000, ERR_OK },
};

static void test_limits(void **state)
{
	world_play(*state, limits, COUNT(limits));
	clock_fake_advance(12 * HOUSE_HOUR_MS);
	world_play(*state, next_day, COUNT(next_day));
}

static const struct world_case moves[] = {
	{ "to savings", ORDER_TRANSFER, ANN, MEMBER, ANNS, ANNS_SAVINGS, 1,
	  ERR_OK },
	{ "to what one shares", ORDER_TRANSFER, ANN, MEMBER, ANNS, OURS, 1,
	  ERR_OK },
	{ "to another's", ORDER_TRANSFER, ANN, MEMBER, ANNS, BENS, 1,
	  ERR_NOT_ALLOWED },
	{ "from another's", ORDER_TRANSFER, ANN, MEMBER, BENS, ANNS, 1,
	  ERR_NOT_ALLOWED },
	{ "to the same", ORDER_TRANSFER, ANN, MEMBER, ANNS, ANNS, 1,
	  ERR_SELF_PAYMENT },
	{ "too much", ORDER_TRANSFER, ANN, MEMBER, ANNS, ANNS_SAVINGS, 10000,
	  ERR_INSUFFICIENT_FUNDS },
	{ "nothing", ORDER_TRANSFER, ANN, MEMBER, ANNS, ANNS_SAVINGS, 0,
	  ERR_BAD_AMOUNT },
	{ "interest", ORDER_INTEREST, NOBODY, BANK, INCOME, ANNS, 5, ERR_OK },
	{ "interest is the bank's own", ORDER_INTEREST, ANN, MEMBER, INCOME,
	  ANNS, 5, ERR_NOT_ALLOWED },
	{ "interest of a member's", ORDER_INTEREST, NOBODY, BANK, BENS, ANNS, 5,
	  ERR_NOT_ALLOWED },
	{ "opening", ORDER_OPENING, ADA, ADMIN, OPENING, BENS, 5, ERR_OK },
	{ "opening with a debt", ORDER_OPENING, ADA, ADMIN, OPENING, BENS, -6,
	  ERR_OK },
	{ "opening with nothing", ORDER_OPENING, ADA, ADMIN, OPENING, BENS, 0,
	  ERR_BAD_AMOUNT },
	{ "opening with the least number", ORDER_OPENING, ADA, ADMIN, OPENING,
	  BENS, INT64_MIN, ERR_BAD_AMOUNT },
	{ "opening of the same", ORDER_OPENING, ADA, ADMIN, OPENING, OPENING, 5,
	  ERR_SELF_PAYMENT },
	{ "opening by a member", ORDER_OPENING, ANN, MEMBER, OPENING, ANNS, 5,
	  ERR_NOT_ALLOWED },
	{ "opening from a member", ORDER_OPENING, ADA, ADMIN, BENS, ANNS, 5,
	  ERR_NOT_ALLOWED },
	{ "adjust", ORDER_ADJUST, ADA, ADMIN, FEES, INCOME, 5, ERR_OK },
	{ "adjust a member's", ORDER_ADJUST, ADA, ADMIN, FEES, ANNS, 5,
	  ERR_NOT_ALLOWED },
	{ "adjust by a member", ORDER_ADJUST, ANN, MEMBER, FEES, INCOME, 5,
	  ERR_NOT_ALLOWED },
	{ "adjust by a teller", ORDER_ADJUST, TESS, TELLER, FEES, INCOME, 5,
	  ERR_NOT_ALLOWED },
	{ "till to till, without cash", ORDER_ADJUST, TESS, TELLER, DRAWER, BOX,
	  5, ERR_INSUFFICIENT_FUNDS },
	{ "not from a till of others", ORDER_ADJUST, TESS, TELLER, BOX, DRAWER,
	  5, ERR_NOT_ALLOWED },
};

static void test_moves(void **state)
{
	world_play(*state, moves, COUNT(moves));
}

static const struct world_case cash[] = {
	{ "deposit", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 1000, ERR_OK },
	{ "withdraw", ORDER_WITHDRAW, ANN, MEMBER, ANNS, TILL, 300, ERR_OK },
	{ "into another's", ORDER_DEPOSIT, ANN, MEMBER, TILL, BENS, 1,
	  ERR_NOT_ALLOWED },
	{ "out of another's", ORDER_WITHDRAW, ANN, MEMBER, BENS, TILL, 1,
	  ERR_NOT_ALLOWED },
	{ "a teller's till", ORDER_DEPOSIT, ANN, MEMBER, BOX, ANNS, 1,
	  ERR_NOT_ALLOWED },
	{ "no till", ORDER_DEPOSIT, ANN, MEMBER, BENS, ANNS, 1,
	  ERR_NOT_ALLOWED },
	{ "no till to take from", ORDER_WITHDRAW, ANN, MEMBER, ANNS, INCOME, 1,
	  ERR_NOT_ALLOWED },
	{ "no such till", ORDER_DEPOSIT, ANN, MEMBER, NOWHERE, ANNS, 1,
	  ERR_NO_SUCH_ACCOUNT },
	{ "nothing", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 0,
	  ERR_BAD_AMOUNT },
	{ "too much", ORDER_WITHDRAW, ANN, MEMBER, ANNS, TILL, 10701,
	  ERR_INSUFFICIENT_FUNDS },
	{ "by the teller", ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 1, ERR_OK },
	{ "to the teller", ORDER_WITHDRAW, TESS, TELLER, ANNS, BOX, 1, ERR_OK },
	{ "not with a till not opened", ORDER_DEPOSIT, TESS, TELLER, DRAWER,
	  ANNS, 1, ERR_NOT_ALLOWED },
	{ "nobody's till", ORDER_DEPOSIT, NOBODY, TELLER, DRAWER, ANNS, 1,
	  ERR_NOT_ALLOWED },
	{ "by an administrator", ORDER_DEPOSIT, ADA, ADMIN, DRAWER, ANNS, 1,
	  ERR_OK },
	{ "for the house", ORDER_DEPOSIT, ADA, ADMIN, TILL, INCOME, 1,
	  ERR_NOT_ALLOWED },
	{ "from the house", ORDER_WITHDRAW, ADA, ADMIN, INCOME, TILL, 1,
	  ERR_NOT_ALLOWED },
};

static void test_cash(void **state)
{
	struct world *w = *state;

	world_play(w, cash, COUNT(cash));
	assert_int_equal(house_posted(&w->house, w->places[TILL]), -700);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 10701);
}

static const struct world_case capped_cash[] = {
	{ "at once", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 2001, ERR_LIMIT },
	{ "one", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 2000, ERR_OK },
	{ "two", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 2000, ERR_OK },
	{ "in a day", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 1001, ERR_LIMIT },
	{ "all of a day", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS, 1000,
	  ERR_OK },
	{ "another account", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS_SAVINGS, 1,
	  ERR_OK },
	{ "tellers count", ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 9000,
	  ERR_OK },
};

/* Also with a fee it is the whole deposit that counts towards the day. */
static void test_cash_caps(void **state)
{
	struct world *w = *state;

	w->house.settings.cash_per_deposit = 2000;
	w->house.settings.cash_per_day = 5000;
	w->house.settings.fees[FEE_DEPOSIT].per_10000 = 1000;
	house_reload(&w->house);
	world_play(w, capped_cash, COUNT(capped_cash));
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 22600);
	w->house.settings.cash_policy = CASH_TELLER;
	house_reload(&w->house);
	world_play(w,
		   &(struct world_case){ "no more by oneself", ORDER_WITHDRAW,
					 ANN, MEMBER, ANNS, TILL, 1,
					 ERR_NOT_ALLOWED },
		   1);
}

/* Who brings ten of cash to ann's account, and takes one of it. */
static const struct terminal_case {
	const char *name;
	enum cash_policy policy;
	enum place till;
	bool is_at_terminal;
	enum err want;
} terminal_cases[] = {
	{ "self, at the till", CASH_SELF, TILL, false, ERR_OK },
	{ "self, elsewhere", CASH_SELF, DRAWER, false, ERR_NOT_ALLOWED },
	{ "self, at a terminal", CASH_SELF, DRAWER, true, ERR_OK },
	{ "terminal, at the till", CASH_TERMINAL, TILL, false,
	  ERR_NOT_ALLOWED },
	{ "terminal, at one", CASH_TERMINAL, DRAWER, true, ERR_OK },
	{ "not out of an income", CASH_TERMINAL, INCOME, true,
	  ERR_NOT_ALLOWED },
	{ "teller, at a terminal", CASH_TELLER, DRAWER, true, ERR_NOT_ALLOWED },
};

static void test_terminals(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT(terminal_cases); i++) {
		const struct terminal_case *c = &terminal_cases[i];
		struct order in = world_order(w, ORDER_DEPOSIT, ANN, MEMBER,
					      c->till, ANNS, 1000);
		struct order out = world_order(w, ORDER_WITHDRAW, ANN, MEMBER,
					       ANNS, c->till, 100);

		w->house.settings.cash_policy = c->policy;
		house_reload(&w->house);
		in.by.is_at_terminal = c->is_at_terminal;
		out.by.is_at_terminal = c->is_at_terminal;
		world_want(w, c->name, &in, c->want);
		world_want(w, c->name, &out, c->want);
	}
}

static const struct world_case with_fees[] = {
	{ "pay", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 1000, ERR_OK },
	{ "not the fee as well", ORDER_PAY, ANN, MEMBER, ANNS, BENS, 8980,
	  ERR_INSUFFICIENT_FUNDS },
	{ "withdraw", ORDER_WITHDRAW, ANN, MEMBER, ANNS, TILL, 100, ERR_OK },
	{ "the bank pays none", ORDER_PAY, NOBODY, BANK, ANNS, BENS, 1,
	  ERR_OK },
	{ "to the fees", ORDER_PAY, ANN, MEMBER, ANNS, FEES, 100, ERR_OK },
	{ "more fee than money", ORDER_DEPOSIT, ANN, MEMBER, TILL, ANNS_SHOE, 5,
	  ERR_INSUFFICIENT_FUNDS },
};

static void test_fees(void **state)
{
	struct world *w = *state;
	struct bank_settings *s = &w->house.settings;

	s->fees[FEE_PAY].per_10000 = 200;
	s->fees[FEE_WITHDRAW].fixed = 10;
	s->fees[FEE_DEPOSIT].fixed = 7;
	house_reload(&w->house);
	world_play(w, with_fees, COUNT(with_fees));
	assert_int_equal(house_posted(&w->house, w->places[ANNS]),
			 10000 - 1020 - 110 - 1 - 102);
	assert_int_equal(house_posted(&w->house, w->places[FEES]),
			 20 + 10 + 100 + 2);
}

static void test_approval(void **state)
{
	struct world *w = *state;
	struct order order;

	w->house.settings.approval_above = 500;
	house_reload(&w->house);
	order = world_order(w, ORDER_DEPOSIT, TESS, TELLER, BOX, ANNS, 501);
	order.id = house_id(1);
	world_want(w, "alone", &order, ERR_APPROVAL_NEEDED);
	order.approved_by = w->people[TESS];
	world_want(w, "by oneself", &order, ERR_APPROVAL_NEEDED);
	order.approved_by = w->people[ADA];
	world_want(w, "by another, with the same id", &order, ERR_OK);
	assert_false(order.is_repeated);
	world_want(w, "once more", &order, ERR_OK);
	assert_true(order.is_repeated);
	order = world_order(w, ORDER_ADJUST, ADA, ADMIN, FEES, INCOME, 501);
	world_want(w, "adjust", &order, ERR_APPROVAL_NEEDED);
	order = world_order(w, ORDER_WITHDRAW, ADA, ADMIN, ANNS, TILL, 500);
	world_want(w, "not above it", &order, ERR_OK);
}

static const struct proof_case {
	const char *name;
	enum order_kind kind;
	enum authority authority;
	int from;
	int to;
	money amount;
	bool is_scheduled;
	enum err want; /* without a code; with one it is done */
} proof_cases[] = {
	{ "pay, not above it", ORDER_PAY, MEMBER, ANNS, BENS, 500, false,
	  ERR_OK },
	{ "pay", ORDER_PAY, MEMBER, ANNS, BENS, 501, false, ERR_CODE_REQUIRED },
	{ "pay what is not there", ORDER_PAY, MEMBER, ANNS, BENS, 900000, false,
	  ERR_INSUFFICIENT_FUNDS },
	{ "withdraw", ORDER_WITHDRAW, MEMBER, ANNS, TILL, 501, false,
	  ERR_CODE_REQUIRED },
	{ "into the own savings", ORDER_TRANSFER, MEMBER, ANNS, ANNS_SAVINGS,
	  501, false, ERR_OK },
	{ "into what others share", ORDER_TRANSFER, MEMBER, ANNS, OURS, 501,
	  false, ERR_CODE_REQUIRED },
	{ "hold", ORDER_HOLD, MEMBER, ANNS, BENS, 501, false,
	  ERR_CODE_REQUIRED },
	{ "by the clock", ORDER_PAY, MEMBER, ANNS, BENS, 501, true, ERR_OK },
	{ "by an administrator", ORDER_PAY, ADMIN, ANNS, BENS, 501, false,
	  ERR_OK },
};

static void test_second_factor(void **state)
{
	struct world *w = *state;
	struct order order;

	w->house.settings.second_factor_above = 500;
	house_reload(&w->house);
	for (size_t i = 0; i < COUNT(proof_cases); i++) {
		const struct proof_case *c = &proof_cases[i];

		order = world_order(w, c->kind,
				    c->authority == ADMIN ? ADA : ANN,
				    c->authority, c->from, c->to, c->amount);
		order.id = house_id((unsigned)i + 1);
		order.is_scheduled = c->is_scheduled;
		order.due_ms = clock_wall_ms() + 3600 * 1000;
		world_want(w, c->name, &order, c->want);
		if (c->want != ERR_CODE_REQUIRED)
			continue;
		/* Nothing is remembered, so it may be given again. */
		order.is_proved = true;
		world_want(w, c->name, &order, ERR_OK);
		assert_false(order.is_repeated);
		order.is_proved = false;
		world_want(w, "done before: it needs none", &order, ERR_OK);
		assert_true(order.is_repeated);
	}
}

/* Nobody learns from a refusal what others have. */
static void test_words(void **state)
{
	struct world *w = *state;
	struct order order =
		world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, FULL, 7);

	world_want(w, "full", &order, ERR_ABOVE_CEILING);
	assert_string_equal(order.words,
			    "The other account may not hold so much.");
	order = world_order(w, ORDER_PAY, BEN, MEMBER, DEEP, ANNS, 99999);
	world_want(w, "deep", &order, ERR_INSUFFICIENT_FUNDS);
	assert_string_equal(order.words,
			    "There is not enough: the account has 100.00 R, "
			    "and may not fall below -50.00 R.");
}

/* An account as full as a number can be. */
static void test_range(void **state)
{
	struct world *w = *state;
	struct order order;

	order = world_order(w, ORDER_OPENING, ADA, ADMIN, INCOME, BENS,
			    MONEY_MOST - 10000);
	world_want(w, "all but 100.00", &order, ERR_OK);
	order = world_order(w, ORDER_PAY, ANN, MEMBER, ANNS, BENS, 1);
	world_want(w, "one more", &order, ERR_LIMIT);
	order = world_order(w, ORDER_PAY, BEN, MEMBER, BENS, ANNS, MONEY_MOST);
	world_want(w, "all of it", &order, ERR_LIMIT);
	order = world_order(w, ORDER_PAY, BEN, MEMBER, BENS, ANNS_SHOE,
			    MONEY_MOST);
	world_want(w, "into an empty one", &order, ERR_OK);
}

#define CASE(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_pay),       CASE(test_limits),
		CASE(test_moves),     CASE(test_cash),
		CASE(test_fees),      CASE(test_cash_caps),
		CASE(test_approval),  CASE(test_second_factor),
		CASE(test_words),     CASE(test_range),
		CASE(test_terminals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
