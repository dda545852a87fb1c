#include "bank/judge/repeat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/record.h"

static const struct repeat sample = {
	.question = { 1, 2, 3 },
	.wording = { 4, 5, 6 },
	.result = ERR_FROZEN,
	.seq = 57,
	.number = 3,
	.time_ms = 1763841240000,
	.words = "The account is frozen.",
};

static void assert_same(const struct repeat *a, const struct repeat *b)
{
	assert_memory_equal(a->question, b->question, sizeof(a->question));
	assert_memory_equal(a->wording, b->wording, sizeof(a->wording));
	assert_int_equal(a->result, b->result);
	assert_int_equal(a->seq, b->seq);
	assert_int_equal(a->number, b->number);
	assert_int_equal(a->time_ms, b->time_ms);
	assert_string_equal(a->words, b->words);
}

static void test_what_is_written_is_read(void **state UNUSED)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct repeat read = { 0 };

	repeat_encode(&sample, &bytes);
	assert_true(repeat_decode(buf_at(&bytes), buf_len(&bytes), &read));
	assert_same(&read, &sample);
	for (size_t len = 0; len < buf_len(&bytes); len++)
		assert_false(repeat_decode(buf_at(&bytes), len, &read));
	buf_add_char(&bytes, '\0');
	assert_false(repeat_decode(buf_at(&bytes), buf_len(&bytes), &read));
}

/* Of a version of the record. */
static void write_version(uint8_t version, struct buf *out)
{
	record_begin(out, version);
	buf_add(out, sample.question, sizeof(sample.question));
	record_put_text(out, err_code(sample.result));
	record_put_u64(out, sample.seq);
	record_put_u64(out, sample.number);
	record_put_i64(out, sample.time_ms);
	record_put_text(out, sample.words);
}

static void test_records_from_before_have_no_wording(void **state UNUSED)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct repeat want = sample;
	struct repeat read = { 0 };

	memset(want.wording, 0, sizeof(want.wording));
	write_version(1, &bytes);
	assert_true(repeat_decode(buf_at(&bytes), buf_len(&bytes), &read));
	assert_same(&read, &want);
}

static void test_other_versions_are_not_read(void **state UNUSED)
{
	static const uint8_t versions[] = { 0, 2, 3, 255 };

	for (size_t i = 0; i < sizeof(versions); i++) {
		AUTO(buf_fini) struct buf bytes = { 0 };
		struct repeat read;

		write_version(versions[i], &bytes);
		assert_false(
			repeat_decode(buf_at(&bytes), buf_len(&bytes), &read));
	}
}

static void note(struct order *order, enum order_kind kind, const char *account,
		 const char *whom, const char *cash)
{
	*order = (struct order){ .kind = kind, .amount = 500 };
	order_note_wording(order, account, whom, cash);
}

static void test_what_is_worded_the_same(void **state UNUSED)
{
	static const struct {
		enum order_kind kind;
		const char *account;
		const char *whom;
		const char *cash;
		bool is_same;
	} cases[] = {
		{ ORDER_PAY, "savings", "ben", "", true },
		{ ORDER_PAY, "Savings", "BEN", "", true },
		{ ORDER_HOLD, "savings", "ben", "", false },
		{ ORDER_PAY, "", "ben", "", false },
		{ ORDER_PAY, "savings", "bert", "", false },
		{ ORDER_PAY, "savingsb", "en", "", false },
		{ ORDER_PAY, "savings", "ben", "cash:yard", false },
	};
	struct order first;
	struct order order;

	note(&first, ORDER_PAY, "savings", "ben", "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		note(&order, cases[i].kind, cases[i].account, cases[i].whom,
		     cases[i].cash);
		assert_int_equal(memcmp(first.wording, order.wording,
					ORDER_WORDING) == 0,
				 cases[i].is_same);
	}
	order = (struct order){ .kind = ORDER_PAY, .amount = 501 };
	order_note_wording(&order, "savings", "ben", "");
	assert_memory_not_equal(first.wording, order.wording, ORDER_WORDING);
	order = (struct order){ .kind = ORDER_PAY, .amount = 500, .memo = "x" };
	order_note_wording(&order, "savings", "ben", "");
	assert_memory_not_equal(first.wording, order.wording, ORDER_WORDING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_is_read),
		cmocka_unit_test(test_records_from_before_have_no_wording),
		cmocka_unit_test(test_other_versions_are_not_read),
		cmocka_unit_test(test_what_is_worded_the_same),
	};

	return cmocka_run_group_tests_name("repeat", tests, NULL, NULL);
}
