/* The settings of the bank: the section bank. */
#ifndef RIALTO_BANK_SETTINGS_H
#define RIALTO_BANK_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/money.h"
#include "base/quantity.h"

/* Who may deposit and withdraw a member's money against cash. */
enum cash_policy { CASH_SELF = 0, CASH_TELLER };

enum { HOUSE_NAME = 33 }; /* bytes of a house account's name, with its NUL */

/* A fee on one kind of entry: fixed, or hundredths of a percent; or none. */
struct fee {
	money fixed;
	int64_t per_10000;
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
	money approval_above; /* MONEY_NONE: never asked for */
	struct fee fees[FEE_KINDS];
	/* Orders by one user that are written down; count <= 0: no limit. */
	struct rate rate;
	char witness[33]; /* the room that is told the head daily; "": none */
};

#endif
