/*
 * Interest of one month, on what an account held at the end of each day.
 *
 * A day earns balance * rate / days of its year: 365, or 366 in a leap year,
 * so that a whole year at one balance earns the rate. A balance that is not
 * above zero earns nothing, and costs nothing. The days are added up exactly
 * and rounded once, to the nearest minor unit, halves up. Any thread.
 */
#ifndef RIALTO_BANK_INTEREST_H
#define RIALTO_BANK_INTEREST_H

#include <stdint.h>

#include "bank/money.h"

enum {
	INTEREST_RATE_MOST = 1000, /* tenths of a percent a year: 100 % */
	INTEREST_DAYS_MOST = 31,
};

/* Of one account and month; all zero at first. */
struct interest {
	int days;
	int64_t balance_days; /* minor units times days */
};

/* So many days in a row, of the same month, ended with this balance. */
void interest_add(struct interest *interest, money balance, int days);

/* What they earn at a yearly rate in tenths of a percent; zero or more. */
money interest_sum(const struct interest *interest, int year, int rate);

#endif
