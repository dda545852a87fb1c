/* What is stored of accounts and the bank, spoiled in one place each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/account_name.h"
#include "bank/meta.h"
#include "base/mem.h"
#include "past.h"
#include "store/record.h"

enum { NOVEMBER = 202611 };

/* Accounts. */

static void edit_balance(struct past *p)
{
	struct account a = past_account(p, ANNS_SAVINGS);

	a.posted += 5000;
	past_put_account(p, &a);
}

static void edit_held(struct past *p)
{
	struct account a = past_account(p, ANNS);

	a.held = 0;
	past_put_account(p, &a);
}

static void edit_last(struct past *p)
{
	struct account a = past_account(p, ANNS);

	a.last--;
	past_put_account(p, &a);
}

static void edit_floor(struct past *p)
{
	struct account a = past_account(p, ANNS);

	a.terms[TERM_FLOOR] = -100000;
	past_put_account(p, &a);
}

static void edit_till(struct past *p)
{
	struct account a = past_account(p, BOX);

	a.till_user = p->world->people[ANN];
	past_put_account(p, &a);
}

static void drop_account(struct past *p)
{
	past_delete(p, "bank_accounts", p->world->places[ANNS]);
}

static void garble_account(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };

	buf_add_text(&value, "\001x");
	past_put(p, "bank_accounts", p->world->places[ANNS], &value);
}

static void invent_account(struct past *p)
{
	struct account a = past_account(p, ANNS);

	a.id = 777777;
	past_put_account(p, &a);
}

/* Their names. */

struct renaming {
	struct store_table *names;
	const struct account *account;
	bool is_put;
};

static enum err rename_one(struct store_txn *txn, void *arg)
{
	const struct renaming *r = arg;

	return r->is_put ? account_name_put(txn, r->names, r->account)
			 : account_name_delete(txn, r->names, r->account);
}

static void rename_account(struct past *p, const struct account *account,
			   bool is_put)
{
	struct store *store = p->world->house.store;
	struct renaming r = { store_table(store, "bank_names"), account,
			      is_put };

	p->world->house.is_spoiled = true;
	assert_int_equal(store_run(store, rename_one, &r), ERR_OK);
}

static void drop_name(struct past *p)
{
	struct account a = past_account(p, ANNS_SAVINGS);

	rename_account(p, &a, false);
}

static void drop_holder(struct past *p)
{
	struct account a = past_account(p, OURS);

	rename_account(p, &a, false);
	a.holder_count--;
	rename_account(p, &a, true);
}

static void invent_name(struct past *p)
{
	struct account a = past_account(p, ANNS_SAVINGS);

	a.id = 777777;
	snprintf(a.name, sizeof(a.name), "sock");
	rename_account(p, &a, true);
}

static void second_name(struct past *p)
{
	struct account a = past_account(p, ANNS_SAVINGS);

	snprintf(a.name, sizeof(a.name), "sock");
	rename_account(p, &a, true);
}

static void second_holder(struct past *p)
{
	struct account a = past_account(p, OURS);

	a.holders[a.holder_count++] = p->world->people[TESS];
	rename_account(p, &a, true);
}

static void closed_name(struct past *p)
{
	struct account a = past_account(p, ANNS_SHOE);

	rename_account(p, &a, true);
}

/* Months. */

static void put_month(struct past *p, account_id account, uint32_t month,
		      money in)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct account_month row = { month, in, 1, 1, 1, 1 };
	uint8_t key[RECORD_KEY_PAIR];

	account_month_encode(&row, &value);
	record_key_pair(account, month, key);
	past_spoil(p, "bank_months", key, sizeof(key), &value);
}

static void edit_month(struct past *p)
{
	put_month(p, p->world->places[ANNS], NOVEMBER, 1);
}

static void drop_month(struct past *p)
{
	uint8_t key[RECORD_KEY_PAIR];

	record_key_pair(p->world->places[ANNS], NOVEMBER, key);
	past_spoil(p, "bank_months", key, sizeof(key), NULL);
}

static void invent_month(struct past *p)
{
	put_month(p, p->world->places[ANNS], NOVEMBER + 1, 1);
}

static void strange_month(struct past *p)
{
	put_month(p, 777777, NOVEMBER, 1);
}

/* The head and the rules. */

typedef void edit_fn(struct bank_head *head, struct bank_rules *rules);

struct editing {
	struct store_table *meta;
	edit_fn *edit;
};

static enum err edit_meta(struct store_txn *txn, void *arg)
{
	const struct editing *editing = arg;
	struct store_table *meta = editing->meta;
	struct bank_rules rules;
	struct bank_head head;
	enum err e = meta_get_head(txn, meta, &head);

	if (e == ERR_OK)
		e = meta_get_rules(txn, meta, &rules);
	if (e != ERR_OK)
		return e;
	editing->edit(&head, &rules);
	e = meta_put_head(txn, meta, &head);
	return e == ERR_OK ? meta_put_rules(txn, meta, &rules) : e;
}

static void edit(struct past *p, edit_fn *fn)
{
	struct store *store = p->world->house.store;
	struct editing editing = { store_table(store, "bank_meta"), fn };

	p->world->house.is_spoiled = true;
	assert_int_equal(store_run(store, edit_meta, &editing), ERR_OK);
}

static void add_to_head(struct bank_head *head, struct bank_rules *rules UNUSED)
{
	head->seq += 3;
}

static void set_hash(struct bank_head *head, struct bank_rules *rules UNUSED)
{
	head->hash[3] ^= 1;
}

static void set_moves(struct bank_head *head, struct bank_rules *rules UNUSED)
{
	head->moves = 0;
}

static void set_floor(struct bank_head *head UNUSED, struct bank_rules *rules)
{
	rules->terms[TERM_FLOOR] = -1000;
}

static void set_scale(struct bank_head *head UNUSED, struct bank_rules *rules)
{
	rules->currency.scale = 0;
}

static void head_ahead(struct past *p)
{
	edit(p, add_to_head);
}

static void head_hash(struct past *p)
{
	edit(p, set_hash);
}

static void head_moves(struct past *p)
{
	edit(p, set_moves);
}

static void rules_floor(struct past *p)
{
	edit(p, set_floor);
}

static void rules_scale(struct past *p)
{
	edit(p, set_scale);
}

static const struct past_case cases[] = {
	{ edit_balance,
	  { "(ann/savings) has 150.00 R, but its entries come to 100.00 R",
	    "bank: all balances add up to 50.00 R, not to nothing" } },
	{ edit_held,
	  { "(ann) has 0.00 R held, but its entries come to 4.00" } },
	{ edit_last, { "(ann) was last touched by #" } },
	{ edit_floor, { "(ann) is not what its entries make of it" } },
	{ edit_till, { "(cash:box) is not what its entries make of it" } },
	{ drop_account, { "(ann) is missing" } },
	{ garble_account, { "(ann) cannot be read" } },
	{ invent_account, { "account #777777 is there, but no entry has " } },
	{ drop_name, { "(ann/savings) is not found by its name" } },
	{ drop_holder, { "(shared:ours) is not found by its name, or by" } },
	{ invent_name, { "a name leads to account #777777, which no entry" } },
	{ second_name, { "(ann/savings), which has another" } },
	{ second_holder, { "(shared:ours), which has another" } },
	{ closed_name, { "(ann/shoe), which is closed" } },
	{ edit_month, { "month 202611 of account #" } },
	{ drop_month,
	  { "month 202611 of account #",
	    "(ann) has 0 months that ended, but its entries make 1" } },
	{ invent_month,
	  { "(ann) has 2 months that ended, but its entries make 1" } },
	{ strange_month, { "there is month 202611 of account #777777" } },
	{ head_ahead, { "entries are lost" } },
	{ head_hash, { "the head has another hash than entry #" } },
	{ head_moves, { "the head is not what the entries make of it" } },
	{ rules_floor, { "currency and rules are not what the entries" } },
	{ rules_scale, { "currency and rules are not what the entries" } },
};

static void test_state(void **state UNUSED)
{
	past_play(cases, COUNT(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
