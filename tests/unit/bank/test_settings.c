#include "bank/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

struct all {
	struct bank_conf bank;
};

#define MAP(name, items)                                                       \
	{                                                                      \
		name, CONF_MAP, items, offsetof(struct all, bank),             \
			sizeof(struct bank_conf), NULL                         \
	}

static const struct conf_section schema[] = {
	MAP("bank", bank_conf_items),
	MAP("bank.currency", bank_currency_conf_items),
	MAP("bank.cash", bank_cash_conf_items),
	MAP("bank.limits", bank_limits_conf_items),
	MAP("bank.fees", bank_fees_conf_items),
	{ 0 },
};

static void check(struct conf_check *conf_check, const void *settings)
{
	bank_settings_check(conf_check, &((const struct all *)settings)->bank);
}

/* Settings as of the file; what is wrong is added to complaints. */
static enum err read_settings(const char *text, struct bank_settings *s,
			      struct buf *complaints)
{
	struct all all = { 0 };
	enum err e = conf_parse(schema, check, "t.yaml", text, strlen(text),
				&all, complaints);

	if (e == ERR_OK)
		bank_settings_make(&all.bank, s);
	conf_free(schema, &all);
	return e;
}

static struct bank_settings settings_of(const char *text)
{
	struct buf complaints = { 0 };
	struct bank_settings s;
	enum err e = read_settings(text, &s, &complaints);

	assert_string_equal(buf_text(&complaints), "");
	assert_int_equal(e, ERR_OK);
	buf_fini(&complaints);
	return s;
}

static void has_the_documented_presets(void **state)
{
	struct bank_settings s = settings_of("");

	(void)state;
	assert_string_equal(s.currency.code, "RIA");
	assert_string_equal(s.currency.symbol, "R");
	assert_int_equal(s.currency.scale, 2);
	assert_int_equal(s.cash_policy, CASH_SELF);
	assert_string_equal(s.cash_account, "cash:till");
	assert_int_equal(s.cash_per_deposit, 20000);
	assert_int_equal(s.cash_per_day, 50000);
	assert_int_equal(s.floor, 0);
	assert_int_equal(s.ceiling, MONEY_NONE);
	assert_int_equal(s.per_transfer, MONEY_NONE);
	assert_int_equal(s.per_day, MONEY_NONE);
	assert_int_equal(s.undo_window_s, 120);
	assert_int_equal(s.approval_above, MONEY_NONE);
	assert_int_equal(s.second_factor_above, MONEY_NONE);
	for (int kind = 0; kind < FEE_KINDS; kind++) {
		assert_int_equal(s.fees[kind].fixed, 0);
		assert_int_equal(s.fees[kind].per_10000, 0);
	}
	assert_int_equal(s.rate.count, 120);
	assert_int_equal(s.rate.period_s, 60);
	assert_string_equal(s.witness, "");
}

static void reads_everything(void **state)
{
	struct bank_settings s = settings_of(
		"bank:\n"
		"  currency: { code: Lira, symbol: \xe2\x82\xa4, scale: 3 }\n"
		"  cash: { policy: teller, account: cash:front-desk,\n"
		"          per_deposit: none, per_day: 0.001 }\n"
		"  limits: { floor: -50.5, ceiling: 1000, per_transfer: 20,\n"
		"            per_day: 30.125 }\n"
		"  fees: { pay: 0.1, withdraw: 0.25%, deposit: 0 }\n"
		"  undo_window: 0s\n"
		"  approval_above: 0\n"
		"  second_factor_above: 5.50\n"
		"  rate: none\n"
		"  witness: den\n");

	(void)state;
	assert_string_equal(s.currency.code, "Lira");
	assert_string_equal(s.currency.symbol, "\xe2\x82\xa4");
	assert_int_equal(s.currency.scale, 3);
	assert_int_equal(s.cash_policy, CASH_TELLER);
	assert_string_equal(s.cash_account, "cash:front-desk");
	assert_int_equal(s.cash_per_deposit, MONEY_NONE);
	assert_int_equal(s.cash_per_day, 1);
	assert_int_equal(s.floor, -50500);
	assert_int_equal(s.ceiling, 1000000);
	assert_int_equal(s.per_transfer, 20000);
	assert_int_equal(s.per_day, 30125);
	assert_int_equal(s.undo_window_s, 0);
	assert_int_equal(s.approval_above, 0);
	assert_int_equal(s.second_factor_above, 5500);
	assert_int_equal(s.fees[FEE_PAY].fixed, 100);
	assert_int_equal(s.fees[FEE_WITHDRAW].per_10000, 25);
	assert_int_equal(s.fees[FEE_DEPOSIT].fixed, 0);
	assert_true(s.rate.count <= 0);
	assert_string_equal(s.witness, "den");
}

static void presets_fit_every_scale(void **state)
{
	money unit = 1;

	(void)state;
	for (int scale = 0; scale <= CURRENCY_SCALE_MOST; scale++, unit *= 10) {
		struct buf text = { 0 };
		struct bank_settings s;

		buf_print(&text, "bank: { currency: { scale: %d } }", scale);
		s = settings_of(buf_text(&text));
		assert_int_equal(s.currency.scale, scale);
		assert_int_equal(s.cash_per_deposit, 200 * unit);
		assert_int_equal(s.cash_per_day, 500 * unit);
		assert_int_equal(s.floor, 0);
		buf_fini(&text);
	}
}

/* Each is reported once. */
static const struct wrong_case {
	const char *text;
	const char *want;
} wrong_cases[] = {
	{ "bank: { currency: { code: R2D2 } }",
	  "1:27: bank.currency.code is \"R2D2\"; it must be 1 to 8 ASCII "
	  "letters" },
	{ "bank: { currency: { code: \"\" } }",
	  "1:27: bank.currency.code is empty; it must be 1 to 8 bytes long" },
	{ "bank: { currency: { code: ABCDEFGHI } }",
	  "1:27: bank.currency.code is ABCDEFGHI; it must be 1 to 8 bytes "
	  "long" },
	{ "bank: { currency: { symbol: a b } }",
	  "1:29: bank.currency.symbol is \"a b\"; it must have no spaces, "
	  "digits, signs, points or commas" },
	{ "bank: { currency: { symbol: R2 } }",
	  "1:29: bank.currency.symbol is \"R2\"; it must have no spaces, "
	  "digits, signs, points or commas" },
	{ "bank: { currency: { scale: 9 } }",
	  "1:28: bank.currency.scale is 9; it must be 0 to 8" },
	{ "bank: { cash: { policy: anybody } }",
	  "1:25: bank.cash.policy is anybody; it must be self, teller or "
	  "terminal" },
	{ "bank: { cash: { account: till } }",
	  "1:26: bank.cash.account is \"till\"; it must be cash: and a name: "
	  "an ASCII letter, then letters, digits, - or _" },
	{ "bank: { cash: { account: \"cash:\" } }",
	  "1:26: bank.cash.account is \"cash:\"; it must be cash: and a name: "
	  "an ASCII letter, then letters, digits, - or _" },
	{ "bank: { cash: { per_deposit: 0 } }",
	  "1:30: bank.cash.per_deposit is 0; it must be an amount with at most "
	  "2 digits behind the point, 0.01 to 90071992547409.91, or none" },
	{ "bank:\n  cash:\n    per_day: 10,5\n",
	  "3:14: bank.cash.per_day is 10,5; it must be an amount with at most "
	  "2 digits behind the point, 0.01 to 90071992547409.91, or none" },
	{ "bank: { limits: { floor: 0.005 } }",
	  "1:26: bank.limits.floor is 0.005; it must be an amount with at most "
	  "2 digits behind the point, -90071992547409.91 to "
	  "90071992547409.91, or none" },
	{ "bank: { currency: { scale: 0 }, limits: { per_day: 10.5 } }",
	  "1:52: bank.limits.per_day is 10.5; it must be a whole number, "
	  "1 to 9007199254740991, or none" },
	{ "bank: { limits: { per_transfer: \"none\" } }",
	  "1:33: bank.limits.per_transfer is none; it must be an amount with "
	  "at most 2 digits behind the point, 0.01 to 90071992547409.91, "
	  "or none" },
	{ "bank: { limits: { per_transfer: -5 } }",
	  "1:33: bank.limits.per_transfer is -5; it must be an amount with "
	  "at most 2 digits behind the point, 0.01 to 90071992547409.91, "
	  "or none" },
	{ "bank: { limits: { floor: 10, ceiling: 10.00 } }",
	  "1:39: bank.limits.ceiling is 10.00; it must be above the floor, "
	  "which is 10" },
	{ "bank: { approval_above: much }",
	  "1:25: bank.approval_above is much; it must be an amount with at "
	  "most 2 digits behind the point, 0.00 to 90071992547409.91, "
	  "or none" },
	{ "bank: { fees: { pay: 0.255% } }",
	  "1:22: bank.fees.pay is 0.255%; it must be an amount such as 0.01, "
	  "a part such as 0.25% (at most 100%, two digits behind the point), "
	  "or none" },
	{ "bank: { fees: { deposit: -1 } }",
	  "1:26: bank.fees.deposit is -1; it must be an amount such as 0.01, "
	  "a part such as 0.25% (at most 100%, two digits behind the point), "
	  "or none" },
	{ "bank: { fees: { pay: } }",
	  "1:22: bank.fees.pay is empty; write a text, or none" },
	{ "bank: { undo_window: none }",
	  "1:22: bank.undo_window is none; write a duration such as 10s, 5m, "
	  "1h, 90d" },
	{ "bank: { undo_window: 366d }",
	  "1:22: bank.undo_window is 366d; it must be 0s to 365d" },
	{ "bank: { rate: 0/1m }",
	  "1:15: bank.rate is 0/1m; write a rate such as 60/1h, or none" },
	{ "bank: { witness: the den }",
	  "1:18: bank.witness is \"the den\"; it must be the name of a room, "
	  "or none" },
	{ "bank: { floor: 5 }",
	  "1:9: unknown setting bank.floor; did you mean bank.limits.floor?" },
	{ "bank: { fees: 0.10 }",
	  "1:15: bank.fees is 0.10; it must be a map such as { pay: none }" },
};

static void explains_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong_cases); i++) {
		const struct wrong_case *c = &wrong_cases[i];
		struct bank_settings s;
		struct buf complaints = { 0 };
		struct buf want = { 0 };
		enum err e = read_settings(c->text, &s, &complaints);

		buf_print(&want, "t.yaml:%s\n", c->want);
		assert_string_equal(buf_text(&complaints), buf_text(&want));
		assert_int_equal(e, ERR_BAD_INPUT);
		buf_fini(&complaints);
		buf_fini(&want);
	}
}

static void every_mistake_is_named(void **state)
{
	struct buf complaints = { 0 };
	struct bank_settings s;

	(void)state;
	assert_int_equal(
		read_settings("bank:\n  witness: \"#\"\n  fees: { pay: x }\n"
			      "  limits: { floor: x, ceiling: y }\n",
			      &s, &complaints),
		ERR_BAD_INPUT);
	assert_non_null(strstr(buf_text(&complaints), ":2:12: bank.witness"));
	assert_non_null(strstr(buf_text(&complaints), ":3:16: bank.fees.pay"));
	assert_non_null(
		strstr(buf_text(&complaints), ":4:20: bank.limits.floor"));
	assert_non_null(
		strstr(buf_text(&complaints), ":4:32: bank.limits.ceiling"));
	buf_fini(&complaints);
}

static const struct change_case {
	const char *fresh;
	bool is_done;
} change_cases[] = {
	{ "", true },
	{ "bank: { limits: { floor: -5 }, undo_window: 0s }", true },
	{ "bank: { currency: { code: RIA, symbol: R, scale: 2 } }", true },
	{ "bank: { currency: { code: ria } }", false },
	{ "bank: { currency: { symbol: r } }", false },
	{ "bank: { currency: { scale: 3 }, limits: { floor: -5 } }", false },
};

static void a_currency_does_not_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(change_cases); i++) {
		const struct change_case *c = &change_cases[i];
		struct bank_settings fresh = settings_of(c->fresh);
		struct bank_settings s = settings_of("");
		bool is_done = bank_settings_change(&s, &fresh);

		assert_int_equal(is_done, c->is_done);
		assert_int_equal(s.floor, is_done ? fresh.floor : 0);
		assert_int_equal(s.undo_window_s,
				 is_done ? fresh.undo_window_s : 120);
		assert_int_equal(s.currency.scale, 2);
		assert_string_equal(s.currency.code, "RIA");
	}
}

static void all_but_the_currency_is_live(void **state)
{
	(void)state;
	for (const struct conf_section *s = schema; s->name != NULL; s++) {
		bool is_live = strcmp(s->name, "bank.currency") != 0;

		for (const struct conf_item *i = s->items; i->name; i++)
			assert_int_equal((i->flags & CONF_LIVE) != 0, is_live);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_documented_presets),
		cmocka_unit_test(reads_everything),
		cmocka_unit_test(presets_fit_every_scale),
		cmocka_unit_test(explains_what_is_wrong),
		cmocka_unit_test(every_mistake_is_named),
		cmocka_unit_test(a_currency_does_not_change),
		cmocka_unit_test(all_but_the_currency_is_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
