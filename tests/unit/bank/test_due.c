/* What is open between two accounts, by its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bank/due.h"
#include "house.h"

enum { LISTED = 2, ANN = 11, BEN = 12, ONE = 1, LATE = 2, BACK = 3 };

static const struct due things[] = {
	{ .number = LATE, .payer = ANN, .receiver = BEN, .due_ms = 300 },
	{ .number = ONE, .payer = ANN, .receiver = BEN, .due_ms = 100 },
	{ .number = BACK, .payer = BEN, .receiver = ANN, .due_ms = 200 },
};

static const struct list_case {
	const char *name;
	account_id account;
	bool is_payer;
	int64_t then_ms;
	size_t count;
	uint64_t numbers[LISTED];
} list_cases[] = {
	{ "of all, as many as fit", 0, false, 1000, 2, { ONE, BACK } },
	{ "of all, that end by then", 0, false, 100, 1, { ONE } },
	{ "none that ends by then", 0, false, 99, 0, { 0 } },
	{ "that one pays", ANN, true, 1000, 2, { ONE, LATE } },
	{ "that are for one", ANN, false, 1000, 1, { BACK } },
	{ "that one pays by then", ANN, true, 299, 1, { ONE } },
	{ "of nobody", 13, true, 1000, 0, { 0 } },
};

struct deed {
	struct store_table *index;
	const struct due *due;
	bool is_open;
};

static enum err mark(struct store_txn *txn, void *arg)
{
	const struct deed *deed = arg;

	return due_mark(txn, deed->index, deed->due, deed->is_open);
}

static enum err run(struct house *h, const struct due *due, bool is_open)
{
	struct deed deed = { store_table(h->store, "bank_hold_index"), due,
			     is_open };

	h->is_spoiled = true;
	return store_run(h->store, mark, &deed);
}

struct look {
	struct store_table *index;
	const struct list_case *row;
	uint64_t numbers[LISTED];
	size_t count;
};

static enum err list(struct store_txn *txn, void *arg)
{
	struct look *look = arg;
	const struct list_case *row = look->row;

	return due_list(txn, look->index, row->account, row->is_payer,
			row->then_ms, look->numbers, LISTED, &look->count);
}

static void test_list(void **state)
{
	struct house *h = *state;

	for (size_t i = 0; i < COUNT(things); i++)
		assert_int_equal(run(h, &things[i], true), ERR_OK);
	for (size_t i = 0; i < COUNT(list_cases); i++) {
		const struct list_case *row = &list_cases[i];
		struct look look = {
			store_table(h->store, "bank_hold_index"), row, { 0 }, 0
		};

		print_message("%s\n", row->name);
		assert_int_equal(store_view(h->store, list, &look), ERR_OK);
		assert_int_equal(look.count, row->count);
		for (size_t j = 0; j < row->count; j++)
			assert_int_equal(look.numbers[j], row->numbers[j]);
	}
}

/* What was closed is in it no more; what is not in it cannot be closed. */
static void test_close(void **state)
{
	struct house *h = *state;
	const struct list_case row = { "all", 0, false, 1000, 0, { 0 } };
	struct look look = {
		store_table(h->store, "bank_hold_index"), &row, { 0 }, 0
	};

	assert_int_equal(run(h, &things[0], true), ERR_OK);
	assert_int_equal(run(h, &things[0], false), ERR_OK);
	assert_int_equal(store_view(h->store, list, &look), ERR_OK);
	assert_int_equal(look.count, 0);
	assert_int_equal(run(h, &things[0], false), ERR_CORRUPT);
}

static void test_marks(void **state)
{
	uint8_t marks[DUE_MARKS][DUE_MARK];
	uint64_t number = 0;

	(void)state;
	due_marks(&things[0], marks);
	for (size_t i = 0; i < DUE_MARKS; i++) {
		struct store_record record = { .key = marks[i],
					       .key_len = DUE_MARK };

		assert_true(due_has_mark(&things[0], marks[i]));
		assert_false(due_has_mark(&things[1], marks[i]));
		assert_true(due_number(&record, &number));
		assert_int_equal(number, LATE);
		record.key_len--;
		assert_false(due_number(&record, &number));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_list, house_set_up,
						house_tear_down),
		cmocka_unit_test_setup_teardown(test_close, house_set_up,
						house_tear_down),
		cmocka_unit_test(test_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
