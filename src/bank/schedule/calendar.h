/*
 * Days and months as people here count them: in the local time zone (TZ, else
 * that of the system), by localtime_r(), which knows when clocks were changed.
 * A day begins at its first second, at midnight or, where clocks skip that,
 * after it; days and months follow each other without gaps, also when a clock
 * goes back over midnight. Any thread.
 *
 * Times are milliseconds since 1970-01-01 UTC, of the years 1 to 9999.
 */
#ifndef RIALTO_BANK_CALENDAR_H
#define RIALTO_BANK_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/* A month is yyyymm, as 202611. */
enum { MONTH_TEXT = 16 }; /* bytes for calendar_print_month(), with the NUL */

/* A day is a number, 0 being 1970-01-01; this is how people say it. */
struct date {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
};

/* Which day, or month, a time is in. A few microseconds. */
int64_t calendar_day(int64_t time_ms);
int calendar_month(int64_t time_ms);

/* The first time that is in it. */
int64_t calendar_day_begin(int64_t day);
int64_t calendar_month_begin(int month);

/* The n-th month after it, or before it. */
int calendar_month_plus(int month, int n);

/* How many days a month, or a year, has (proleptic Gregorian). */
int calendar_month_days(int month);
int calendar_year_days(int year);

/* Of a date that there is; and back. */
int64_t calendar_date_to_day(const struct date *date);
void calendar_day_to_date(int64_t day, struct date *date_r);

/* "2026-11-30", a day that there is, from 1970 on; else false. */
enum { DATE_TEXT = 16 };
NODISCARD bool calendar_parse_day(const char *text, int64_t *day_r);
void calendar_print_day(int64_t day, char text_r[DATE_TEXT]);

/* "2026-11", from 0001-01 to 9999-12; else false, and nothing is changed. */
NODISCARD bool calendar_parse_month(const char *text, int *month_r);
void calendar_print_month(int month, char text_r[MONTH_TEXT]);

#endif
