/* Money that is set aside: who may take it, how much, and until when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../world.h"
#include "bank/tiding.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"

static struct order claim(struct world *w, enum order_kind kind, enum person by,
			  uint64_t hold, money amount)
{
	struct order order = world_order(w, kind, by, AUTHORITY_MEMBER, NOWHERE,
					 NOWHERE, amount);

	order.from = 0;
	order.to = 0;
	order.reference = hold;
	return order;
}

static uint64_t hold(struct world *w, enum place to, money amount,
		     int64_t for_ms)
{
	return house_hold(&w->house, w->people[ANN], w->places[ANNS],
			  w->places[to], amount, for_ms);
}

static const struct hold_case {
	const char *name;
	enum person by;
	enum place from;
	enum place to;
	money amount;
	int64_t for_ms;
	enum err want;
} hold_cases[] = {
	{ "for ben", ANN, ANNS, BENS, 1000, HOUSE_HOUR_MS, ERR_OK },
	{ "for both", ANN, ANNS, OURS, 1000, HOUSE_HOUR_MS, ERR_OK },
	{ "more than what is left", ANN, ANNS, BENS, 8001, HOUSE_HOUR_MS,
	  ERR_INSUFFICIENT_FUNDS },
	{ "all that is left", ANN, ANNS, BENS, 8000, HOUSE_HOUR_MS, ERR_OK },
	{ "of another", ANN, BENS, ANNS, 10, HOUSE_HOUR_MS, ERR_NOT_ALLOWED },
	{ "for oneself", BEN, BENS, BENS, 10, HOUSE_HOUR_MS, ERR_SELF_PAYMENT },
	{ "for nobody", BEN, BENS, NOWHERE, 10, HOUSE_HOUR_MS,
	  ERR_NO_SUCH_ACCOUNT },
	{ "for a closed account", ANN, OURS, CLOSED, 10, HOUSE_HOUR_MS,
	  ERR_ACCOUNT_CLOSED },
	{ "for the house", BEN, BENS, FEES, 10, HOUSE_HOUR_MS,
	  ERR_NOT_ALLOWED },
	{ "of a frozen account", BEN, FROZEN_OUT, ANNS, 10, HOUSE_HOUR_MS,
	  ERR_FROZEN },
	{ "more than the account's cap", ANN, CAPPED, BENS, 1001, HOUSE_HOUR_MS,
	  ERR_LIMIT },
	{ "nothing", BEN, BENS, ANNS, 0, HOUSE_HOUR_MS, ERR_BAD_AMOUNT },
	{ "until now", BEN, BENS, ANNS, 10, 0, ERR_BAD_INPUT },
	{ "for too long", BEN, BENS, ANNS, 10, 367 * (int64_t)HOUSE_DAY_MS,
	  ERR_BAD_INPUT },
};

static void test_holds(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT(hold_cases); i++) {
		const struct hold_case *c = &hold_cases[i];
		struct order order =
			world_order(w, ORDER_HOLD, c->by, AUTHORITY_MEMBER,
				    c->from, c->to, c->amount);

		order.due_ms = clock_wall_ms() + c->for_ms;
		world_want(w, c->name, &order, c->want);
	}
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 10000);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 10000);
	house_assert_balanced(&w->house);
}

static void test_capture_frees_the_rest(void **state)
{
	struct world *w = *state;
	uint64_t seq = hold(w, BENS, 1000, HOUSE_HOUR_MS);
	struct order part = claim(w, ORDER_CAPTURE, BEN, seq, 400);
	struct order more = claim(w, ORDER_CAPTURE, BEN, seq, 1);
	struct order back = claim(w, ORDER_RELEASE, BEN, seq, 0);

	world_want(w, "a part", &part, ERR_OK);
	world_want(w, "again", &more, ERR_HOLD_CLOSED);
	world_want(w, "what is gone", &back, ERR_HOLD_CLOSED);
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 0);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9600);
	assert_int_equal(house_posted(&w->house, w->places[BENS]), 10400);
	house_assert_balanced(&w->house);
}

static const struct claim_case {
	const char *name;
	enum order_kind kind;
	enum person by;
	money amount;
	enum err want;
} claim_cases[] = {
	{ "by the payer", ORDER_CAPTURE, ANN, 0, ERR_NOT_ALLOWED },
	{ "back by the payer", ORDER_RELEASE, ANN, 0, ERR_NOT_ALLOWED },
	{ "by a stranger", ORDER_CAPTURE, TESS, 0, ERR_NO_SUCH_HOLD },
	{ "back by a stranger", ORDER_RELEASE, TESS, 0, ERR_NO_SUCH_HOLD },
	{ "more than is held", ORDER_CAPTURE, BEN, 1001, ERR_BAD_AMOUNT },
	{ "less than nothing", ORDER_CAPTURE, BEN, -1, ERR_BAD_AMOUNT },
	{ "all", ORDER_CAPTURE, BEN, 0, ERR_OK },
};

static void test_who_may_claim(void **state)
{
	struct world *w = *state;
	uint64_t seq = hold(w, BENS, 1000, HOUSE_HOUR_MS);

	for (size_t i = 0; i < COUNT(claim_cases); i++) {
		const struct claim_case *c = &claim_cases[i];
		struct order order = claim(w, c->kind, c->by, seq, c->amount);

		world_want(w, c->name, &order, c->want);
	}
	assert_int_equal(house_posted(&w->house, w->places[BENS]), 11000);
}

/* A stranger's refusal is the same whether there is such a hold or not. */
static void test_strangers_learn_nothing(void **state)
{
	struct world *w = *state;
	uint64_t seq = hold(w, BENS, 1000, HOUSE_HOUR_MS);
	struct order there = claim(w, ORDER_RELEASE, TESS, seq, 0);
	struct order entry = claim(w, ORDER_RELEASE, TESS, seq - 1, 0);
	char want[ORDER_WORDS];

	world_want(w, "a hold", &there, ERR_NO_SUCH_HOLD);
	snprintf(want, sizeof(want), "There is no hold #%d of yours.",
		 (int)seq);
	assert_string_equal(there.words, want);
	world_want(w, "an entry", &entry, ERR_NO_SUCH_HOLD);
	snprintf(want, sizeof(want), "There is no hold #%d of yours.",
		 (int)seq - 1);
	assert_string_equal(entry.words, want);
}

/* To the millisecond: at the end of its time it is the payer's again. */
static void test_expiry_against_capture(void **state)
{
	struct world *w = *state;
	uint64_t first = hold(w, BENS, 1000, HOUSE_HOUR_MS);
	uint64_t second = hold(w, BENS, 500, HOUSE_HOUR_MS);
	struct order early = claim(w, ORDER_CAPTURE, BEN, first, 0);
	struct order late = claim(w, ORDER_CAPTURE, BEN, second, 0);

	clock_fake_advance(HOUSE_HOUR_MS - 1);
	world_want(w, "before", &early, ERR_OK);
	clock_fake_advance(1);
	world_want(w, "at its end", &late, ERR_HOLD_CLOSED);
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 0);
	assert_int_equal(house_posted(&w->house, w->places[ANNS]), 9000);
	house_assert_balanced(&w->house);
}

/* Nobody has looked at it since, and yet its money can be spent. */
static void test_what_is_overdue_can_be_spent(void **state)
{
	struct world *w = *state;

	hold(w, BENS, 10000, HOUSE_HOUR_MS);
	assert_int_equal(house_pay(&w->house, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 1),
			 ERR_INSUFFICIENT_FUNDS);
	clock_fake_advance(HOUSE_HOUR_MS);
	assert_int_equal(house_pay(&w->house, w->people[ANN], w->places[ANNS],
				   w->places[BENS], 10000),
			 ERR_OK);
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 0);
}

static const enum person sides[] = { ANN, BEN };

/* value NULL: there is none. */
static void put_news(struct world *w, const char *value)
{
	uint8_t key[RECORD_KEY + 1 + RECORD_KEY];

	for (size_t i = 0; i < COUNT(sides); i++) {
		record_key(w->people[sides[i]], key);
		key[RECORD_KEY] = TIDING_CANCELLED;
		record_key(1, key + RECORD_KEY + 1);
		house_spoil(&w->house, TIDING_TABLES, key, sizeof(key), value,
			    value == NULL ? 0 : strlen(value));
	}
}

static bool has_heard(struct world *w, enum person who)
{
	struct tiding list[TIDINGS_MOST];
	size_t count;
	bool has = false;

	assert_int_equal(
		tiding_list(w->house.store, w->people[who], list, &count),
		ERR_OK);
	for (size_t i = 0; i < count; i++)
		has |= list[i].name.kind == TIDING_HOLD_EXPIRED;
	return has;
}

static void sweep(struct world *w)
{
	struct order order = world_order(w, ORDER_SWEEP, NOBODY, AUTHORITY_BANK,
					 NOWHERE, NOWHERE, 0);

	world_want(w, "sweep", &order, ERR_OK);
}

/* Money comes back, whatever has become of older news. */
static void test_damaged_news(void **state)
{
	struct world *w = *state;

	hold(w, BENS, 1000, HOUSE_HOUR_MS);
	put_news(w, "x");
	clock_fake_advance(HOUSE_HOUR_MS);
	sweep(w);
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 0);
	for (size_t i = 0; i < COUNT(sides); i++)
		assert_true(has_heard(w, sides[i]));
	put_news(w, NULL);
}

/* It is not known whom to tell. */
static void test_a_damaged_receiver(void **state)
{
	AUTO(buf_fini) struct buf whole = { 0 };
	struct world *w = *state;
	struct account bens = house_look(&w->house, w->places[BENS]);
	uint8_t key[RECORD_KEY];

	hold(w, BENS, 1000, HOUSE_HOUR_MS);
	account_encode(&bens, &whole);
	record_key(bens.id, key);
	house_spoil(&w->house, "bank_accounts", key, sizeof(key), "x", 1);
	house_restart(&w->house); /* an account is read once */
	clock_fake_advance(HOUSE_HOUR_MS);
	sweep(w);
	assert_int_equal(house_held(&w->house, w->places[ANNS]), 0);
	assert_true(has_heard(w, ANN));
	house_spoil(&w->house, "bank_accounts", key, sizeof(key),
		    buf_at(&whole), buf_len(&whole));
}

static void test_holds_of_an_account_are_bounded(void **state)
{
	enum { MOST = 100 };
	struct world *w = *state;
	struct order more = world_order(w, ORDER_HOLD, ANN, AUTHORITY_MEMBER,
					ANNS, BENS, 1);

	for (int i = 0; i < MOST; i++)
		hold(w, BENS, 1, HOUSE_HOUR_MS);
	more.due_ms = clock_wall_ms() + HOUSE_HOUR_MS;
	world_want(w, "one more", &more, ERR_LIMIT);
	clock_fake_advance(HOUSE_HOUR_MS);
	more.due_ms = clock_wall_ms() + HOUSE_HOUR_MS;
	world_want(w, "when they have ended", &more, ERR_OK);
}

/* The answer got lost: the same is answered, and nothing is done twice. */
static void test_the_same_id(void **state)
{
	struct world *w = *state;
	uint64_t seq = hold(w, BENS, 1000, HOUSE_HOUR_MS);
	struct order order = claim(w, ORDER_CAPTURE, BEN, seq, 400);
	struct order again = claim(w, ORDER_CAPTURE, BEN, seq, 400);
	struct order other = claim(w, ORDER_CAPTURE, BEN, seq, 500);

	order.id = again.id = other.id = house_id(7);
	world_want(w, "once", &order, ERR_OK);
	world_want(w, "again", &again, ERR_OK);
	assert_true(again.is_repeated);
	assert_int_equal(again.entry.seq, order.entry.seq);
	world_want(w, "something else", &other, ERR_ID_CONFLICT);
	assert_int_equal(house_posted(&w->house, w->places[BENS]), 10400);
}

#define IN_A_WORLD(test)                                                       \
	cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_WORLD(test_holds),
		IN_A_WORLD(test_capture_frees_the_rest),
		IN_A_WORLD(test_who_may_claim),
		IN_A_WORLD(test_strangers_learn_nothing),
		IN_A_WORLD(test_expiry_against_capture),
		IN_A_WORLD(test_what_is_overdue_can_be_spent),
		IN_A_WORLD(test_damaged_news),
		IN_A_WORLD(test_a_damaged_receiver),
		IN_A_WORLD(test_holds_of_an_account_are_bounded),
		IN_A_WORLD(test_the_same_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
