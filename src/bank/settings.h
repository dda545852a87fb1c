/*
 * The settings of the bank: the section bank. Plain values; any thread.
 */
#ifndef RIALTO_BANK_SETTINGS_H
#define RIALTO_BANK_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/judge/fee.h"
#include "bank/money.h"
#include "base/quantity.h"
#include "conf/conf.h"

/* Who may deposit and withdraw a member's money against cash. */
enum cash_policy { CASH_SELF = 0, CASH_TELLER, CASH_TERMINAL };

enum {
	HOUSE_NAME = 33,   /* bytes of a house account's name, with its NUL */
	WITNESS_NAME = 33, /* of a room's, likewise */
};

enum fee_kind { FEE_PAY = 0, FEE_WITHDRAW, FEE_DEPOSIT, FEE_KINDS };

/* Plain values, parsed from the file's with its currency. */
struct bank_settings {
	struct currency currency;

	enum cash_policy cash_policy;
	char cash_account[HOUSE_NAME]; /* the till of CASH_SELF */
	money cash_per_deposit;        /* MONEY_NONE: no limit; as below */
	money cash_per_day;            /* deposits of one account in a day */

	/* What accounts have that were given nothing of their own. */
	money floor;
	money ceiling;
	money per_transfer;
	money per_day; /* what may leave an account in a day */

	int64_t undo_window_s;
	money approval_above;      /* MONEY_NONE: never asked for */
	money second_factor_above; /* likewise: a code of the payer's */
	struct fee fees[FEE_KINDS];
	/* Orders by one user that are written down; count <= 0: no limit. */
	struct rate rate;
	char witness[WITNESS_NAME]; /* the room told the head daily; "": none */
};

/*
 * The same as the file has it, for conf_load(): amounts and fees are texts
 * until the currency is known; NULL where it says none.
 */
struct bank_conf {
	char *code;
	char *symbol;
	int64_t scale;
	int cash_policy; /* enum cash_policy */
	char *cash_account;
	char *cash_per_deposit;
	char *cash_per_day;
	char *floor;
	char *ceiling;
	char *per_transfer;
	char *per_day;
	int64_t undo_window_s;
	char *approval_above;
	char *second_factor_above;
	char *fees[FEE_KINDS];
	struct rate rate;
	char *witness;
};

/* The items of the section and of those in it, all of struct bank_conf. */
extern const struct conf_item bank_conf_items[];
extern const struct conf_item bank_currency_conf_items[];
extern const struct conf_item bank_cash_conf_items[];
extern const struct conf_item bank_limits_conf_items[];
extern const struct conf_item bank_fees_conf_items[];

/* "cash:NAME" */
bool bank_is_till_name(const char *name);

/* Complains about what is no amount, name or the like. */
void bank_settings_check(struct conf_check *check,
			 const struct bank_conf *conf);

/* Of what bank_settings_check() has nothing against. */
void bank_settings_make(const struct bank_conf *conf,
			struct bank_settings *settings_r);

/*
 * Takes over fresh settings while the bank runs. False, and nothing changed,
 * when their currency is another one: amounts stand in the old one.
 */
NODISCARD bool bank_settings_change(struct bank_settings *settings,
				    const struct bank_settings *fresh);

#endif
