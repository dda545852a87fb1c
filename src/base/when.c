#include "base/when.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/quantity.h"

const char when_words[] =
	"20:00, yesterday, 2026-11-14, \"2026-11-14 20:00\", or 3d for three "
	"days ago";

/* Exactly so many digits. */
static bool read_digits(const char **at, int count, int *number_r)
{
	*number_r = 0;
	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*number_r = *number_r * 10 + (**at - '0');
	}
	return true;
}

static bool read_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool read_time(const char **at, struct tm *tm)
{
	return read_digits(at, 2, &tm->tm_hour) && read_char(at, ':') &&
	       read_digits(at, 2, &tm->tm_min) && tm->tm_hour < 24 &&
	       tm->tm_min < 60;
}

static bool read_date(const char **at, struct tm *tm)
{
	if (!read_digits(at, 4, &tm->tm_year) || !read_char(at, '-') ||
	    !read_digits(at, 2, &tm->tm_mon) || !read_char(at, '-') ||
	    !read_digits(at, 2, &tm->tm_mday))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon--;
	return true;
}

static int64_t to_ms(const struct tm *tm)
{
	struct tm copy = *tm;

	copy.tm_isdst = -1;
	return (int64_t)mktime(&copy) * 1000;
}

/* There is no 30th of February. */
static bool is_day(const struct tm *tm)
{
	struct tm noon = { .tm_year = tm->tm_year,
			   .tm_mon = tm->tm_mon,
			   .tm_mday = tm->tm_mday,
			   .tm_hour = 12,
			   .tm_isdst = -1 };

	return mktime(&noon) != (time_t)-1 && noon.tm_mon == tm->tm_mon &&
	       noon.tm_mday == tm->tm_mday;
}

static bool parse_date(const char *at, bool is_end, int64_t *ms_r)
{
	struct tm tm = { 0 };

	if (!read_date(&at, &tm) || !is_day(&tm))
		return false;
	if (*at == '\0') {
		tm.tm_mday += is_end;
	} else {
		if (*at != ' ' && *at != 'T')
			return false;
		at++;
		if (!read_time(&at, &tm) || *at != '\0')
			return false;
	}
	*ms_r = to_ms(&tm);
	return true;
}

static bool parse_time(const char *at, int64_t now_ms, int64_t *ms_r)
{
	time_t now = (time_t)(now_ms / 1000);
	struct tm tm;
	int64_t ms;

	if (localtime_r(&now, &tm) == NULL || !read_time(&at, &tm) ||
	    *at != '\0')
		return false;
	tm.tm_sec = 0;
	ms = to_ms(&tm);
	if (ms > now_ms) {
		tm.tm_mday--;
		ms = to_ms(&tm);
	}
	*ms_r = ms;
	return true;
}

/* "today", "yesterday" */
static bool parse_day(const char *text, int64_t now_ms, bool is_end,
		      int64_t *ms_r)
{
	bool is_yesterday = strcasecmp(text, "yesterday") == 0;
	time_t now = (time_t)(now_ms / 1000);
	struct tm day = { 0 };
	struct tm tm;

	if ((!is_yesterday && strcasecmp(text, "today") != 0) ||
	    localtime_r(&now, &tm) == NULL)
		return false;
	day.tm_year = tm.tm_year;
	day.tm_mon = tm.tm_mon;
	day.tm_mday = tm.tm_mday - is_yesterday + is_end;
	*ms_r = to_ms(&day);
	return true;
}

static bool parse(const char *text, int64_t now_ms, bool is_end, int64_t *ms_r)
{
	int64_t seconds;

	if (quantity_seconds(text, &seconds)) {
		*ms_r = seconds < now_ms / 1000 ? now_ms - seconds * 1000 : 0;
		return true;
	}
	return parse_time(text, now_ms, ms_r) ||
	       parse_date(text, is_end, ms_r) ||
	       parse_day(text, now_ms, is_end, ms_r);
}

bool when_parse(const char *text, int64_t now_ms, int64_t *ms_r)
{
	return parse(text, now_ms, false, ms_r);
}

bool when_parse_end(const char *text, int64_t now_ms, int64_t *ms_r)
{
	return parse(text, now_ms, true, ms_r);
}
