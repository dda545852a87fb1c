/* Entries: their bytes, their chain, their legs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "damage.h"
#include "house.h"

static const uint8_t nothing[DIGEST_BYTES];

static struct entry make_entry(void)
{
	struct entry e = { .seq = 77,
			   .time_ms = HOUSE_BEGIN_MS,
			   .date = 20261120,
			   .kind = ENTRY_CAPTURE,
			   .actor = 3,
			   .by = "ann",
			   .id = house_id(9),
			   .reference = 70,
			   .request = 4,
			   .subject = 11,
			   .other = 12,
			   .amount = 500,
			   .due_ms = HOUSE_BEGIN_MS + 1,
			   .name = "RIA R",
			   .memo = "pizza, größer" };

	assert_true(entry_add_leg(&e, 11, 12, 400));
	assert_true(entry_add_leg(&e, 11, 13, 100));
	for (unsigned i = 0; i < e.posting_count; i++) {
		e.postings[i].posted = -5 + (money)i;
		e.postings[i].held = (money)i;
		e.postings[i].previous = 60 + i;
	}
	entry_add_change(&e, CHANGE_FLOOR, -100);
	entry_add_change(&e, CHANGE_NOTICE, MONEY_NONE);
	return e;
}

static bool read_again(const void *bytes, size_t len, struct buf *again_r)
{
	struct entry entry;

	buf_reset(again_r);
	if (!entry_decode(bytes, len, &entry))
		return false;
	/* The hash is not looked at by this; others see to it. */
	entry_encode(&entry, nothing, again_r);
	buf_cut(again_r, buf_len(again_r) - DIGEST_BYTES);
	buf_add(again_r, (const uint8_t *)bytes + len - DIGEST_BYTES,
		DIGEST_BYTES);
	return true;
}

static void test_bytes(void **state)
{
	AUTO(buf_fini) struct buf whole = { 0 };
	struct entry entry = make_entry();
	struct entry again;

	(void)state;
	entry_encode(&entry, nothing, &whole);
	assert_true(entry_decode(buf_at(&whole), buf_len(&whole), &again));
	assert_string_equal(again.memo, "pizza, größer");
	assert_int_equal(again.posting_count, 3);
	assert_int_equal(again.changes[1].value, MONEY_NONE);
	assert_memory_equal(again.hash, entry.hash, sizeof(again.hash));
	damage_assert(&whole, read_again);
}

/* Any bit of it, and the hash of the one before, are in its hash. */
static void test_chain(void **state)
{
	AUTO(buf_fini) struct buf whole = { 0 };
	struct entry entry = make_entry();
	uint8_t before[DIGEST_BYTES] = { 1, 2, 3 };
	char *bytes;

	(void)state;
	entry_encode(&entry, before, &whole);
	bytes = buf_at(&whole);
	assert_true(entry_follows(bytes, buf_len(&whole), before));
	assert_false(entry_follows(bytes, buf_len(&whole), nothing));
	assert_false(entry_follows(bytes, DIGEST_BYTES, before));
	for (size_t bit = 0; bit < 8 * buf_len(&whole); bit++) {
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		assert_false(entry_follows(bytes, buf_len(&whole), before));
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
	}
}

/* What no ledger writes. */

static void no_number(struct entry *e)
{
	e->seq = 0;
}

static void ahead(struct entry *e)
{
	e->postings[0].previous = e->seq;
}

static void negative_leg(struct entry *e)
{
	e->legs[0].amount = -1;
}

static void empty_leg(struct entry *e)
{
	e->legs[0].amount = 0;
}

static void large_leg(struct entry *e)
{
	e->legs[0].amount = MONEY_MOST + 1;
}

static void leg_of_nobody(struct entry *e)
{
	e->legs[1].credit = 0;
}

static void posting_of_nobody(struct entry *e)
{
	e->postings[1].account = 0;
}

static void large_balance(struct entry *e)
{
	e->postings[1].posted = -MONEY_MOST - 1;
}

static void held_below(struct entry *e)
{
	e->postings[1].held = -1;
}

static void large_amount(struct entry *e)
{
	e->amount = INT64_MIN;
}

static void no_kind(struct entry *e)
{
	e->kind = ENTRY_KINDS;
}

static void no_tag(struct entry *e)
{
	e->changes[0].tag = CHANGE_TAGS;
}

static const struct {
	const char *name;
	void (*spoil)(struct entry *entry);
} bad_cases[] = {
	{ "no number", no_number },
	{ "the entry before is not before", ahead },
	{ "a leg below zero", negative_leg },
	{ "a leg of nothing", empty_leg },
	{ "a leg too large", large_leg },
	{ "a leg to nobody", leg_of_nobody },
	{ "a posting of nobody", posting_of_nobody },
	{ "a balance too large", large_balance },
	{ "less than nothing held", held_below },
	{ "an amount too large", large_amount },
	{ "no kind", no_kind },
	{ "no tag", no_tag },
};

static void test_bad(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct entry again;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_cases); i++) {
		struct entry entry = make_entry();

		bad_cases[i].spoil(&entry);
		buf_reset(&bytes);
		entry_encode(&entry, nothing, &bytes);
		if (entry_decode(buf_at(&bytes), buf_len(&bytes), &again))
			fail_msg("%s was read", bad_cases[i].name);
	}
}

static void test_legs(void **state)
{
	struct entry entry = { .kind = ENTRY_PAY };

	(void)state;
	assert_false(entry_add_leg(&entry, 1, 2, 0));
	assert_false(entry_add_leg(&entry, 1, 2, -1));
	assert_false(entry_add_leg(&entry, 1, 2, MONEY_MOST + 1));
	assert_int_equal(entry.leg_count, 0);
	for (unsigned i = 0; i < LEGS_MOST; i++)
		assert_true(entry_add_leg(&entry, 1, 2, MONEY_MOST));
	assert_false(entry_add_leg(&entry, 1, 2, 1));
	assert_int_equal(entry.posting_count, 2);
	assert_int_equal(entry_net(&entry, 1), -LEGS_MOST * MONEY_MOST);
	assert_int_equal(entry_net(&entry, 2), LEGS_MOST * MONEY_MOST);
	assert_int_equal(entry_net(&entry, 3), 0);
	for (account_id id = 3; id <= POSTINGS_MOST; id++)
		assert_true(entry_touch(&entry, id));
	assert_false(entry_touch(&entry, POSTINGS_MOST + 1));
	assert_true(entry_touch(&entry, 1));
	assert_null(entry_posting(&entry, POSTINGS_MOST + 1));
	assert_int_equal(entry_posting(&entry, 2)->account, 2);
}

static void test_words(void **state)
{
	(void)state;
	for (int a = 1; a < ENTRY_KINDS; a++)
		for (int b = 1; b < a; b++)
			assert_string_not_equal(
				entry_kind_word((enum entry_kind)a),
				entry_kind_word((enum entry_kind)b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes), cmocka_unit_test(test_chain),
		cmocka_unit_test(test_bad),   cmocka_unit_test(test_legs),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
