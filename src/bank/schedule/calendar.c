#include "bank/schedule/calendar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	DAY_S = 24 * 3600,
	/* POSIX lets a zone be 24:59:59 from UTC. */
	ZONE_MOST_S = 25 * 3600,
	EPOCH_DAY = 719162, /* days from 0001-01-01 to 1970-01-01 */
	DAYS_OF_400 = 146097,
};

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int calendar_year_days(int year)
{
	return is_leap(year) ? 366 : 365;
}

int calendar_month_days(int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	int of_year = month % 100;

	assert(of_year >= 1 && of_year <= 12);
	return days[of_year - 1] + (of_year == 2 && is_leap(month / 100));
}

int calendar_month_plus(int month, int n)
{
	int count = month / 100 * 12 + month % 100 - 1 + n;

	return count / 12 * 100 + count % 12 + 1;
}

/* Days from 0001-01-01 to the first of January of the year. */
static int64_t days_before_year(int64_t year)
{
	int64_t past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400;
}

int64_t calendar_date_to_day(const struct date *date)
{
	int64_t day = days_before_year(date->year) - EPOCH_DAY + date->day - 1;

	for (int month = 1; month < date->month; month++)
		day += calendar_month_days(date->year * 100 + month);
	return day;
}

void calendar_day_to_date(int64_t day, struct date *date_r)
{
	int64_t rest = day + EPOCH_DAY;
	int64_t year = rest * 400 / DAYS_OF_400 + 1;
	int month = 1;

	/* It is that year, or the one before or after. */
	year += rest >= days_before_year(year + 1);
	year -= rest < days_before_year(year);
	rest -= days_before_year(year);
	while (rest >= calendar_month_days((int)year * 100 + month))
		rest -= calendar_month_days((int)year * 100 + month++);
	*date_r = (struct date){ (int)year, month, (int)rest + 1 };
}

/* The day that clocks showed then. */
static int64_t shown_day(int64_t time_s)
{
	time_t seconds = (time_t)time_s;
	struct tm tm;
	struct tm *is_done = localtime_r(&seconds, &tm);

	assert(is_done != NULL);
	(void)is_done;
	return calendar_date_to_day(
		&(struct date){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday });
}

/* Where clocks go back over midnight it comes twice; this finds one of them. */
static int64_t day_begin_s(int64_t day)
{
	int64_t before = day * DAY_S - ZONE_MOST_S;
	int64_t within = day * DAY_S + ZONE_MOST_S;

	while (within - before > 1) {
		int64_t middle = before + (within - before) / 2;

		if (shown_day(middle) < day)
			before = middle;
		else
			within = middle;
	}
	return within;
}

int64_t calendar_day_begin(int64_t day)
{
	return day_begin_s(day) * 1000;
}

int64_t calendar_day(int64_t time_ms)
{
	int64_t time_s = time_ms / 1000 - (time_ms % 1000 < 0);
	int64_t day = shown_day(time_s);

	/* What clocks showed does not count where they went back. */
	while (time_s < day_begin_s(day))
		day--;
	while (time_s >= day_begin_s(day + 1))
		day++;
	return day;
}

int calendar_month(int64_t time_ms)
{
	struct date date;

	calendar_day_to_date(calendar_day(time_ms), &date);
	return date.year * 100 + date.month;
}

int64_t calendar_month_begin(int month)
{
	const struct date first = { month / 100, month % 100, 1 };

	return calendar_day_begin(calendar_date_to_day(&first));
}

/* Digits where the shape has a d, else what it has. */
static bool has_shape(const char *text, const char *shape)
{
	size_t i;

	for (i = 0; shape[i] != '\0'; i++) {
		bool is_digit = text[i] >= '0' && text[i] <= '9';

		if (shape[i] == 'd' ? !is_digit : text[i] != shape[i])
			return false;
	}
	return text[i] == '\0';
}

/* So many digits. */
static int number_of(const char *text, int digits)
{
	int number = 0;

	for (int i = 0; i < digits; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

bool calendar_parse_month(const char *text, int *month_r)
{
	int month;

	if (!has_shape(text, "dddd-dd"))
		return false;
	month = number_of(text, 4) * 100 + number_of(text + 5, 2);
	if (month < 100 || month % 100 < 1 || month % 100 > 12)
		return false;
	*month_r = month;
	return true;
}

bool calendar_parse_day(const char *text, int64_t *day_r)
{
	struct date date;

	if (!has_shape(text, "dddd-dd-dd"))
		return false;
	date.year = number_of(text, 4);
	date.month = number_of(text + 5, 2);
	date.day = number_of(text + 8, 2);
	if (date.year < 1970 || date.month < 1 || date.month > 12 ||
	    date.day < 1 ||
	    date.day > calendar_month_days(date.year * 100 + date.month))
		return false;
	*day_r = calendar_date_to_day(&date);
	return true;
}

void calendar_print_day(int64_t day, char text_r[DATE_TEXT])
{
	struct date date;

	calendar_day_to_date(day, &date);
	snprintf(text_r, DATE_TEXT, "%04d-%02d-%02d", date.year % 10000,
		 date.month % 100, date.day % 100);
}

void calendar_print_month(int month, char text_r[MONTH_TEXT])
{
	snprintf(text_r, MONTH_TEXT, "%04d-%02d", month / 100, month % 100);
}
