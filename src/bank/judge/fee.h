/* What the house takes for an entry: the section bank.fees. Any thread. */
#ifndef RIALTO_BANK_FEE_H
#define RIALTO_BANK_FEE_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/money.h"
#include "base/attr.h"

/* A fee on one kind of entry: fixed, or hundredths of a percent; or none. */
struct fee {
	money fixed;
	int64_t per_10000;
};

/*
 * "0.10" is fixed, "0.25%" a part: up to 100%, with at most two digits behind
 * the point. False, and nothing changed, for anything else.
 */
NODISCARD bool fee_parse(const char *text, const struct currency *currency,
			 struct fee *fee_r);

/*
 * The fee for an amount within MONEY_MOST, zero or more: a part of it is
 * rounded to the nearest minor unit, halves away from zero. Nothing for an
 * amount that is not above zero.
 */
money fee_of(const struct fee *fee, money amount);

#endif
