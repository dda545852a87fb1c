/*
 * Money: whole minor units of the one currency, exact, never a float. Any
 * thread.
 */
#ifndef RIALTO_BANK_MONEY_H
#define RIALTO_BANK_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

typedef int64_t money;

/* The largest amount and balance, either side of zero: 2^53 - 1. */
#define MONEY_MOST ((INT64_C(1) << 53) - 1)

/* In limits: there is none. */
#define MONEY_NONE INT64_MIN

enum {
	CURRENCY_CODE = 9,      /* bytes of the code, with its NUL */
	CURRENCY_SYMBOL = 17,   /* likewise */
	CURRENCY_SCALE_MOST = 8 /* digits behind the point */
};

/* Plain values. */
struct currency {
	char code[CURRENCY_CODE];     /* "RIA": 1 to 8 ASCII letters */
	char symbol[CURRENCY_SYMBOL]; /* "R": clean text without spaces */
	int scale;
};

/* False, and nothing changed, when the sum is not within MONEY_MOST. */
NODISCARD bool money_add(money a, money b, money *sum_r);
NODISCARD bool money_subtract(money a, money b, money *difference_r);

/*
 * An amount above zero as people write it: "10", "10.5", "10.50"; digits and
 * at most one point with 1 to scale digits behind it. False, and nothing
 * changed, for anything else.
 */
NODISCARD bool money_parse(const char *text, const struct currency *currency,
			   money *amount_r);

/* As money_parse(), but zero and, behind one '-', less are allowed: limits. */
NODISCARD bool money_parse_signed(const char *text,
				  const struct currency *currency,
				  money *amount_r);

/*
 * What is wrong with the amount that money_parse() has refused, and what would
 * be right, as a sentence: "10,5 has a comma; write 10.5." Bounded however
 * long text is.
 */
enum { MONEY_WORDS = 160 };
void money_explain(const char *text, const struct currency *currency,
		   char words_r[MONEY_WORDS]);

/* "10.50", "-3.00"; with the symbol "10.50 R". Bytes with the NUL. */
enum { MONEY_TEXT = 48 };
void money_print(money amount, const struct currency *currency,
		 char text_r[MONEY_TEXT]);
void money_print_symbol(money amount, const struct currency *currency,
			char text_r[MONEY_TEXT]);

/*
 * Divides total (above zero) into count parts by the largest remainder: parts
 * differ by one minor unit at most, the larger ones first, and sum exactly.
 * Part n (from 0) is returned.
 */
money money_part(money total, unsigned count, unsigned n);

/*
 * amount * numerator / denominator, to the nearest minor unit, halves away
 * from zero, computed exactly. denominator is above zero. False when it is not
 * within MONEY_MOST.
 */
NODISCARD bool money_scale(money amount, int64_t numerator, int64_t denominator,
			   money *result_r);

#endif
