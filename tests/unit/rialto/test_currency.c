#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rialto/atm/currency.h"

static const struct login_case {
	const char *login;
	const char *code;
	int scale;
} login_cases[] = {
	{ "{\"currency\":\"RIA\",\"scale\":2}", "RIA", 2 },
	{ "{\"currency\":\"Abcdefgh\",\"scale\":0}", "Abcdefgh", 0 },
	{ "{\"currency\":\"Abcdefghi\",\"scale\":0}", "", 0 },
	{ "{\"currency\":\"R\\u001b\",\"scale\":2}", "", 0 },
	{ "{\"currency\":\"RIA\",\"scale\":9}", "", 0 },
	{ "{\"currency\":\"RIA\",\"scale\":-1}", "", 0 },
	{ "{\"currency\":\"RIA\"}", "", 0 },
	{ "{\"scale\":2}", "", 0 },
	{ "{}", "", 0 },
};

static void test_is_told_at_the_login(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(login_cases); i++) {
		const struct login_case *c = &login_cases[i];
		json_t *login = json_loads(c->login, 0, NULL);
		struct currency currency;

		currency_take(login, &currency);
		assert_string_equal(currency.code, c->code);
		assert_int_equal(currency.scale, c->scale);
		json_decref(login);
	}
}

static const struct currency ria = { "RIA", 2 };
static const struct currency whole = { "YEN", 0 };
static const struct currency unknown = { "", 0 };

static const char more[] = "That is more than you can spend.";

static const struct doubt_case {
	const struct currency *currency;
	const char *amount;
	const char *available;
	const char *words; /* NULL: nothing is wrong */
} doubt_cases[] = {
	{ &ria, "10", "10.00", NULL },
	{ &ria, "10.5", "", NULL },
	{ &ria, "0.01", "0.01", NULL },
	{ &ria, "10.01", "10.00", more },
	{ &ria, "0.01", "-3.00", more },
	{ &ria, "90071992547409.91", "", NULL },
	{ &ria, "90071992547409.92", "",
	  "There is not so much in any account." },
	{ &ria, "99999999999999999999999999", "1.00",
	  "There is not so much in any account." },
	{ &ria, "0.00", "", "That is nothing. Please write an amount." },
	{ &ria, "1.005", "", "RIA has 2 digits behind the point." },
	{ &ria, "1,5", "", "Please write the amount in digits, as 10.50." },
	{ &ria, "-1", "", "Please write the amount in digits, as 10.50." },
	{ &ria, "1.", "", "Please write the amount in digits, as 10.50." },
	{ &ria, ".5", "", "Please write the amount in digits, as 10.50." },
	{ &ria, "1.5.5", "", "Please write the amount in digits, as 10.50." },
	{ &ria, "ten", "", "Please write the amount in digits, as 10.50." },
	{ &ria, " 1", "", "Please write the amount in digits, as 10.50." },
	{ &ria, "", "", "Please write the amount in digits, as 10.50." },
	{ &whole, "1.5", "", "Amounts of YEN are whole numbers." },
	{ &whole, "1500", "1500", NULL },
	/* A daemon that says something else is not believed. */
	{ &ria, "5", "1.000", NULL },
	{ &ria, "5", "\x1b[2J", NULL },
	{ &ria, "5", "-", NULL },
	{ &ria, "5", "99999999999999999999", NULL },
	/* Of a currency that is not known only the form is. */
	{ &unknown, "1.23456", "1.00", NULL },
	{ &unknown, "x", "", "Please write the amount in digits, as 10." },
};

static void test_doubts_amounts(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(doubt_cases); i++) {
		const struct doubt_case *c = &doubt_cases[i];
		AUTO(mem_free_text)
		char *words =
			currency_doubt(c->currency, c->amount, c->available);

		if (c->words == NULL && words != NULL)
			fail_msg("%s: %s", c->amount, words);
		if (c->words != NULL)
			assert_string_equal(words, c->words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_told_at_the_login),
		cmocka_unit_test(test_doubts_amounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
