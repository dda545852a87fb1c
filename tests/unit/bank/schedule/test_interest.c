#include "bank/schedule/interest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bank/schedule/calendar.h"

static const struct interest_case {
	const char *name;
	int year;
	int rate; /* tenths of a percent */
	struct {
		money balance;
		int days;
	} runs[4];
	money want;
} interest_cases[] = {
	{ "nothing", 2026, 50, { { 0 } }, 0 },
	{ "no rate", 2026, 0, { { 100000, 31 } }, 0 },
	/* 365000 * 30 * 0.05 / 365 */
	{ "a month", 2026, 50, { { 365000, 30 } }, 1500 },
	{ "a day of a leap year is worth less",
	  2028,
	  50,
	  { { 366000, 30 } },
	  1500 },
	{ "2028 against 2026", 2028, 50, { { 365000, 30 } }, 1496 },
	{ "half a unit is rounded up",
	  2026,
	  1000,
	  { { 365, 1 }, { 0, 29 } },
	  1 },
	/* 182.5 / 365 = 0.5; 182 / 365 < 0.5 */
	{ "exactly a half", 2026, 500, { { 365, 1 }, { 0, 27 } }, 1 },
	{ "just below a half", 2026, 500, { { 364, 1 }, { 0, 27 } }, 0 },
	/* Each day by itself would be 0.4 and vanish. */
	{ "rounded once", 2026, 1000, { { 146, 30 } }, 12 },
	{ "below zero earns and costs nothing",
	  2026,
	  50,
	  { { 365000, 15 }, { -365000000, 15 } },
	  750 },
	{ "only below zero", 2026, 1000, { { -MONEY_MOST, 31 } }, 0 },
	{ "the sum of days",
	  2026,
	  50,
	  { { 100000, 10 }, { 200000, 10 }, { 50000, 8 }, { 0, 3 } },
	  466 },
	{ "as much as can be",
	  2026,
	  INTEREST_RATE_MOST,
	  { { MONEY_MOST, 31 } },
	  INT64_C(764995005197180) },
	{ "as much as can be for a tenth of a percent",
	  2028,
	  1,
	  { { MONEY_MOST, 31 } },
	  INT64_C(762904854910) },
};

static void interest_is_exact_and_rounded_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(interest_cases); i++) {
		const struct interest_case *c = &interest_cases[i];
		struct interest interest = { 0 };

		for (size_t n = 0; n < COUNT(c->runs); n++)
			interest_add(&interest, c->runs[n].balance,
				     c->runs[n].days);
		print_message("# %s\n", c->name);
		assert_int_equal(interest_sum(&interest, c->year, c->rate),
				 c->want);
	}
}

/* A whole year at one balance earns the rate. */
static void a_year_earns_the_rate(void **state)
{
	static const int years[] = { 2026, 2027, 2028, 2100 };

	(void)state;
	for (size_t i = 0; i < COUNT(years); i++) {
		/* Without rounding: of 365 and of 366. */
		const money balance = INT64_C(365) * 366 * 1000;
		money sum = 0;

		for (int month = 1; month <= 12; month++) {
			struct interest interest = { 0 };

			interest_add(
				&interest, balance,
				calendar_month_days(years[i] * 100 + month));
			sum += interest_sum(&interest, years[i], 35);
		}
		assert_int_equal(sum, balance * 35 / 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interest_is_exact_and_rounded_once),
		cmocka_unit_test(a_year_earns_the_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
