#include "bank/schedule/recurrence.h"

#include <assert.h>
#include <stdbool.h>

#include "bank/schedule/calendar.h"

enum { DAYS, MONTHS };

static const struct period {
	int unit;
	int count;
} periods[] = {
	[EVERY_DAY] = { DAYS, 1 },
	[EVERY_WEEK] = { DAYS, 7 },
	[EVERY_MONTH] = { MONTHS, 1 },
	[EVERY_YEAR] = { MONTHS, 12 },
};

const char *const every_words[] = {
	[EVERY_DAY] = "daily",     [EVERY_WEEK] = "weekly",
	[EVERY_MONTH] = "monthly", [EVERY_YEAR] = "yearly",
	[EVERY_KINDS] = NULL,
};

static int month_of(int64_t day)
{
	struct date date;

	calendar_day_to_date(day, &date);
	return date.year * 100 + date.month;
}

/* The day of the month, or its last one when it is shorter. */
static int64_t day_in(int month, int month_day)
{
	int most = calendar_month_days(month);
	const struct date date = { month / 100, month % 100,
				   month_day < most ? month_day : most };

	return calendar_date_to_day(&date);
}

void recurrence_init(struct recurrence *r, enum every every, int month_day,
		     int64_t day)
{
	const struct period *period = &periods[every];
	int month = month_of(day);
	int64_t first = day;

	assert(month_day >= 1 && month_day <= 31);
	if (period->unit == MONTHS) {
		first = day_in(month, month_day);
		if (first < day)
			first = day_in(
				calendar_month_plus(month, period->count),
				month_day);
	}
	*r = (struct recurrence){ every, month_day, first };
}

/* The n-th due date, from 0. */
static int64_t due(const struct recurrence *r, int64_t n)
{
	const struct period *period = &periods[r->every];

	if (period->unit == DAYS)
		return r->first + n * period->count;
	return day_in(
		calendar_month_plus(month_of(r->first), (int)n * period->count),
		r->month_day);
}

/* How many periods have ended on the day, or are about to. */
static int64_t periods_until(const struct recurrence *r, int64_t day)
{
	const struct period *period = &periods[r->every];
	int from = month_of(r->first);
	int to = month_of(day);

	if (period->unit == DAYS)
		return (day - r->first) / period->count;
	return ((to / 100 - from / 100) * 12 + to % 100 - from % 100) /
	       period->count;
}

int64_t recurrence_next(const struct recurrence *r, int64_t day)
{
	int64_t n;

	if (day < r->first)
		return r->first;
	n = periods_until(r, day);
	return due(r, n) > day ? due(r, n) : due(r, n + 1);
}

size_t recurrence_missed(const struct recurrence *r, int64_t after,
			 int64_t until, int64_t *days_r, size_t most)
{
	size_t count = 0;

	while (count < most) {
		after = recurrence_next(r, after);
		if (after > until)
			break;
		days_r[count++] = after;
	}
	return count;
}
