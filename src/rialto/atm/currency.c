#include "rialto/atm/currency.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "rialto/atm/answer.h"

enum { SCALE_MOST = 8 };

static const int64_t amount_most = (INT64_C(1) << 53) - 1;

static const char digits[] = "0123456789";

void currency_take(const json_t *login, struct currency *currency_r)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz";
	const char *code = answer_text(login, "currency");
	const json_t *scale = json_object_get(login, "scale");
	size_t len = strspn(code, letters);

	memset(currency_r, 0, sizeof(*currency_r));
	if (len == 0 || len >= CURRENCY_CODE || code[len] != '\0' ||
	    !json_is_integer(scale) || json_integer_value(scale) < 0 ||
	    json_integer_value(scale) > SCALE_MOST)
		return;
	memcpy(currency_r->code, code, len);
	currency_r->scale = (int)json_integer_value(scale);
}

const char *currency_behind(const struct currency *c,
			    char text_r[CURRENCY_CODE + 1])
{
	(void)snprintf(text_r, CURRENCY_CODE + 1, "%s%s",
		       c->code[0] != '\0' ? " " : "", c->code);
	return text_r;
}

const char *currency_example(const struct currency *c)
{
	static const char *const examples[] = { "10", "10.5" };

	return c->scale < (int)COUNT(examples) ? examples[c->scale] : "10.50";
}

/* In the smallest units, of what has the right form; false: too large. */
static bool read_units(const char *text, int scale, int64_t *units_r)
{
	bool is_negative = *text == '-';
	const char *point = strchr(text, '.');
	int missing = scale - (point != NULL ? (int)strlen(point + 1) : 0);
	int64_t units = 0;

	for (text += is_negative; *text != '\0'; text++) {
		if (*text == '.')
			continue;
		units = units * 10 + (*text - '0');
		if (units > amount_most)
			return false;
	}
	for (; missing > 0; missing--) {
		units *= 10;
		if (units > amount_most)
			return false;
	}
	*units_r = is_negative ? -units : units;
	return true;
}

/* Digits, and perhaps a point with digits behind it: how many. */
static bool has_form(const char *text, size_t *behind_r)
{
	size_t whole = strspn(text, digits);
	const char *point = text + whole;

	*behind_r = *point == '.' ? strspn(point + 1, digits) : 0;
	if (whole == 0 || (*point == '.' && *behind_r == 0))
		return false;
	return *point == '\0' ||
	       (*point == '.' && point[1 + *behind_r] == '\0');
}

static char *doubt_form(const struct currency *c, const char *amount)
{
	size_t behind;

	if (!has_form(amount, &behind))
		return mem_print("Please write the amount in digits, as %s.",
				 currency_example(c));
	if (c->code[0] == '\0' || behind <= (size_t)c->scale)
		return NULL;
	if (c->scale == 0)
		return mem_print("Amounts of %s are whole numbers.", c->code);
	return mem_print("%s has %d digit%s behind the point.", c->code,
			 c->scale, c->scale == 1 ? "" : "s");
}

char *currency_doubt(const struct currency *c, const char *amount,
		     const char *available)
{
	char *doubt = doubt_form(c, amount);
	bool is_negative = available[0] == '-';
	int64_t units, left;
	size_t behind;

	if (doubt != NULL || c->code[0] == '\0')
		return doubt;
	if (!read_units(amount, c->scale, &units))
		return mem_text("There is not so much in any account.");
	if (units == 0)
		return mem_text("That is nothing. Please write an amount.");
	/* What the daemon says is looked at as if it were anybody's. */
	if (!has_form(available + is_negative, &behind) ||
	    behind > (size_t)c->scale ||
	    !read_units(available, c->scale, &left) || units <= left)
		return NULL;
	return mem_text("That is more than you can spend.");
}
