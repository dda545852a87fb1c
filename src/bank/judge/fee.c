#include "bank/judge/fee.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { PERCENT_TEXT = 8, WHOLE = 10000 };

/* "100.00%" as hundredths of a percent. */
static bool parse_percent(const char *text, int64_t *per_10000_r)
{
	static const struct currency hundredths = { .code = "percent",
						    .scale = 2 };
	size_t len = strlen(text);
	char number[PERCENT_TEXT];
	money per_10000;

	if (len == 0 || len > sizeof(number) || text[len - 1] != '%')
		return false;
	snprintf(number, sizeof(number), "%.*s", (int)len - 1, text);
	if (!money_parse_signed(number, &hundredths, &per_10000) ||
	    per_10000 < 0 || per_10000 > WHOLE)
		return false;
	*per_10000_r = per_10000;
	return true;
}

bool fee_parse(const char *text, const struct currency *currency,
	       struct fee *fee_r)
{
	int64_t per_10000;
	money fixed;

	if (parse_percent(text, &per_10000)) {
		*fee_r = (struct fee){ .per_10000 = per_10000 };
		return true;
	}
	if (!money_parse_signed(text, currency, &fixed) || fixed < 0)
		return false;
	*fee_r = (struct fee){ .fixed = fixed };
	return true;
}

money fee_of(const struct fee *fee, money amount)
{
	money part;
	bool is_done;

	if (amount <= 0)
		return 0;
	if (fee->per_10000 == 0)
		return fee->fixed;
	is_done = money_scale(amount, fee->per_10000, WHOLE, &part);
	assert(is_done); /* it is no more than the amount */
	(void)is_done;
	return part;
}
