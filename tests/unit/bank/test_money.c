#include "bank/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What is refused changes nothing. */
enum { UNTOUCHED = 4711 };

static const struct currency ria = { "RIA", "R", 2 };
static const struct currency bean = { "BEAN", "b", 0 };
static const struct currency grain = { "GRAIN", "g", 8 };

static const struct add_case {
	money a;
	money b;
	money sum;        /* MONEY_NONE: refused */
	money difference; /* likewise */
} add_cases[] = {
	{ 0, 0, 0, 0 },
	{ 1050, -300, 750, 1350 },
	{ MONEY_MOST, 0, MONEY_MOST, MONEY_MOST },
	{ MONEY_MOST, 1, MONEY_NONE, MONEY_MOST - 1 },
	{ MONEY_MOST, -1, MONEY_MOST - 1, MONEY_NONE },
	{ -MONEY_MOST, 1, 1 - MONEY_MOST, MONEY_NONE },
	{ -MONEY_MOST, -1, MONEY_NONE, 1 - MONEY_MOST },
	{ -MONEY_MOST, MONEY_MOST, 0, MONEY_NONE },
	{ MONEY_MOST, MONEY_MOST, MONEY_NONE, 0 },
	{ INT64_MAX, 1, MONEY_NONE, MONEY_NONE },
	{ INT64_MIN, -1, MONEY_NONE, MONEY_NONE },
	{ 0, INT64_MIN, MONEY_NONE, MONEY_NONE },
};

static void check(bool is_done, money got, money want)
{
	assert_int_equal(is_done, want != MONEY_NONE);
	assert_int_equal(got, is_done ? want : UNTOUCHED);
}

static void sums_stay_in_bounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(add_cases); i++) {
		const struct add_case *c = &add_cases[i];
		money got = UNTOUCHED;
		bool is_done = money_add(c->a, c->b, &got);

		check(is_done, got, c->sum);
		got = UNTOUCHED;
		is_done = money_subtract(c->a, c->b, &got);
		check(is_done, got, c->difference);
	}
}

static const struct parse_case {
	const struct currency *currency;
	const char *text;
	money amount; /* MONEY_NONE: refused */
	money with_sign;
} parse_cases[] = {
	{ &ria, "10", 1000, 1000 },
	{ &ria, "10.5", 1050, 1050 },
	{ &ria, "10.50", 1050, 1050 },
	{ &ria, "0.01", 1, 1 },
	{ &ria, "007", 700, 700 },
	{ &ria, "00000000000000000000000000000001", 100, 100 },
	{ &ria, "90071992547409.91", MONEY_MOST, MONEY_MOST },
	{ &ria, "90071992547409.92", MONEY_NONE, MONEY_NONE },
	{ &ria, "90071992547410", MONEY_NONE, MONEY_NONE },
	{ &ria, "9007199254740991", MONEY_NONE, MONEY_NONE },
	{ &ria, "18446744073709551617", MONEY_NONE, MONEY_NONE },
	{ &ria, "0", MONEY_NONE, 0 },
	{ &ria, "0.00", MONEY_NONE, 0 },
	{ &ria, "-0", MONEY_NONE, 0 },
	{ &ria, "-3", MONEY_NONE, -300 },
	{ &ria, "-0.01", MONEY_NONE, -1 },
	{ &ria, "-90071992547409.91", MONEY_NONE, -MONEY_MOST },
	{ &ria, "-90071992547409.92", MONEY_NONE, MONEY_NONE },
	{ &ria, "--3", MONEY_NONE, MONEY_NONE },
	{ &ria, "-", MONEY_NONE, MONEY_NONE },
	{ &ria, "- 3", MONEY_NONE, MONEY_NONE },
	{ &ria, "+3", MONEY_NONE, MONEY_NONE },
	{ &ria, "", MONEY_NONE, MONEY_NONE },
	{ &ria, ".", MONEY_NONE, MONEY_NONE },
	{ &ria, "5.", MONEY_NONE, MONEY_NONE },
	{ &ria, ".5", MONEY_NONE, MONEY_NONE },
	{ &ria, "-.5", MONEY_NONE, MONEY_NONE },
	{ &ria, "1.2.3", MONEY_NONE, MONEY_NONE },
	{ &ria, "1..2", MONEY_NONE, MONEY_NONE },
	{ &ria, "10.505", MONEY_NONE, MONEY_NONE },
	{ &ria, "10.500", MONEY_NONE, MONEY_NONE },
	{ &ria, "10,5", MONEY_NONE, MONEY_NONE },
	{ &ria, "1,000", MONEY_NONE, MONEY_NONE },
	{ &ria, "1'000", MONEY_NONE, MONEY_NONE },
	{ &ria, "1e3", MONEY_NONE, MONEY_NONE },
	{ &ria, "0x10", MONEY_NONE, MONEY_NONE },
	{ &ria, "inf", MONEY_NONE, MONEY_NONE },
	{ &ria, "nan", MONEY_NONE, MONEY_NONE },
	{ &ria, " 1", MONEY_NONE, MONEY_NONE },
	{ &ria, "1 ", MONEY_NONE, MONEY_NONE },
	{ &ria, "1\n", MONEY_NONE, MONEY_NONE },
	{ &ria, "1 R", MONEY_NONE, MONEY_NONE },
	{ &ria, "R1", MONEY_NONE, MONEY_NONE },
	{ &ria, "\xd9\xa1", MONEY_NONE, MONEY_NONE }, /* an Arabic one */
	{ &ria, "\xff", MONEY_NONE, MONEY_NONE },
	{ &bean, "12", 12, 12 },
	{ &bean, "9007199254740991", MONEY_MOST, MONEY_MOST },
	{ &bean, "9007199254740992", MONEY_NONE, MONEY_NONE },
	{ &bean, "12.", MONEY_NONE, MONEY_NONE },
	{ &bean, "12.0", MONEY_NONE, MONEY_NONE },
	{ &grain, "0.00000001", 1, 1 },
	{ &grain, "1", 100000000, 100000000 },
	{ &grain, "90071992.54740991", MONEY_MOST, MONEY_MOST },
	{ &grain, "90071992.54740992", MONEY_NONE, MONEY_NONE },
	{ &grain, "90071993", MONEY_NONE, MONEY_NONE },
	{ &grain, "0.000000001", MONEY_NONE, MONEY_NONE },
};

static void amounts_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		money got = UNTOUCHED;
		bool is_read = money_parse(c->text, c->currency, &got);

		check(is_read, got, c->amount);
		got = UNTOUCHED;
		is_read = money_parse_signed(c->text, c->currency, &got);
		check(is_read, got, c->with_sign);
	}
}

static const struct explain_case {
	const struct currency *currency;
	const char *text;
	const char *want;
} explain_cases[] = {
	{ &ria, "", "The amount is missing; write it as 10.50." },
	{ &bean, "", "The amount is missing; write it as 10." },
	{ &ria, "10,5", "10,5 has a comma; write 10.5." },
	{ &ria, "1,000", "1,000 has a comma; write 1000." },
	{ &ria, "1,000.50", "1,000.50 has a comma; write 1000.50." },
	{ &ria, "1,2,3", "1,2,3 has a comma; write 123." },
	{ &ria, "a,b",
	  "a,b is not an amount; write digits and a point, as 10.50." },
	{ &ria, "0", "0 is nothing; the smallest amount is 0.01." },
	{ &ria, "0.00", "0.00 is nothing; the smallest amount is 0.01." },
	{ &bean, "0", "0 is nothing; the smallest amount is 1." },
	{ &ria, "-3", "-3 has a sign; an amount is above zero, as 10.50." },
	{ &ria, "+3", "+3 has a sign; an amount is above zero, as 10.50." },
	{ &ria, "10.505",
	  "10.505 has too many digits behind the point; RIA has 2." },
	{ &ria, "10.500",
	  "10.500 has too many digits behind the point; RIA has 2." },
	{ &bean, "10.5",
	  "10.5 has a point; amounts of BEAN are whole numbers." },
	{ &ria, "5.",
	  "5. is not an amount; write digits and a point, as 10.50." },
	{ &ria, ".5",
	  ".5 is not an amount; write digits and a point, as 10.50." },
	{ &ria, "1e3",
	  "1e3 is not an amount; write digits and a point, as 10.50." },
	{ &bean, "1e3", "1e3 is not an amount; write digits, as 10." },
	{ &ria, "90071992547409.92",
	  "90071992547409.92 is too large; "
	  "the largest amount is 90071992547409.91." },
	{ &bean, "12345678901234567890123456789012345678901234567890",
	  "12345678901234567890123456789012... is too large; "
	  "the largest amount is 9007199254740991." },
	{ &grain, "10",
	  "10 is too large; the largest amount is 90071992.54740991." },
	/* Neither cut in two nor passed on. */
	{ &ria, "\x1b[2J",
	  "?[2J is not an amount; write digits and a point, as 10.50." },
	{ &ria, "1234567890123456789012345678901\xc3\xa9",
	  "1234567890123456789012345678901?... is not an amount; "
	  "write digits and a point, as 10.50." },
};

static void refusals_say_what_is_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(explain_cases); i++) {
		const struct explain_case *c = &explain_cases[i];
		char words[MONEY_WORDS];

		money_explain(c->text, c->currency, words);
		assert_string_equal(words, c->want);
	}
}

static void refusals_are_bounded(void **state)
{
	const struct currency longest = { "ABCDEFGH", "ABCDEFGHIJKLMNOP", 8 };
	const char *const bytes = ",.-0x\xff";
	char words[MONEY_WORDS];
	char text[4096];

	(void)state;
	for (const char *byte = bytes; *byte != '\0'; byte++) {
		memset(text, *byte, sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		money_explain(text, &longest, words);
		assert_int_equal(words[strlen(words) - 1], '.');
	}
}

static const struct print_case {
	const struct currency *currency;
	money amount;
	const char *want;
	const char *with_symbol;
} print_cases[] = {
	{ &ria, 0, "0.00", "0.00 R" },
	{ &ria, 1, "0.01", "0.01 R" },
	{ &ria, -1, "-0.01", "-0.01 R" },
	{ &ria, 1050, "10.50", "10.50 R" },
	{ &ria, -300, "-3.00", "-3.00 R" },
	{ &ria, MONEY_MOST, "90071992547409.91", "90071992547409.91 R" },
	{ &ria, -MONEY_MOST, "-90071992547409.91", "-90071992547409.91 R" },
	{ &ria, INT64_MIN, "-92233720368547758.08", "-92233720368547758.08 R" },
	{ &bean, 0, "0", "0 b" },
	{ &bean, -12, "-12", "-12 b" },
	{ &grain, 1, "0.00000001", "0.00000001 g" },
	{ &grain, MONEY_MOST, "90071992.54740991", "90071992.54740991 g" },
};

static void amounts_are_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(print_cases); i++) {
		const struct print_case *c = &print_cases[i];
		char text[MONEY_TEXT];

		money_print(c->amount, c->currency, text);
		assert_string_equal(text, c->want);
		money_print_symbol(c->amount, c->currency, text);
		assert_string_equal(text, c->with_symbol);
	}
}

static const struct part_case {
	money total;
	unsigned count;
	money parts[4];
} part_cases[] = {
	{ 1000, 3, { 334, 333, 333 } },
	{ 1001, 3, { 334, 334, 333 } },
	{ 999, 3, { 333, 333, 333 } },
	{ 1, 4, { 1, 0, 0, 0 } },
	{ 3, 4, { 1, 1, 1, 0 } },
	{ 7, 1, { 7 } },
	{ MONEY_MOST, 2, { MONEY_MOST / 2 + 1, MONEY_MOST / 2 } },
};

static void parts_sum_to_the_total(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(part_cases); i++) {
		const struct part_case *c = &part_cases[i];
		money sum = 0;

		for (unsigned n = 0; n < c->count; n++) {
			money part = money_part(c->total, c->count, n);

			assert_int_equal(part, c->parts[n]);
			sum += part;
		}
		assert_int_equal(sum, c->total);
	}
}

static const struct scale_case {
	money amount;
	int64_t numerator;
	int64_t denominator;
	money want; /* MONEY_NONE: refused */
} scale_cases[] = {
	{ 0, 1, 1, 0 },
	{ 1000, 25, 10000, 3 }, /* 2.5 */
	{ 999, 25, 10000, 2 },
	{ 1001, 25, 10000, 3 },
	{ -1000, 25, 10000, -3 },
	{ -999, 25, 10000, -2 },
	{ 1000, -25, 10000, -3 },
	{ -1000, -25, 10000, 3 },
	{ 1, 1, 2, 1 },
	{ 1, 1, 3, 0 },
	{ 2, 1, 3, 1 },
	{ 1, 3, 2, 2 },
	{ MONEY_MOST, 1, 1, MONEY_MOST },
	{ MONEY_MOST, INT64_MAX, INT64_MAX, MONEY_MOST },
	{ -MONEY_MOST, INT64_MAX, INT64_MAX, -MONEY_MOST },
	{ MONEY_MOST, INT64_MIN, INT64_MAX, -MONEY_MOST },
	{ MONEY_MOST, 10000, 9999, MONEY_NONE },
	{ MONEY_MOST, INT64_MAX, 1, MONEY_NONE },
	{ -MONEY_MOST, INT64_MAX, 1, MONEY_NONE },
	{ INT64_MIN, INT64_MIN, 1, MONEY_NONE },
	{ 1, INT64_MAX, INT64_MAX - 1, 1 },
	{ INT64_MAX, 1, INT64_MAX, 1 },
};

static void scaling_rounds_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scale_cases); i++) {
		const struct scale_case *c = &scale_cases[i];
		money got = UNTOUCHED;
		bool is_done = money_scale(c->amount, c->numerator,
					   c->denominator, &got);

		check(is_done, got, c->want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_stay_in_bounds),
		cmocka_unit_test(amounts_are_read),
		cmocka_unit_test(refusals_say_what_is_right),
		cmocka_unit_test(refusals_are_bounded),
		cmocka_unit_test(amounts_are_printed),
		cmocka_unit_test(parts_sum_to_the_total),
		cmocka_unit_test(scaling_rounds_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
