#include "bank/settings.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	YEAR_S = 365 * 24 * 3600,
	RATE_MOST = 1000000,
	AMOUNT_BYTES = 40, /* of one in the file, or a fee */
};

static const char cash_prefix[] = "cash:";

static const char *const policy_words[] = {
	[CASH_SELF] = "self",
	[CASH_TELLER] = "teller",
	[CASH_TERMINAL] = "terminal",
	NULL,
};

#define AT(name, field) name, offsetof(struct bank_conf, field)
#define AMOUNT(field, preset)                                                  \
	{                                                                      \
		AT(#field, field), CONF_TEXT, CONF_LIVE | CONF_MAY_NONE,       \
			preset, 1, AMOUNT_BYTES, NULL                          \
	}
#define FEE(name, kind)                                                        \
	{                                                                      \
		AT(name, fees[kind]), CONF_TEXT, CONF_LIVE | CONF_MAY_NONE,    \
			"none", 1, AMOUNT_BYTES, NULL                          \
	}

const struct conf_item bank_conf_items[] = {
	{ AT("undo_window", undo_window_s), CONF_SECONDS, CONF_LIVE, "2m", 0,
	  YEAR_S, NULL },
	AMOUNT(approval_above, "none"),
	AMOUNT(second_factor_above, "none"),
	{ AT("rate", rate), CONF_RATE, CONF_LIVE | CONF_MAY_NONE, "120/1m", 1,
	  RATE_MOST, NULL },
	{ AT("witness", witness), CONF_TEXT, CONF_LIVE | CONF_MAY_NONE, "none",
	  1, NAME_MOST, NULL },
	{ 0 },
};

const struct conf_item bank_currency_conf_items[] = {
	{ AT("code", code), CONF_TEXT, 0, "RIA", 1, CURRENCY_CODE - 1, NULL },
	{ AT("symbol", symbol), CONF_TEXT, 0, "R", 1, CURRENCY_SYMBOL - 1,
	  NULL },
	{ AT("scale", scale), CONF_NUMBER, 0, "2", 0, CURRENCY_SCALE_MOST,
	  NULL },
	{ 0 },
};

/* Presets of amounts are whole numbers, to fit every scale. */
const struct conf_item bank_cash_conf_items[] = {
	{ AT("policy", cash_policy), CONF_CHOICE, CONF_LIVE, "self", 0, 0,
	  policy_words },
	{ AT("account", cash_account), CONF_TEXT, CONF_LIVE, "cash:till", 1,
	  HOUSE_NAME - 1, NULL },
	{ AT("per_deposit", cash_per_deposit), CONF_TEXT,
	  CONF_LIVE | CONF_MAY_NONE, "200", 1, AMOUNT_BYTES, NULL },
	{ AT("per_day", cash_per_day), CONF_TEXT, CONF_LIVE | CONF_MAY_NONE,
	  "500", 1, AMOUNT_BYTES, NULL },
	{ 0 },
};

const struct conf_item bank_limits_conf_items[] = {
	AMOUNT(floor, "0"),
	AMOUNT(ceiling, "none"),
	AMOUNT(per_transfer, "none"),
	AMOUNT(per_day, "none"),
	{ 0 },
};

const struct conf_item bank_fees_conf_items[] = {
	FEE("pay", FEE_PAY),
	FEE("withdraw", FEE_WITHDRAW),
	FEE("deposit", FEE_DEPOSIT),
	{ 0 },
};

/* Which text becomes which amount, and how low it may be. */
static const struct amount {
	const char *where;
	size_t text;
	size_t value;
	money least;
} amounts[] = {
#define ROW(where, field, least)                                               \
	{                                                                      \
		where, offsetof(struct bank_conf, field),                      \
			offsetof(struct bank_settings, field), least           \
	}
	ROW("bank.cash.per_deposit", cash_per_deposit, 1),
	ROW("bank.cash.per_day", cash_per_day, 1),
	ROW("bank.limits.floor", floor, -MONEY_MOST),
	ROW("bank.limits.ceiling", ceiling, 1),
	ROW("bank.limits.per_transfer", per_transfer, 1),
	ROW("bank.limits.per_day", per_day, 1),
	ROW("bank.approval_above", approval_above, 0),
	ROW("bank.second_factor_above", second_factor_above, 0),
#undef ROW
};

static const char *const fee_names[] = {
	[FEE_PAY] = "bank.fees.pay",
	[FEE_WITHDRAW] = "bank.fees.withdraw",
	[FEE_DEPOSIT] = "bank.fees.deposit",
};

static struct currency currency_of(const struct bank_conf *conf)
{
	struct currency currency = { .scale = (int)conf->scale };

	snprintf(currency.code, sizeof(currency.code), "%s", conf->code);
	snprintf(currency.symbol, sizeof(currency.symbol), "%s", conf->symbol);
	return currency;
}

static const char *text_of(const struct amount *a, const struct bank_conf *conf)
{
	return *(char *const *)(const void *)((const char *)conf + a->text);
}

static money *value_of(const struct amount *a, struct bank_settings *settings)
{
	return (money *)(void *)((char *)settings + a->value);
}

/* False, and MONEY_NONE, when it is no such amount. */
static bool read_amount(const struct amount *a, const struct bank_conf *conf,
			const struct currency *currency, money *value_r)
{
	const char *text = text_of(a, conf);
	money value;

	*value_r = MONEY_NONE;
	if (text == NULL)
		return true;
	if (!money_parse_signed(text, currency, &value) || value < a->least)
		return false;
	*value_r = value;
	return true;
}

static bool read_fee(const struct bank_conf *conf, enum fee_kind kind,
		     const struct currency *currency, struct fee *fee_r)
{
	*fee_r = (struct fee){ 0 };
	return conf->fees[kind] == NULL ||
	       fee_parse(conf->fees[kind], currency, fee_r);
}

static bool is_code(const char *code)
{
	for (; *code != '\0'; code++) {
		if ((*code < 'A' || *code > 'Z') &&
		    (*code < 'a' || *code > 'z'))
			return false;
	}
	return true;
}

static void check_currency(struct conf_check *check,
			   const struct bank_conf *conf)
{
	if (!is_code(conf->code))
		conf_complain(check, "bank.currency.code",
			      "is \"%s\"; it must be 1 to %d ASCII letters",
			      conf->code, CURRENCY_CODE - 1);
	if (strpbrk(conf->symbol, " +-.,0123456789") != NULL)
		conf_complain(check, "bank.currency.symbol",
			      "is \"%s\"; it must have no spaces, digits, "
			      "signs, points or commas",
			      conf->symbol);
}

static void complain_amount(struct conf_check *check, const struct amount *a,
			    const char *text, const struct currency *currency)
{
	char shape[64];
	char least[MONEY_TEXT];
	char most[MONEY_TEXT];

	money_print(a->least, currency, least);
	money_print(MONEY_MOST, currency, most);
	if (currency->scale == 0)
		snprintf(shape, sizeof(shape), "a whole number");
	else
		snprintf(shape, sizeof(shape),
			 "an amount with at most %d digits behind the point",
			 currency->scale);
	conf_complain(check, a->where,
		      "is %s; it must be %s, %s to %s, or none", text, shape,
		      least, most);
}

static void check_amounts(struct conf_check *check,
			  const struct bank_conf *conf,
			  const struct currency *currency)
{
	struct bank_settings s;

	for (size_t i = 0; i < COUNT(amounts); i++) {
		const struct amount *a = &amounts[i];

		if (!read_amount(a, conf, currency, value_of(a, &s)))
			complain_amount(check, a, text_of(a, conf), currency);
	}
	if (s.floor != MONEY_NONE && s.ceiling != MONEY_NONE &&
	    s.ceiling <= s.floor)
		conf_complain(check, "bank.limits.ceiling",
			      "is %s; it must be above the floor, which is %s",
			      conf->ceiling, conf->floor);
}

static void check_fees(struct conf_check *check, const struct bank_conf *conf,
		       const struct currency *currency)
{
	char example[MONEY_TEXT];
	struct fee fee;

	money_print(1, currency, example);
	for (int kind = 0; kind < FEE_KINDS; kind++) {
		if (!read_fee(conf, kind, currency, &fee))
			conf_complain(
				check, fee_names[kind],
				"is %s; it must be an amount such as "
				"%s, a part such as 0.25%% (at most 100%%, "
				"two digits behind the point), or none",
				conf->fees[kind], example);
	}
}

bool bank_is_till_name(const char *name)
{
	size_t len = strlen(cash_prefix);

	return strncmp(name, cash_prefix, len) == 0 &&
	       name_is_valid(name + len);
}

static void check_names(struct conf_check *check, const struct bank_conf *conf)
{
	if (!bank_is_till_name(conf->cash_account))
		conf_complain(check, "bank.cash.account",
			      "is \"%s\"; it must be %s and a name: an ASCII "
			      "letter, then letters, digits, - or _",
			      conf->cash_account, cash_prefix);
	if (conf->witness != NULL && !name_is_valid(conf->witness))
		conf_complain(check, "bank.witness",
			      "is \"%s\"; it must be the name of a room, "
			      "or none",
			      conf->witness);
}

void bank_settings_check(struct conf_check *check, const struct bank_conf *conf)
{
	struct currency currency = currency_of(conf);

	check_currency(check, conf);
	check_names(check, conf);
	check_amounts(check, conf, &currency);
	check_fees(check, conf, &currency);
}

void bank_settings_make(const struct bank_conf *conf,
			struct bank_settings *settings_r)
{
	struct bank_settings s = { .currency = currency_of(conf),
				   .cash_policy = conf->cash_policy,
				   .undo_window_s = conf->undo_window_s,
				   .rate = conf->rate };
	bool is_read = true;

	snprintf(s.cash_account, sizeof(s.cash_account), "%s",
		 conf->cash_account);
	if (conf->witness != NULL)
		snprintf(s.witness, sizeof(s.witness), "%s", conf->witness);
	for (size_t i = 0; i < COUNT(amounts); i++)
		is_read = read_amount(&amounts[i], conf, &s.currency,
				      value_of(&amounts[i], &s)) &&
			  is_read;
	for (int kind = 0; kind < FEE_KINDS; kind++)
		is_read = read_fee(conf, kind, &s.currency, &s.fees[kind]) &&
			  is_read;
	assert(is_read);
	*settings_r = s;
}

bool bank_settings_change(struct bank_settings *settings,
			  const struct bank_settings *fresh)
{
	if (strcmp(settings->currency.code, fresh->currency.code) != 0 ||
	    strcmp(settings->currency.symbol, fresh->currency.symbol) != 0 ||
	    settings->currency.scale != fresh->currency.scale)
		return false;
	*settings = *fresh;
	return true;
}
