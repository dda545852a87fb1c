#include "bank/schedule/interest.h"

#include <assert.h>

#include "bank/schedule/calendar.h"

void interest_add(struct interest *interest, money balance, int days)
{
	assert(balance <= MONEY_MOST && days >= 0 &&
	       days <= INTEREST_DAYS_MOST - interest->days);
	interest->days += days;
	/* 31 * 2^53 is far from the bounds. */
	if (balance > 0)
		interest->balance_days += balance * days;
}

money interest_sum(const struct interest *interest, int year, int rate)
{
	int64_t denominator = INT64_C(1000) * calendar_year_days(year);
	money sum;
	bool is_done;

	assert(rate >= 0 && rate <= INTEREST_RATE_MOST);
	is_done = money_scale(interest->balance_days, rate, denominator, &sum);
	assert(is_done); /* a month's is less than the balance */
	(void)is_done;
	return sum;
}
