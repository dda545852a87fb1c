#include "bank/judge/fee.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { UNTOUCHED = 4711, REFUSED = -1 };

static const struct currency ria = { "RIA", "R", 2 };
static const struct currency bean = { "BEAN", "b", 0 };

static const struct parse_case {
	const struct currency *currency;
	const char *text;
	money fixed; /* REFUSED: it is */
	int64_t per_10000;
} parse_cases[] = {
	{ &ria, "0.10", 10, 0 },
	{ &ria, "3", 300, 0 },
	{ &ria, "0", 0, 0 },
	{ &ria, "90071992547409.91", MONEY_MOST, 0 },
	{ &ria, "0.25%", 0, 25 },
	{ &ria, "0.01%", 0, 1 },
	{ &ria, "0%", 0, 0 },
	{ &ria, "1%", 0, 100 },
	{ &ria, "12.5%", 0, 1250 },
	{ &ria, "100%", 0, 10000 },
	{ &ria, "100.00%", 0, 10000 },
	{ &bean, "0.25%", 0, 25 },
	{ &bean, "3", 3, 0 },
	{ &bean, "0.10", REFUSED, 0 },
	{ &ria, "100.01%", REFUSED, 0 },
	{ &ria, "000100%", 0, 10000 },
	{ &ria, "0000100%", 0, 10000 },
	{ &ria, "00000100%", REFUSED, 0 },
	{ &ria, "18446744073709551617%", REFUSED, 0 },
	{ &ria, "0.255%", REFUSED, 0 },
	{ &ria, "0,25%", REFUSED, 0 },
	{ &ria, "-0.25%", REFUSED, 0 },
	{ &ria, "0.25 %", REFUSED, 0 },
	{ &ria, "0.25%%", REFUSED, 0 },
	{ &ria, "%", REFUSED, 0 },
	{ &ria, "%5", REFUSED, 0 },
	{ &ria, "5%5", REFUSED, 0 },
	{ &ria, "", REFUSED, 0 },
	{ &ria, "-0.10", REFUSED, 0 },
	{ &ria, "0.105", REFUSED, 0 },
	{ &ria, "none", REFUSED, 0 },
};

static void fees_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		bool is_right = c->fixed != REFUSED;
		struct fee fee = { UNTOUCHED, UNTOUCHED };
		bool is_read = fee_parse(c->text, c->currency, &fee);

		assert_int_equal(is_read, is_right);
		assert_int_equal(fee.fixed, is_right ? c->fixed : UNTOUCHED);
		assert_int_equal(fee.per_10000,
				 is_right ? c->per_10000 : UNTOUCHED);
	}
}

static const struct fee_case {
	struct fee fee;
	money amount;
	money want;
} fee_cases[] = {
	{ { 0, 0 }, 1000, 0 },
	{ { 10, 0 }, 1000, 10 },
	{ { 10, 0 }, 1, 10 },
	{ { 10, 0 }, 0, 0 },
	{ { 10, 0 }, -5, 0 },
	{ { MONEY_MOST, 0 }, 1, MONEY_MOST },
	/* 2.4975, 2.5, 2.5025 */
	{ { 0, 25 }, 999, 2 },
	{ { 0, 25 }, 1000, 3 },
	{ { 0, 25 }, 1001, 3 },
	{ { 0, 25 }, -1000, 0 },
	/* Half a unit, and the last amount below it. */
	{ { 0, 1 }, 5000, 1 },
	{ { 0, 1 }, 4999, 0 },
	{ { 0, 1 }, 1, 0 },
	{ { 0, 10000 }, 1, 1 },
	{ { 0, 10000 }, MONEY_MOST, MONEY_MOST },
	{ { 0, 9999 }, MONEY_MOST, INT64_C(9006298534815517) },
	{ { 0, 1 }, MONEY_MOST, INT64_C(900719925474) },
};

static void fees_are_rounded_to_the_nearest(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fee_cases); i++) {
		const struct fee_case *c = &fee_cases[i];

		assert_int_equal(fee_of(&c->fee, c->amount), c->want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fees_are_read),
		cmocka_unit_test(fees_are_rounded_to_the_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
