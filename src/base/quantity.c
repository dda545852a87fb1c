#include "base/quantity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct unit {
	char letter;
	int64_t factor;
};

static const struct unit seconds_units[] = {
	{ 'w', 604800 }, { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 },
};

static const struct unit bytes_units[] = {
	{ 'G', 1 << 30 },
	{ 'M', 1 << 20 },
	{ 'K', 1 << 10 },
};

/* Reads digits up to the first other byte; NULL without any or on overflow. */
static const char *read_digits(const char *text, int64_t *number_r)
{
	int64_t number = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, *at - '0', &number))
			return NULL;
	}
	if (at == text)
		return NULL;
	*number_r = number;
	return at;
}

static bool read_unit(const char *text, const struct unit *units, size_t count,
		      int64_t *number_r)
{
	int64_t number;
	const char *at = read_digits(text, &number);

	if (at == NULL || at[0] == '\0' || at[1] != '\0')
		return false;
	for (size_t i = 0; i < count; i++) {
		if (units[i].letter == *at)
			return !__builtin_mul_overflow(number, units[i].factor,
						       number_r);
	}
	return false;
}

bool quantity_number(const char *text, int64_t *number_r)
{
	int64_t number;
	const char *at = read_digits(text, &number);

	if (at == NULL || *at != '\0')
		return false;
	*number_r = number;
	return true;
}

bool quantity_id(const char *text, uint64_t *id_r)
{
	int64_t number;

	if (!quantity_number(text[0] == '#' ? text + 1 : text, &number) ||
	    number == 0)
		return false;
	*id_r = (uint64_t)number;
	return true;
}

bool quantity_seconds(const char *text, int64_t *seconds_r)
{
	int64_t seconds;

	if (!read_unit(text, seconds_units, COUNT(seconds_units), &seconds))
		return false;
	*seconds_r = seconds;
	return true;
}

bool quantity_bytes(const char *text, int64_t *bytes_r)
{
	int64_t bytes;

	if (quantity_number(text, bytes_r))
		return true;
	if (!read_unit(text, bytes_units, COUNT(bytes_units), &bytes))
		return false;
	*bytes_r = bytes;
	return true;
}

bool quantity_rate(const char *text, struct rate *rate_r)
{
	struct rate rate;
	const char *at = read_digits(text, &rate.count);

	if (at == NULL || *at != '/' ||
	    !quantity_seconds(at + 1, &rate.period_s) || rate.count == 0 ||
	    rate.period_s == 0)
		return false;
	*rate_r = rate;
	return true;
}

void quantity_print_seconds(int64_t seconds, char text_r[QUANTITY_TEXT])
{
	size_t last = COUNT(seconds_units) - 1;
	int64_t rest;
	size_t i = 0;

	while (i < last && seconds < seconds_units[i].factor)
		i++;
	rest = seconds % seconds_units[i].factor;
	if (i == last || rest < seconds_units[i + 1].factor)
		snprintf(text_r, QUANTITY_TEXT, "%" PRId64 "%c",
			 seconds / seconds_units[i].factor,
			 seconds_units[i].letter);
	else
		snprintf(text_r, QUANTITY_TEXT, "%" PRId64 "%c %" PRId64 "%c",
			 seconds / seconds_units[i].factor,
			 seconds_units[i].letter,
			 rest / seconds_units[i + 1].factor,
			 seconds_units[i + 1].letter);
}
