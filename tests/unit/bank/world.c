#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

enum { HUNDRED = 10000 };

static account_id open_cash(struct house *h, const char *name)
{
	struct order order = house_order(ORDER_OPEN, 0);

	order_add_change(&order, CHANGE_KIND, ACCOUNT_HOUSE);
	snprintf(order.name, sizeof(order.name), "%s", name);
	house_want(h, &order, ERR_OK);
	return order.entry.seq;
}

static void change(struct world *w, enum order_kind kind, enum place place,
		   enum change_tag tag, int64_t value)
{
	struct order order = house_order(kind, 0);

	order.from = w->places[place];
	order_add_change(&order, tag, value);
	house_want(&w->house, &order, ERR_OK);
}

static void open_accounts(struct world *w)
{
	static const struct {
		enum place place;
		enum person owner;
		const char *label;
	} all[] = {
		{ ANNS, ANN, "" },          { ANNS_SAVINGS, ANN, "savings" },
		{ ANNS_SHOE, ANN, "shoe" }, { BENS, BEN, "" },
		{ FROZEN_IN, BEN, "in" },   { FROZEN_OUT, BEN, "out" },
		{ CLOSED, BEN, "closed" },  { FULL, BEN, "full" },
		{ DEEP, BEN, "deep" },      { CAPPED, ANN, "capped" },
	};

	for (size_t i = 0; i < COUNT(all); i++) {
		account_id id = house_account(
			&w->house, w->people[all[i].owner], all[i].label);

		w->places[all[i].place] = id;
		if (all[i].place != ANNS_SHOE && all[i].place != CLOSED)
			house_fund(&w->house, id, HUNDRED);
	}
}

static void shape_accounts(struct world *w)
{
	struct order order = house_order(ORDER_CLOSE, 0);

	change(w, ORDER_FREEZE, FROZEN_IN, CHANGE_FLAGS, ACCOUNT_FROZEN_IN);
	change(w, ORDER_FREEZE, FROZEN_OUT, CHANGE_FLAGS, ACCOUNT_FROZEN_OUT);
	change(w, ORDER_TERMS, FULL, CHANGE_CEILING, HUNDRED);
	change(w, ORDER_TERMS, DEEP, CHANGE_FLOOR, -HUNDRED / 2);
	change(w, ORDER_TERMS, CAPPED, CHANGE_PER_TRANSFER, 1000);
	change(w, ORDER_TERMS, CAPPED, CHANGE_PER_DAY, 2500);
	change(w, ORDER_TILL, BOX, CHANGE_TILL, (int64_t)w->people[TESS]);
	order.from = w->places[CLOSED];
	house_want(&w->house, &order, ERR_OK);
}

int world_set_up(void **state)
{
	struct world *w = mem_zero(sizeof(*w));
	struct house *h = &w->house;

	house_init(h);
	w->people[ANN] = house_user(h, "ann");
	w->people[BEN] = house_user(h, "ben");
	w->people[TESS] = house_user(h, "tess");
	w->people[ADA] = house_user(h, "ada");
	w->places[NOWHERE] = 999999;
	w->places[TILL] = house_find(h, "cash:till");
	w->places[BOX] = open_cash(h, "cash:box");
	w->places[DRAWER] = open_cash(h, "cash:drawer");
	w->places[FEES] = house_find(h, "fees");
	w->places[INCOME] = house_find(h, "income");
	w->places[OPENING] = house_find(h, "opening");
	w->places[OVER_SHORT] = house_find(h, "over-short");
	open_accounts(w);
	w->places[OURS] =
		house_shared(h, "ours", w->people[ANN], w->people[BEN]);
	house_fund(h, w->places[OURS], HUNDRED);
	shape_accounts(w);
	*state = w;
	return 0;
}

int world_tear_down(void **state)
{
	struct world *w = *state;

	house_assert_whole(&w->house);
	house_fini(&w->house);
	mem_free(w);
	return 0;
}

struct order world_order(struct world *w, enum order_kind kind, enum person by,
			 enum authority authority, enum place from,
			 enum place to, money amount)
{
	struct order order = house_order_as(kind, w->people[by], authority);

	order.from = w->places[from];
	order.to = w->places[to];
	order.amount = amount;
	return order;
}

void world_want(struct world *w, const char *name, struct order *order,
		enum err want)
{
	enum err e = ledger_run(w->house.ledger, order);

	if (e != want)
		fail_msg("%s: %s (%s), not %s", name, err_code(e), order->words,
			 err_code(want));
	/* Who is refused is told why, in a sentence. */
	if (e != ERR_OK && e != ERR_CORRUPT)
		assert_int_equal(order->words[strlen(order->words) - 1], '.');
	assert_int_equal(order->result, e);
	if (e != ERR_OK)
		assert_int_equal(order->entry.seq, 0);
}

void world_play(struct world *w, const struct world_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct world_case *c = &cases[i];
		struct order order =
			world_order(w, c->kind, c->by, c->authority, c->from,
				    c->to, c->amount);

		world_want(w, c->name, &order, c->want);
	}
}

static int64_t value_of(const struct world *w, const struct change *change)
{
	switch (change->tag) {
	case CHANGE_OWNER:
	case CHANGE_HOLDER_IN:
	case CHANGE_HOLDER_OUT:
	case CHANGE_TILL:
		return (int64_t)w->people[change->value];
	default:
		return change->value;
	}
}

void world_change(struct world *w, const struct world_change *cases,
		  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct world_change *c = &cases[i];
		struct order order = world_order(
			w, c->kind, c->by, c->authority, c->from, NOWHERE, 0);

		if (c->label != NULL)
			snprintf(order.name, sizeof(order.name), "%s",
				 c->label);
		for (int j = 0; j < WORLD_CHANGES && c->changes[j].tag != 0;
		     j++)
			order_add_change(&order, c->changes[j].tag,
					 value_of(w, &c->changes[j]));
		world_want(w, c->name, &order, c->want);
	}
}
