#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "user/factor/factor.h"

enum { NOW_MS = 1000000000, USER = 7 };

static struct factor sound(void)
{
	struct factor factor = { .state = FACTOR_ON,
				 .since_ms = 5,
				 .by = "ann",
				 .last_step = 9,
				 .wrong = 2,
				 .wrong_ms = 6,
				 .pay_by_ms = 8,
				 .recovery_count = 2 };

	memset(factor.salt, 1, sizeof(factor.salt));
	memset(factor.sealed, 2, sizeof(factor.sealed));
	memset(factor.recovery[0], 3, DIGEST_BYTES);
	memset(factor.recovery[1], 4, DIGEST_BYTES);
	return factor;
}

static void records_are_read_again(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct factor before = sound();
	struct factor after;

	(void)state;
	factor_encode(&before, &bytes);
	assert_true(factor_decode(buf_at(&bytes), buf_len(&bytes), &after));
	assert_memory_equal(&after, &before, sizeof(after));
	for (size_t len = 0; len < buf_len(&bytes); len++)
		assert_false(factor_decode(buf_at(&bytes), len, &after));
	buf_add_char(&bytes, 'x');
	assert_false(factor_decode(buf_at(&bytes), buf_len(&bytes), &after));
}

static void unsound_records_are_refused(void **state)
{
	struct factor spoilt[4];
	struct factor after;

	(void)state;
	for (size_t i = 0; i < COUNT(spoilt); i++)
		spoilt[i] = sound();
	spoilt[0].state = (enum factor_state)9;
	spoilt[1].since_ms = -1;
	spoilt[2].pay_by_ms = -1;
	spoilt[3].wrong_ms = -1;
	for (size_t i = 0; i < COUNT(spoilt); i++) {
		AUTO(buf_fini) struct buf bytes = { 0 };

		factor_encode(&spoilt[i], &bytes);
		assert_false(
			factor_decode(buf_at(&bytes), buf_len(&bytes), &after));
	}
}

static void wrong_codes_are_paid_for(void **state)
{
	struct factor factor = { .state = FACTOR_ON };
	int64_t now = NOW_MS;

	(void)state;
	for (int i = 0; i < FACTOR_FREE; i++) {
		assert_int_equal(factor_wait_ms(&factor, now), 0);
		factor_note_wrong(&factor, now);
	}
	assert_int_equal(factor.wrong, FACTOR_FREE);
	assert_int_equal(factor_wait_ms(&factor, now), FACTOR_PRICE_MS);
	now += FACTOR_PRICE_MS - 1;
	assert_int_equal(factor_wait_ms(&factor, now), 1);
	now++;
	assert_int_equal(factor_wait_ms(&factor, now), 0);
	factor_note_wrong(&factor, now);
	assert_int_equal(factor_wait_ms(&factor, now), FACTOR_PRICE_MS);
	now += (int64_t)FACTOR_FREE * FACTOR_PRICE_MS;
	for (int i = 0; i < FACTOR_FREE; i++) {
		assert_int_equal(factor_wait_ms(&factor, now), 0);
		factor_note_wrong(&factor, now);
	}
	assert_int_equal(factor_wait_ms(&factor, now), FACTOR_PRICE_MS);
}

static void a_clock_put_back_makes_nobody_wait_longer(void **state)
{
	struct factor factor = { .state = FACTOR_ON };

	(void)state;
	for (int i = 0; i < FACTOR_FREE; i++)
		factor_note_wrong(&factor, INT64_C(4000000000000));
	assert_int_equal(factor_wait_ms(&factor, NOW_MS), FACTOR_PRICE_MS);
}

static void recovery_codes_are_good_once(void **state)
{
	struct factor factor = sound();
	struct code_sheet sheet;
	struct code codes[CODE_SHEET];

	(void)state;
	code_make_sheet(&sheet);
	factor_keep_sheet(&factor, USER, &sheet);
	assert_int_equal(factor.recovery_count, CODE_SHEET);
	for (size_t i = 0; i < CODE_SHEET; i++) {
		assert_true(code_read(sheet.codes[i], &codes[i]));
		assert_false(factor_spend(&factor, USER + 1, &codes[i]));
		assert_true(factor_spend(&factor, USER, &codes[i]));
		for (size_t j = 0; j <= i; j++)
			assert_false(factor_spend(&factor, USER, &codes[j]));
	}
	assert_int_equal(factor.recovery_count, 0);
}

static void a_new_sheet_ends_the_old(void **state)
{
	struct factor factor = sound();
	struct code_sheet old;
	struct code_sheet fresh;
	struct code code;

	(void)state;
	code_make_sheet(&old);
	code_make_sheet(&fresh);
	factor_keep_sheet(&factor, USER, &old);
	factor_keep_sheet(&factor, USER, &fresh);
	assert_int_equal(factor.recovery_count, CODE_SHEET);
	assert_true(code_read(old.codes[0], &code));
	assert_false(factor_spend(&factor, USER, &code));
	assert_true(code_read(fresh.codes[9], &code));
	assert_true(factor_spend(&factor, USER, &code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_again),
		cmocka_unit_test(unsound_records_are_refused),
		cmocka_unit_test(wrong_codes_are_paid_for),
		cmocka_unit_test(a_clock_put_back_makes_nobody_wait_longer),
		cmocka_unit_test(recovery_codes_are_good_once),
		cmocka_unit_test(a_new_sheet_ends_the_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
