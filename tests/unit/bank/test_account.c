/* Accounts: their bytes, and what entries make of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/account.h"
#include "bank/entry.h"
#include "base/mem.h"
#include "damage.h"

static struct account make_account(void)
{
	return (struct account){ .id = 9,
				 .kind = ACCOUNT_SHARED,
				 .name = "den",
				 .flags = ACCOUNT_FROZEN_IN,
				 .posted = -700,
				 .held = 60,
				 .terms = { -1000, MONEY_NONE, TERM_DEFAULT, 5,
					    15, 20 },
				 .holders = { 3, 4 },
				 .holder_count = 2,
				 .last = 88,
				 .entries = 12,
				 .opened_ms = 5,
				 .date = 20261120,
				 .day_out = 6,
				 .day_deposited = 7,
				 .month_in = 8,
				 .month_out = 9,
				 .month_entries = 10,
				 .till_user = 11,
				 .till_opened = 12 };
}

static bool read_account(const void *bytes, size_t len, struct buf *again_r)
{
	struct account account;

	buf_reset(again_r);
	if (!account_decode(bytes, len, &account))
		return false;
	account_encode(&account, again_r);
	return true;
}

static bool read_month(const void *bytes, size_t len, struct buf *again_r)
{
	struct account_month month;

	buf_reset(again_r);
	if (!account_month_decode(bytes, len, &month))
		return false;
	account_month_encode(&month, again_r);
	return true;
}

static void test_bytes(void **state)
{
	AUTO(buf_fini) struct buf whole = { 0 };
	AUTO(buf_fini) struct buf month = { 0 };
	struct account account = make_account();
	struct account_month ended = { 202611, 1, 2, 3, -4, 5 };

	(void)state;
	account_encode(&account, &whole);
	damage_assert(&whole, read_account);
	account_month_encode(&ended, &month);
	damage_assert(&month, read_month);
}

static bool is_read(const struct account *account)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct account again;

	account_encode(account, &bytes);
	return account_decode(buf_at(&bytes), buf_len(&bytes), &again);
}

static void test_bad(void **state)
{
	struct account account = make_account();

	(void)state;
	assert_true(is_read(&account));
	account.posted = MONEY_MOST + 1;
	assert_false(is_read(&account));
	account.posted = 0;
	account.held = -1;
	assert_false(is_read(&account));
	account.held = 0;
	account.id = 0;
	assert_false(is_read(&account));
	account.id = 1;
	account.kind = 0;
	assert_false(is_read(&account));
	account.kind = ACCOUNT_HOUSE + 1;
	assert_false(is_read(&account));
}

static void test_is_of(void **state)
{
	struct account account = make_account();

	(void)state;
	assert_true(account_is_of(&account, 4));
	assert_false(account_is_of(&account, 5));
	assert_false(account_is_of(&account, 0));
	account = (struct account){ .kind = ACCOUNT_USER, .owner = 7 };
	assert_true(account_is_of(&account, 7));
	account = (struct account){ .kind = ACCOUNT_HOUSE };
	assert_false(account_is_of(&account, 0));
}

/* A row: an entry on a day, and what the account has then. */
struct step {
	enum entry_kind kind;
	uint32_t date;
	money in;   /* by a leg from elsewhere; below zero: out */
	money held; /* by the entry's amount */
	money posted;
	money held_then;
	money day_out;
	money day_deposited;
	money month_in;
	money month_out;
	uint32_t ended; /* a month; 0: none */
};

static const struct step steps[] = {
	{ ENTRY_DEPOSIT, 20261129, 100, 0, 100, 0, 0, 100, 100, 0, 0 },
	{ ENTRY_PAY, 20261129, -30, 0, 70, 0, 30, 100, 100, 30, 0 },
	{ ENTRY_TRANSFER, 20261129, -10, 0, 60, 0, 30, 100, 100, 40, 0 },
	{ ENTRY_PAY, 20261129, 5, 0, 65, 0, 30, 100, 105, 40, 0 },
	{ ENTRY_HOLD, 20261130, 0, 20, 65, 20, 20, 0, 105, 40, 0 },
	{ ENTRY_CAPTURE, 20261201, -15, 20, 50, 0, 0, 0, 0, 15, 202611 },
	{ ENTRY_HOLD, 20261201, 0, 50, 50, 50, 50, 0, 0, 15, 0 },
	{ ENTRY_EXPIRE, 20261202, 0, 50, 50, 0, 0, 0, 0, 15, 0 },
	/* The clock is put back into the month before, and goes on. */
	{ ENTRY_WITHDRAW, 20261130, -1, 0, 49, 0, 1, 0, 0, 1, 202612 },
	{ ENTRY_INTEREST, 20261201, 2, 0, 51, 0, 0, 0, 2, 0, 202611 },
	{ ENTRY_REVERSE, 20271201, -51, 0, 0, 0, 0, 0, 0, 51, 202612 },
};

static struct entry make_step(const struct step *s, uint64_t seq)
{
	struct entry e = { .seq = seq, .kind = s->kind, .date = s->date };

	if (s->in != 0)
		assert_true(entry_add_leg(&e, s->in > 0 ? 2 : 1,
					  s->in > 0 ? 1 : 2,
					  s->in > 0 ? s->in : -s->in));
	if (s->held != 0) {
		e.subject = 1;
		e.amount = s->held;
	}
	return e;
}

static void test_apply(void **state)
{
	struct account a = { .id = 1, .kind = ACCOUNT_USER, .owner = 3 };
	struct account_month ended;

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		const struct step *s = &steps[i];
		struct entry entry = make_step(s, i + 10);
		struct account before = a;

		assert_true(account_apply(&a, &entry, &ended));
		assert_int_equal(a.posted, s->posted);
		assert_int_equal(a.held, s->held_then);
		assert_int_equal(a.day_out, s->day_out);
		assert_int_equal(a.day_deposited, s->day_deposited);
		assert_int_equal(a.month_in, s->month_in);
		assert_int_equal(a.month_out, s->month_out);
		assert_int_equal(a.last, i + 10);
		assert_int_equal(a.entries, i + 1);
		assert_int_equal(ended.month, s->ended);
		if (s->ended == 0)
			continue;
		assert_int_equal(ended.in, before.month_in);
		assert_int_equal(ended.out, before.month_out);
		assert_int_equal(ended.posted, before.posted);
		assert_int_equal(ended.last, before.last);
		assert_int_equal(ended.entries, before.month_entries);
		assert_int_equal(a.month_entries, 1);
	}
}

/* What cannot have come of a ledger is no account. */
static const struct step impossible[] = {
	{ .kind = ENTRY_PAY, .in = MONEY_MOST },
	{ .kind = ENTRY_PAY, .in = -MONEY_MOST },
	{ .kind = ENTRY_RELEASE, .held = 11 },
	{ .kind = ENTRY_CAPTURE, .in = -1, .held = 11 },
	{ .kind = ENTRY_HOLD, .held = -1 },
	{ .kind = ENTRY_HOLD, .held = MONEY_MOST },
};

static void test_impossible(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(impossible); i++) {
		struct account a = { .id = 1,
				     .posted = impossible[i].in < 0 ? -1 : 1,
				     .held = 10 };
		struct entry entry = make_step(&impossible[i], 5);
		struct account_month ended;

		if (account_apply(&a, &entry, &ended))
			fail_msg("row %zu was applied", i);
	}
}

/* Sums of a month stay at their bound; they end no payment. */
static void test_full_month(void **state)
{
	struct account a = { .id = 1,
			     .date = 20261120,
			     .month_in = MONEY_MOST - 1 };
	struct account_month month = { .month = 202611, .in = MONEY_MOST };
	const struct account_month earlier = { .month = 202611,
					       .in = 1,
					       .out = 4,
					       .entries = 3,
					       .posted = 8,
					       .last = 2 };
	const struct step pay = { .kind = ENTRY_PAY,
				  .date = 20261120,
				  .in = 7 };
	struct entry entry = make_step(&pay, 5);
	struct account_month ended;

	(void)state;
	assert_true(account_apply(&a, &entry, &ended));
	assert_int_equal(a.month_in, MONEY_MOST);
	account_month_join(&month, &earlier);
	assert_int_equal(month.in, MONEY_MOST);
	assert_int_equal(month.out, 4);
	assert_int_equal(month.entries, 3);
	assert_int_equal(month.posted, 0);
	assert_int_equal(month.last, 0);
}

static void test_holders(void **state)
{
	struct account a = make_account();
	struct entry entry = { .seq = 90, .kind = ENTRY_HOLDERS, .subject = 9 };
	struct account_month ended;

	(void)state;
	entry_add_change(&entry, CHANGE_HOLDER_OUT, 3);
	assert_true(account_apply(&a, &entry, &ended));
	assert_int_equal(a.holder_count, 1);
	assert_int_equal(a.holders[0], 4);
	assert_int_equal(a.holders[1], 0);
	assert_false(account_apply(&a, &entry, &ended));
	entry.changes[0].tag = CHANGE_HOLDER_IN;
	for (a.holder_count = 0; a.holder_count < HOLDERS_MOST;)
		assert_true(account_apply(&a, &entry, &ended));
	assert_false(account_apply(&a, &entry, &ended));
	entry.changes[0].tag = CHANGE_SCALE;
	assert_false(account_apply(&a, &entry, &ended));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_is_of),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_full_month),
		cmocka_unit_test(test_holders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
