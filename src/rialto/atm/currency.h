/*
 * The bank's currency, as the daemon tells it at the login, and amounts in it
 * that somebody types: what is wrong with one can be said at once. Any thread.
 */
#ifndef RIALTO_RIALTO_ATM_CURRENCY_H
#define RIALTO_RIALTO_ATM_CURRENCY_H

#include <jansson.h>

#include "base/attr.h"

enum { CURRENCY_CODE = 9 };

struct currency {
	char code[CURRENCY_CODE]; /* "RIA"; "" when it is not known */
	int scale;                /* digits behind the point */
};

/* Of the answer to a login; not known, where that does not tell. */
void currency_take(const json_t *login, struct currency *currency_r);

/* " RIA", or nothing. */
const char *currency_behind(const struct currency *c,
			    char text_r[CURRENCY_CODE + 1]);

/* "10.50", as an amount is written. */
const char *currency_example(const struct currency *c);

/*
 * What is wrong with an amount, as a sentence, NULL when nothing is that could
 * be known here. available is what can be spent, as the daemon says it; "" when
 * that is not known, or has no bound. The caller's.
 */
NODISCARD char *currency_doubt(const struct currency *c, const char *amount,
			       const char *available);

#endif
