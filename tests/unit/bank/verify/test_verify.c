#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/account_name.h"
#include "bank/judge/repeat.h"
#include "bank/meta.h"
#include "bank/reversal.h"
#include "base/clock.h"
#include "base/mem.h"
#include "past.h"
#include "store/record.h"

/* The words are printed with the number in the place of the %. */
struct finding {
	const char *format;
	uint64_t number;
};

static void want(struct past *p, const struct finding *finding)
{
	char words[200];
	const char *at = strchr(finding->format, '%');

	if (at == NULL) {
		past_want(p, finding->format);
		return;
	}
	(void)snprintf(words, sizeof(words), "%.*s%llu%s",
		       (int)(at - finding->format), finding->format,
		       (unsigned long long)finding->number, at + 1);
	past_want(p, words);
}

/* Ways to spoil the journal; each returns the number that is named. */

static uint64_t change_amount(struct past *p)
{
	struct entry entry = past_entry(p, p->paid);

	entry.legs[0].amount++;
	past_put_entry(p, &entry, false);
	return p->paid;
}

/* Whoever also makes the chain anew. */
static uint64_t change_amount_chained(struct past *p)
{
	struct entry entry = past_entry(p, p->paid);

	entry.legs[0].amount++;
	past_put_entry(p, &entry, true);
	past_chain(p, p->paid + 1);
	return p->paid;
}

static uint64_t drop_posting(struct past *p)
{
	struct entry entry = past_entry(p, p->paid);

	entry.posting_count--;
	past_put_entry(p, &entry, true);
	past_chain(p, p->paid + 1);
	return p->paid;
}

static uint64_t drop_leg(struct past *p)
{
	struct entry entry = past_entry(p, p->paid);

	entry.leg_count--;
	past_put_entry(p, &entry, true);
	past_chain(p, p->paid + 1);
	return p->paid;
}

static uint64_t double_posting(struct past *p)
{
	struct entry entry = past_entry(p, p->paid);

	entry.postings[entry.posting_count++] = entry.postings[0];
	past_put_entry(p, &entry, true);
	past_chain(p, p->paid + 1);
	return p->paid;
}

static uint64_t break_chain(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };

	past_get(p, "bank_entries", p->paid, &value);
	buf_at(&value)[buf_len(&value) - 1] ^= 1;
	past_put(p, "bank_entries", p->paid, &value);
	return p->paid + 1;
}

static uint64_t change_memo(struct past *p)
{
	struct entry entry = past_entry(p, p->paid);

	snprintf(entry.memo, sizeof(entry.memo), "never");
	past_put_entry(p, &entry, false);
	return p->paid;
}

static uint64_t garble_entry(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };

	past_get(p, "bank_entries", p->paid, &value);
	buf_at(&value)[0] = 99;
	past_put(p, "bank_entries", p->paid, &value);
	return p->paid;
}

static uint64_t drop_entry(struct past *p)
{
	past_delete(p, "bank_entries", p->paid);
	return p->paid;
}

static uint64_t drop_opening(struct past *p)
{
	past_delete(p, "bank_entries", p->world->places[ANNS]);
	return p->world->places[ANNS];
}

static uint64_t cut_journal(struct past *p)
{
	past_delete(p, "bank_entries", p->last);
	past_delete(p, "bank_entries", p->last - 1);
	return p->last - 2;
}

static uint64_t double_entry(struct past *p)
{
	AUTO(buf_fini) struct buf value = { 0 };

	past_get(p, "bank_entries", p->paid, &value);
	past_put(p, "bank_entries", p->last + 1, &value);
	return p->paid;
}

/* Once more at the end, chained. */
static uint64_t repeat_entry(struct past *p)
{
	struct entry entry = past_entry(p, p->paid);

	entry.seq = p->last + 1;
	past_put_entry(p, &entry, true);
	return p->last + 1;
}

static uint64_t swap_entries(struct past *p)
{
	AUTO(buf_fini) struct buf first = { 0 };
	AUTO(buf_fini) struct buf second = { 0 };

	past_get(p, "bank_entries", p->paid, &first);
	past_get(p, "bank_entries", p->paid + 1, &second);
	past_put(p, "bank_entries", p->paid, &second);
	past_put(p, "bank_entries", p->paid + 1, &first);
	return p->paid + 1;
}

static uint64_t change_previous(struct past *p)
{
	struct entry entry = past_entry(p, p->last);

	entry.postings[0].previous--;
	past_put_entry(p, &entry, true);
	past_chain(p, p->last);
	return p->last;
}

static uint64_t strange_name(struct past *p)
{
	account_id id = p->world->places[ANNS_SAVINGS];
	struct entry entry = past_entry(p, id);

	entry.name[0] = '\033';
	past_put_entry(p, &entry, true);
	past_chain(p, id + 1);
	return id;
}

static uint64_t strange_key(struct past *p)
{
	house_spoil(&p->world->house, "bank_entries", "abc", 3, "x", 1);
	return 3;
}

static const struct journal_case {
	const char *name;
	uint64_t (*spoil)(struct past *p);
	const char *format;
} journal_cases[] = {
	{ "a changed amount", change_amount, "bank: entry #% was changed" },
	{ "a changed amount, chained", change_amount_chained,
	  "bank: entry #% says that it leaves account " },
	{ "a dropped posting", drop_posting,
	  "bank: entry #% moves something in account " },
	{ "a dropped leg", drop_leg, "bank: entry #% is not as a pay is" },
	{ "a posting twice", double_posting,
	  "bank: entry #% has two postings" },
	{ "a broken chain", break_chain, "bank: entry #% was changed" },
	{ "other words", change_memo, "bank: entry #% was changed" },
	{ "an unreadable entry", garble_entry,
	  "bank: entry #% cannot be read" },
	{ "a missing entry", drop_entry, "bank: entry #% is missing" },
	{ "a missing opening", drop_opening, "bank: entry #% is missing" },
	{ "a truncated journal", cut_journal,
	  "bank: the journal ends at #%, but its head is " },
	{ "a doubled entry", double_entry, "bank: entry #% stands where #" },
	{ "a repeated entry", repeat_entry,
	  "bank: entry #% carries the id 01000000-0000-0000-0000-0000000000"
	  "01 of user " },
	{ "beyond the head", repeat_entry,
	  "bank: the journal goes on to #%, but its head is " },
	{ "a swapped pair", swap_entries, "bank: entry #% stands where #" },
	{ "another previous entry", change_previous,
	  "bank: entry #% says that #" },
	{ "a strange name", strange_name,
	  "account #% (ann/?avings) is not found by its name" },
	{ "a strange key", strange_key,
	  "bank: bank_entries: a number of % bytes is no number" },
};

static void test_journal(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(journal_cases); i++) {
		const struct journal_case *c = &journal_cases[i];
		void *past;
		uint64_t number;

		print_message("# %s\n", c->name);
		assert_int_equal(past_set_up(&past), 0);
		number = c->spoil(past);
		want(past, &(struct finding){ c->format, number });
		(void)past_tear_down(&past);
	}
}

static void test_sound(void **state)
{
	AUTO(buf_fini) struct buf report = { 0 };

	assert_string_equal(past_verify(*state, &report), "");
}

/* However few accounts are looked at in one reading. */
static void test_in_readings(void **state)
{
	struct past *p = *state;
	struct bank_scope scope = { .store = p->world->house.store };
	struct bank_extent whole;
	struct bank_extent extent;
	struct buf report = { 0 };

	assert_int_equal(bank_verify(&scope, &report, &whole), ERR_OK);
	assert_int_equal(whole.entries, p->last);
	assert_int_equal(whole.head.seq, p->last);
	assert_int_equal(whole.requests, 3);
	assert_int_equal(whole.holds, 4);
	assert_int_equal(whole.ids, 11);
	for (size_t most = 1; most < 20; most++) {
		scope.accounts_most = most;
		assert_int_equal(bank_verify(&scope, &report, &extent), ERR_OK);
		assert_memory_equal(&extent, &whole, sizeof(whole));
	}
	bank_print_extent(&extent, &report);
	assert_non_null(strstr(buf_text(&report), " entries, "));
	buf_fini(&report);
}

static void test_findings_in_readings(void **state)
{
	struct past *p = *state;
	struct bank_scope scope = { .store = p->world->house.store };
	struct account account = past_account(p, OURS);
	struct bank_extent extent;

	account.posted++;
	past_put_account(p, &account);
	for (size_t most = 1; most < 20; most++) {
		AUTO(buf_fini) struct buf report = { 0 };

		scope.accounts_most = most;
		assert_int_equal(bank_verify(&scope, &report, &extent),
				 ERR_CORRUPT);
		assert_non_null(strstr(buf_text(&report),
				       "(shared:ours) has 100.01 R, but its "
				       "entries come to 100.00 R\nbank: all "
				       "balances add up to 0.01 R"));
	}
}

static void test_new_bank(void **state UNUSED)
{
	struct bank_scope scope = { 0 };
	struct bank_extent extent;
	struct buf report = { 0 };
	struct house h;

	house_init(&h);
	scope.store = h.store;
	assert_int_equal(bank_verify(&scope, &report, &extent), ERR_OK);
	house_fini(&h);
}

/* Whoever makes all anew is found out by whoever was told the head. */
static void test_witness(void **state)
{
	struct past *p = *state;
	struct book_head told;
	struct bank_scope scope = { .store = p->world->house.store,
				    .known = &told };
	AUTO(buf_fini) struct buf report = { 0 };
	struct bank_extent extent;
	struct entry entry;

	assert_int_equal(book_head(p->world->house.store, &told), ERR_OK);
	assert_int_equal(bank_verify(&scope, &report, &extent), ERR_OK);
	entry = past_entry(p, p->paid);
	snprintf(entry.memo, sizeof(entry.memo), "never");
	past_put_entry(p, &entry, true);
	past_chain(p, p->paid + 1);
	past_verify(p, &report);
	assert_string_equal(buf_text(&report), "");
	assert_int_equal(bank_verify(&scope, &report, &extent), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "was written anew"));
	told.seq = p->last + 5;
	assert_int_equal(bank_verify(&scope, &report, &extent), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report), "was told: entries are "
						  "lost"));
}

/* The clock was put back into a month that had ended, and on again. */
static void test_month_twice(void **state)
{
	struct past *p = *state;
	struct house *h = &p->world->house;
	AUTO(buf_fini) struct buf report = { 0 };

	for (unsigned i = 0; i < 3; i++) {
		clock_fake_advance(-20 * (int64_t)HOUSE_DAY_MS);
		house_fund(h, p->world->places[ANNS], 5);
		clock_fake_advance(20 * (int64_t)HOUSE_DAY_MS);
		house_fund(h, p->world->places[ANNS], 7);
	}
	assert_string_equal(past_verify(p, &report), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sound, past_set_up,
						past_tear_down),
		cmocka_unit_test_setup_teardown(test_in_readings, past_set_up,
						past_tear_down),
		cmocka_unit_test_setup_teardown(test_findings_in_readings,
						past_set_up, past_tear_down),
		cmocka_unit_test(test_new_bank),
		cmocka_unit_test_setup_teardown(test_witness, past_set_up,
						past_tear_down),
		cmocka_unit_test_setup_teardown(test_month_twice, past_set_up,
						past_tear_down),
		cmocka_unit_test(test_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
