/*
 * When something is due again and again: each due date is computed from the
 * first, never from the one before, so that none drifts. What is due on the
 * 31st is due on the last day of shorter months, and on the 31st again after
 * them; likewise the 29th of February. Days are those of calendar.h.
 * Any thread.
 */
#ifndef RIALTO_BANK_RECURRENCE_H
#define RIALTO_BANK_RECURRENCE_H

#include <stddef.h>
#include <stdint.h>

enum every { EVERY_DAY = 0, EVERY_WEEK, EVERY_MONTH, EVERY_YEAR, EVERY_KINDS };

/* "daily", "weekly" and so on, by enum every; ended by NULL. */
extern const char *const every_words[];

/* Plain values. */
struct recurrence {
	enum every every;
	int month_day; /* 1 to 31: the day wished for, in months and years */
	int64_t first; /* the first due date */
};

/*
 * Begins with the first due date that is not before day: in a month on
 * month_day (1 to 31), in a year on month_day of that day's month, else on that
 * day itself.
 */
void recurrence_init(struct recurrence *r, enum every every, int month_day,
		     int64_t day);

/* The first due date after day. */
int64_t recurrence_next(const struct recurrence *r, int64_t day);

/*
 * The due dates after one day up to another, that one included: the earliest,
 * most of them at most. Returns how many; ask again after the last of them.
 */
size_t recurrence_missed(const struct recurrence *r, int64_t after,
			 int64_t until, int64_t *days_r, size_t most);

#endif
