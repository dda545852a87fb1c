/* Drawing orders by chance, most of them sensible. */
#include "model.h"

#include <stdio.h>
#include <string.h>

#include "../house.h"
#include "base/mem.h"

enum {
	USERS = 40,
	TELLERS = 3, /* the first of them */
	AGAIN_OF_1000 = 40,
	IDS_OF_100 = 30,
};

uint64_t model_random(uint64_t *random, uint64_t below)
{
	uint64_t z = (*random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static bool chance(uint64_t *random, unsigned of_1000)
{
	return model_random(random, 1000) < of_1000;
}

static user_id any_user(uint64_t *random)
{
	return 1 + model_random(random, USERS);
}

/* Old ones more often: they have the money. Seldom a closed one. */
static const struct model_account *any_account(const struct model *m,
					       uint64_t *random)
{
	const struct model_account *a;

	do {
		size_t most =
			chance(random, 700) && m->account_count > 2 * USERS
				? 2 * USERS
				: m->account_count;

		a = &m->accounts[model_random(random, most)];
	} while ((a->flags & ACCOUNT_CLOSED) != 0 && !chance(random, 10));
	return a;
}

/* As a rule none of the house. */
static const struct model_account *any_member(const struct model *m,
					      uint64_t *random)
{
	const struct model_account *a = any_account(m, random);

	while (a->kind == ACCOUNT_HOUSE && !chance(random, 50))
		a = any_account(m, random);
	return a;
}

static account_id any_id(const struct model *m, uint64_t *random)
{
	if (chance(random, 5))
		return model_random(random, 2 * m->entry_count);
	return any_member(m, random)->id;
}

static account_id any_house(const struct model *m, uint64_t *random)
{
	const account_id all[] = { m->fees, m->income, m->over_short,
				   m->opening, m->cash };

	return chance(random, 50) ? any_id(m, random)
				  : all[model_random(random, COUNT(all))];
}

static account_id any_till(const struct model *m, uint64_t *random)
{
	for (int i = 0; chance(random, 300) && i < 20; i++) {
		const struct model_account *a =
			&m->accounts[model_random(random, m->account_count)];

		if (model_is_cash(a))
			return a->id;
	}
	return chance(random, 20) ? any_id(m, random) : m->cash;
}

/* The one that the teller has open, as a rule. */
static account_id till_of(const struct model *m, uint64_t *random, user_id user)
{
	for (size_t i = 0; i < m->account_count; i++)
		if (m->accounts[i].till_user == user)
			return m->accounts[i].id;
	return any_till(m, random);
}

/* One of its people. */
static user_id holder(const struct model_account *a, uint64_t *random)
{
	if (a == NULL || a->kind == ACCOUNT_HOUSE || chance(random, 30))
		return any_user(random);
	return a->kind == ACCOUNT_USER
		       ? a->owner
		       : a->holders[model_random(random, a->holder_count)];
}

static void as(struct order *order, enum authority authority)
{
	order->by.authority = authority;
}

static void as_somebody(struct order *order, uint64_t *random)
{
	uint64_t n = model_random(random, 1000);

	as(order, n < 940   ? AUTHORITY_MEMBER
		  : n < 960 ? AUTHORITY_ADMIN
		  : n < 990 ? AUTHORITY_BANK
			    : AUTHORITY_TELLER);
}

static money any_amount(const struct model *m, uint64_t *random,
			account_id from)
{
	const struct model_account *a = model_account(m, from);
	uint64_t n = model_random(random, 1000);

	if (n < 900 || a == NULL)
		return 1 + (money)model_random(random, 3000);
	if (n < 950)
		return model_available(a);
	if (n < 970)
		return model_available(a) + 1;
	if (n < 975)
		return (money)model_random(random, 2) - 1;
	return n < 978 ? MONEY_MOST - (money)model_random(random, 3) + 1
		       : 1 + (money)model_random(random, 100000);
}

static void draw_between(const struct model *m, uint64_t *random,
			 struct order *order)
{
	order->from = any_id(m, random);
	order->to = any_id(m, random);
	order->by.user = holder(model_account(m, order->from), random);
	order->amount = any_amount(m, random, order->from);
	as_somebody(order, random);
}

static void draw_transfer(const struct model *m, uint64_t *random,
			  struct order *order)
{
	draw_between(m, random, order);
	for (int i = 0; i < 200; i++) {
		const struct model_account *a =
			&m->accounts[model_random(random, m->account_count)];

		if (!model_is_of(a, order->by.user) || a->id == order->from)
			continue;
		order->to = a->id;
		break;
	}
}

static void draw_cash(const struct model *m, uint64_t *random,
		      struct order *order)
{
	account_id till = any_till(m, random);
	account_id account = any_id(m, random);

	order->by.user = holder(model_account(m, account), random);
	order->amount = any_amount(m, random, account);
	as_somebody(order, random);
	if (chance(random, 150)) {
		as(order, AUTHORITY_TELLER);
		order->by.user = 1 + model_random(random, TELLERS);
		till = till_of(m, random, order->by.user);
	}
	order->from = order->kind == ORDER_DEPOSIT ? till : account;
	order->to = order->kind == ORDER_DEPOSIT ? account : till;
}

static void draw_due(const struct model *m, uint64_t *random,
		     struct order *order)
{
	draw_between(m, random, order);
	if (order->kind == ORDER_REQUEST)
		order->by.user = holder(model_account(m, order->to), random);
	order->due_ms =
		m->now_ms + 1 + (int64_t)model_random(random, 3 * HOUSE_DAY_MS);
	if (chance(random, 5))
		order->due_ms = m->now_ms;
	if (chance(random, 5))
		order->due_ms += INT64_C(370) * HOUSE_DAY_MS;
}

static void draw_hold_end(const struct model *m, uint64_t *random,
			  struct order *order)
{
	const struct model_hold *hold = NULL;

	as_somebody(order, random);
	order->by.user = any_user(random);
	order->reference = model_random(random, m->entry_count + 2);
	if (m->hold_count > 0 && chance(random, 950))
		hold = &m->holds[model_random(random, m->hold_count)];
	if (m->open_hold_count > 0 && chance(random, 800))
		hold = &m->holds[m->open_holds[model_random(
			random, m->open_hold_count)]];
	if (hold == NULL)
		return;
	order->reference = hold->seq;
	order->by.user = holder(model_account(m, hold->to), random);
	if (chance(random, 400))
		order->amount = hold->amount - 1 +
				(money)model_random(random, 3) -
				(money)model_random(random, 100);
}

/* One of the newest entries, as a rule. */
static void draw_back(const struct model *m, uint64_t *random,
		      struct order *order)
{
	uint64_t back = model_random(
		random, chance(random, 900) ? 200 : m->entry_count + 1);
	const struct model_entry *entry;

	as_somebody(order, random);
	order->by.user = any_user(random);
	order->reference = m->entry_count + 1 -
			   (back > m->entry_count ? m->entry_count : back);
	if (order->reference > m->entry_count)
		return;
	entry = &m->entries[order->reference - 1];
	order->by.user = entry->actor;
	if (order->kind == ORDER_REFUND && entry->leg_count > 0)
		order->by.user =
			holder(model_account(m, entry->legs[0].credit), random);
	if (chance(random, 100)) {
		as(order,
		   chance(random, 500) ? AUTHORITY_ADMIN : AUTHORITY_TELLER);
		order->approved_by = model_random(random, 3);
	}
}

static void draw_request_end(const struct model *m, uint64_t *random,
			     struct order *order)
{
	bool is_cancel = order->kind == ORDER_CANCEL;
	const struct model_request *r;

	as_somebody(order, random);
	order->by.user = any_user(random);
	order->reference = model_random(random, m->request_count + 2);
	if (m->open_request_count > 0 && chance(random, 800))
		order->reference = 1 + m->open_requests[model_random(
					       random, m->open_request_count)];
	if (order->reference == 0 || order->reference > m->request_count)
		return;
	r = &m->requests[order->reference - 1];
	order->by.user = holder(
		model_account(m, is_cancel ? r->asker : r->payer), random);
	if (order->kind == ORDER_ACCEPT && chance(random, 100))
		order->from = any_id(m, random);
}

static void draw_house(const struct model *m, uint64_t *random,
		       struct order *order)
{
	order->from = any_house(m, random);
	order->to = order->kind == ORDER_ADJUST ? any_house(m, random)
						: any_id(m, random);
	order->amount = any_amount(m, random, order->to);
	if (order->kind == ORDER_OPENING && chance(random, 300))
		order->amount = -order->amount;
	if (order->amount < -MONEY_MOST || chance(random, 900))
		order->amount = 1 + (money)model_random(random, 5000);
	order->by.user = model_random(random, TELLERS + 1);
	order->approved_by = model_random(random, 3);
	as(order,
	   order->kind == ORDER_INTEREST ? AUTHORITY_BANK : AUTHORITY_ADMIN);
	if (chance(random, 50))
		as_somebody(order, random);
	if (order->kind == ORDER_ADJUST && chance(random, 200)) {
		as(order, AUTHORITY_TELLER);
		order->from = any_till(m, random);
		order->to = till_of(m, random, order->by.user);
	}
}

static void draw_till(const struct model *m, uint64_t *random,
		      struct order *order)
{
	const struct model_account *a;

	order->from = any_till(m, random);
	a = model_account(m, order->from);
	order->by.user = 1 + model_random(random, TELLERS);
	as(order, AUTHORITY_TELLER);
	if (a != NULL && a->posted < 0)
		order->amount = -a->posted + (money)model_random(random, 20);
	if (order->amount > MONEY_MOST)
		order->amount = MONEY_MOST;
	if (chance(random, 50))
		as_somebody(order, random);
	order_add_change(order, CHANGE_TILL,
			 chance(random, 500) ? (int64_t)order->by.user : 0);
}

static void draw_terms(const struct model *m, uint64_t *random,
		       struct order *order)
{
	enum change_tag tag =
		(enum change_tag)(1 + model_random(random, TERMS));
	int64_t value = (int64_t)model_random(random, 1000000);

	order->from = any_id(m, random);
	order->by.user = holder(model_account(m, order->from), random);
	as(order, chance(random, 600) ? AUTHORITY_ADMIN : AUTHORITY_MEMBER);
	if (order->by.authority == AUTHORITY_MEMBER && chance(random, 800))
		tag = CHANGE_NOTICE;
	if (tag == CHANGE_FLOOR)
		value = -(int64_t)model_random(random, 20000);
	if (tag == CHANGE_RATE)
		value = (int64_t)model_random(random, 1010);
	if (chance(random, 500))
		value = TERM_DEFAULT;
	if (chance(random, 50))
		value = MONEY_NONE;
	if (chance(random, 20))
		value = MONEY_MOST + 1;
	order->approved_by = model_random(random, 3);
	order_add_change(order, tag, value);
}

/* More often thawed than frozen. */
static void draw_freeze(const struct model *m, uint64_t *random,
			struct order *order)
{
	order->from = any_id(m, random);
	order->by.user = any_user(random);
	as(order, chance(random, 900) ? AUTHORITY_ADMIN : AUTHORITY_MEMBER);
	order_add_change(
		order, CHANGE_FLAGS,
		chance(random, 800) ? 0 : (int64_t)model_random(random, 4));
}

static void draw_holders(const struct model *m, uint64_t *random,
			 struct order *order)
{
	const struct model_account *a = any_account(m, random);

	for (int i = 0; i < 100 && a->kind != ACCOUNT_SHARED; i++)
		a = &m->accounts[model_random(random, m->account_count)];
	order->from = a->id;
	order->by.user = holder(a, random);
	as_somebody(order, random);
	if (chance(random, 500))
		order_add_change(order, CHANGE_HOLDER_IN,
				 (int64_t)any_user(random));
	else
		order_add_change(order, CHANGE_HOLDER_OUT,
				 (int64_t)holder(a, random));
}

static void draw_open(const struct model *m UNUSED, uint64_t *random,
		      struct order *order)
{
	static const char *const odd[] = { "", "1x", "a b", "Fees", "cash:" };
	user_id user = any_user(random);
	uint64_t kind = model_random(random, 10);

	order->by.user = user;
	as_somebody(order, random);
	snprintf(order->name, sizeof(order->name), "%c%d",
		 chance(random, 500) ? 'n' : 'N',
		 (int)model_random(random, 60));
	if (chance(random, 50))
		snprintf(order->name, sizeof(order->name), "%s",
			 odd[model_random(random, COUNT(odd))]);
	if (kind < 6) {
		order_add_change(order, CHANGE_KIND, ACCOUNT_USER);
		order_add_change(
			order, CHANGE_OWNER,
			(int64_t)(kind == 0 ? any_user(random) : user));
	} else if (kind < 9) {
		order_add_change(order, CHANGE_KIND, ACCOUNT_SHARED);
		order_add_change(order, CHANGE_HOLDER_IN, (int64_t)user);
		order_add_change(order, CHANGE_HOLDER_IN,
				 (int64_t)any_user(random));
	} else {
		order_add_change(order, CHANGE_KIND, ACCOUNT_HOUSE);
		snprintf(order->name, sizeof(order->name), "cash:b%d",
			 (int)model_random(random, 9));
		as(order, AUTHORITY_ADMIN);
	}
	if (chance(random, 50))
		order_add_change(order, CHANGE_FLOOR, -500);
}

/* As a rule one that is empty. */
static void draw_close(const struct model *m, uint64_t *random,
		       struct order *order)
{
	const struct model_account *a = any_account(m, random);

	for (int i = 0; i < 100 && (a->posted != 0 || a->flags != 0); i++)
		a = &m->accounts[model_random(random, m->account_count)];
	order->from = a->id;
	order->by.user = holder(a, random);
	as_somebody(order, random);
}

static void draw_sweep(const struct model *m UNUSED, uint64_t *random UNUSED,
		       struct order *order)
{
	as(order, AUTHORITY_BANK);
}

/* How often of each thousand. */
static const struct {
	enum order_kind kind;
	unsigned weight;
	void (*draw)(const struct model *m, uint64_t *random,
		     struct order *order);
} kinds[] = {
	{ ORDER_PAY, 320, draw_between },
	{ ORDER_TRANSFER, 70, draw_transfer },
	{ ORDER_DEPOSIT, 110, draw_cash },
	{ ORDER_WITHDRAW, 80, draw_cash },
	{ ORDER_HOLD, 90, draw_due },
	{ ORDER_CAPTURE, 60, draw_hold_end },
	{ ORDER_RELEASE, 25, draw_hold_end },
	{ ORDER_REVERSE, 60, draw_back },
	{ ORDER_REFUND, 30, draw_back },
	{ ORDER_REQUEST, 30, draw_due },
	{ ORDER_ACCEPT, 25, draw_request_end },
	{ ORDER_DECLINE, 5, draw_request_end },
	{ ORDER_CANCEL, 5, draw_request_end },
	{ ORDER_INTEREST, 20, draw_house },
	{ ORDER_OPENING, 10, draw_house },
	{ ORDER_ADJUST, 10, draw_house },
	{ ORDER_TILL, 10, draw_till },
	{ ORDER_TERMS, 13, draw_terms },
	{ ORDER_FREEZE, 10, draw_freeze },
	{ ORDER_HOLDERS, 6, draw_holders },
	{ ORDER_OPEN, 6, draw_open },
	{ ORDER_CLOSE, 4, draw_close },
	{ ORDER_SWEEP, 1, draw_sweep },
};

/* One of the last ones with an id, perhaps with something else in it. */
static bool draw_again(const struct model *m, uint64_t *random,
		       struct order *order, uint64_t *id)
{
	size_t most = m->id_count < MODEL_IDS ? m->id_count : MODEL_IDS;

	if (most < 2 || !chance(random, AGAIN_OF_1000))
		return false;
	/* Not the oldest: it may make room before it is looked at. */
	*id = m->id_count - model_random(random, most - 1);
	*order = m->ids[(*id - 1) % MODEL_IDS].question;
	if (chance(random, 250))
		order->amount++;
	if (chance(random, 100))
		snprintf(order->memo, sizeof(order->memo), "other");
	order->due_ms++;
	return true;
}

void model_draw(struct model *m, uint64_t *random, struct order *order_r,
		uint64_t *id_r)
{
	uint64_t n = model_random(random, 1000);
	size_t i = 0;

	if (draw_again(m, random, order_r, id_r))
		return;
	memset(order_r, 0, sizeof(*order_r));
	while (i + 1 < COUNT(kinds) && n >= kinds[i].weight)
		n -= kinds[i++].weight;
	order_r->kind = kinds[i].kind;
	kinds[i].draw(m, random, order_r);
	order_r->by.is_at_terminal = chance(random, 50);
	*id_r = model_random(random, 100) < IDS_OF_100 ? m->id_count + 1 : 0;
	if (*id_r != 0)
		order_r->id = house_id(*id_r);
	if (chance(random, 100))
		snprintf(order_r->memo, sizeof(order_r->memo), "memo %d",
			 (int)n);
}
