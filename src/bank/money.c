#include "bank/money.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

__extension__ typedef __int128 wide;

/* How much of a refused text is repeated. */
enum { SHOWN_MOST = 32 };

/* A text that is not an amount, and what its refusal is made of. */
struct doubt {
	const char *text;
	const struct currency *currency;
	char shown[SHOWN_MOST + sizeof("...")];
	char *words; /* of MONEY_WORDS bytes */
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_allowed(money amount)
{
	return amount >= -MONEY_MOST && amount <= MONEY_MOST;
}

bool money_add(money a, money b, money *sum_r)
{
	money sum;

	if (__builtin_add_overflow(a, b, &sum) || !is_allowed(sum))
		return false;
	*sum_r = sum;
	return true;
}

bool money_subtract(money a, money b, money *difference_r)
{
	money difference;

	if (__builtin_sub_overflow(a, b, &difference) ||
	    !is_allowed(difference))
		return false;
	*difference_r = difference;
	return true;
}

static bool append_digit(money *amount, char digit)
{
	*amount = *amount * 10 + (digit - '0');
	return *amount <= MONEY_MOST;
}

/* Zero or more. */
static bool parse(const char *text, const struct currency *currency,
		  money *amount_r)
{
	const char *at = text;
	money amount = 0;
	int missing = currency->scale;

	if (!is_digit(*at))
		return false;
	for (; is_digit(*at); at++) {
		if (!append_digit(&amount, *at))
			return false;
	}
	if (at[0] == '.' && is_digit(at[1])) {
		for (at++; is_digit(*at); at++) {
			if (missing-- == 0 || !append_digit(&amount, *at))
				return false;
		}
	}
	if (*at != '\0')
		return false;
	while (missing-- > 0) {
		if (!append_digit(&amount, '0'))
			return false;
	}
	*amount_r = amount;
	return true;
}

bool money_parse(const char *text, const struct currency *currency,
		 money *amount_r)
{
	money amount;

	if (!parse(text, currency, &amount) || amount == 0)
		return false;
	*amount_r = amount;
	return true;
}

bool money_parse_signed(const char *text, const struct currency *currency,
			money *amount_r)
{
	bool is_negative = text[0] == '-';
	money amount;

	if (!parse(is_negative ? text + 1 : text, currency, &amount))
		return false;
	*amount_r = is_negative ? -amount : amount;
	return true;
}

static const char *example(const struct doubt *d)
{
	static const char *const examples[] = { "10", "10.5" };

	return d->currency->scale < (int)COUNT(examples)
		       ? examples[d->currency->scale]
		       : "10.50";
}

static bool doubt_empty(const struct doubt *d)
{
	if (*d->text != '\0')
		return false;
	snprintf(d->words, MONEY_WORDS,
		 "The amount is missing; write it as %s.", example(d));
	return true;
}

static bool doubt_sign(const struct doubt *d)
{
	if (*d->text != '-' && *d->text != '+')
		return false;
	snprintf(d->words, MONEY_WORDS,
		 "%s has a sign; an amount is above zero, as %s.", d->shown,
		 example(d));
	return true;
}

/* Copies text with each comma as the byte `as`, or left out when it is 0. */
static void replace_commas(const char *text, char as, char *copy_r)
{
	for (; *text != '\0'; text++) {
		if (*text != ',')
			*copy_r++ = *text;
		else if (as != '\0')
			*copy_r++ = as;
	}
	*copy_r = '\0';
}

/* A comma is taken as the point of others, else as one of their spaces. */
static bool doubt_comma(const struct doubt *d)
{
	char guess[SHOWN_MOST + 1];
	money amount;

	if (strchr(d->text, ',') == NULL || strlen(d->text) > SHOWN_MOST)
		return false;
	replace_commas(d->text, '.', guess);
	if (!money_parse(guess, d->currency, &amount)) {
		replace_commas(d->text, '\0', guess);
		if (!money_parse(guess, d->currency, &amount))
			return false;
	}
	snprintf(d->words, MONEY_WORDS, "%s has a comma; write %s.", d->shown,
		 guess);
	return true;
}

/* The bytes of what can only be a number: digits, and perhaps one point. */
static bool is_plain(const char *text, const char **point_r)
{
	*point_r = strchr(text, '.');
	return is_digit(*text) && text[strspn(text, "0123456789.")] == '\0' &&
	       *point_r == strrchr(text, '.');
}

static bool doubt_point(const struct doubt *d)
{
	const struct currency *currency = d->currency;
	const char *point;

	if (!is_plain(d->text, &point) || point == NULL ||
	    strlen(point + 1) <= (size_t)currency->scale)
		return false;
	if (currency->scale == 0)
		snprintf(d->words, MONEY_WORDS,
			 "%s has a point; amounts of %s are whole numbers.",
			 d->shown, currency->code);
	else
		snprintf(d->words, MONEY_WORDS,
			 "%s has too many digits behind the point; %s has %d.",
			 d->shown, currency->code, currency->scale);
	return true;
}

static bool doubt_zero(const struct doubt *d)
{
	char least[MONEY_TEXT];
	money amount;

	if (!parse(d->text, d->currency, &amount) || amount != 0)
		return false;
	money_print(1, d->currency, least);
	snprintf(d->words, MONEY_WORDS,
		 "%s is nothing; the smallest amount is %s.", d->shown, least);
	return true;
}

static bool doubt_large(const struct doubt *d)
{
	const char *point;
	char most[MONEY_TEXT];

	if (!is_plain(d->text, &point) || (point && point[1] == '\0'))
		return false;
	money_print(MONEY_MOST, d->currency, most);
	snprintf(d->words, MONEY_WORDS,
		 "%s is too large; the largest amount is %s.", d->shown, most);
	return true;
}

static bool doubt_rest(const struct doubt *d)
{
	snprintf(d->words, MONEY_WORDS,
		 "%s is not an amount; write digits%s, as %s.", d->shown,
		 d->currency->scale > 0 ? " and a point" : "", example(d));
	return true;
}

/* The first that is so is said; the last one always is. */
static bool (*const doubts[])(const struct doubt *) = {
	doubt_empty, doubt_sign,  doubt_comma, doubt_point,
	doubt_zero,  doubt_large, doubt_rest,
};

void money_explain(const char *text, const struct currency *currency,
		   char words_r[MONEY_WORDS])
{
	struct doubt d = { .text = text,
			   .currency = currency,
			   .words = words_r };
	size_t i = 0;

	snprintf(d.shown, sizeof(d.shown), "%.*s%s", SHOWN_MOST, text,
		 strnlen(text, SHOWN_MOST + 1) > SHOWN_MOST ? "..." : "");
	/* Also a character that was cut in two. */
	text_clean(d.shown, strlen(d.shown));
	while (!doubts[i](&d))
		i++;
}

void money_print(money amount, const struct currency *currency,
		 char text_r[MONEY_TEXT])
{
	uint64_t magnitude = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
	const char *sign = amount < 0 ? "-" : "";
	uint64_t unit = 1;

	for (int i = 0; i < currency->scale; i++)
		unit *= 10;
	if (currency->scale == 0)
		snprintf(text_r, MONEY_TEXT, "%s%" PRIu64, sign, magnitude);
	else
		snprintf(text_r, MONEY_TEXT, "%s%" PRIu64 ".%0*" PRIu64, sign,
			 magnitude / unit, currency->scale, magnitude % unit);
}

void money_print_symbol(money amount, const struct currency *currency,
			char text_r[MONEY_TEXT])
{
	size_t len;

	money_print(amount, currency, text_r);
	len = strlen(text_r);
	snprintf(text_r + len, MONEY_TEXT - len, " %s", currency->symbol);
}

money money_part(money total, unsigned count, unsigned n)
{
	assert(total > 0 && count > 0 && n < count);
	return total / count + (n < total % count);
}

bool money_scale(money amount, int64_t numerator, int64_t denominator,
		 money *result_r)
{
	wide product = (wide)amount * numerator;
	wide magnitude = product < 0 ? -product : product;
	wide result = magnitude / denominator;

	assert(denominator > 0);
	if (magnitude % denominator >= denominator - magnitude % denominator)
		result++;
	if (result > MONEY_MOST)
		return false;
	*result_r = (money)(product < 0 ? -result : result);
	return true;
}
