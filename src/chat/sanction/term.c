#include "chat/sanction/term.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/quantity.h"

enum { DAY_S = 24 * 60 * 60, WORD = 32 };

/* What people write behind a number when they mean a duration. */
static const char *const units[] = { "seconds", "secs",   "minutes", "mins",
				     "hours",   "hrs",    "days",    "weeks",
				     "wks",     "months", "years",   "yrs" };

/* "m", "min" and "minutes", but not the "nd" of "2nd". */
static bool is_unit(const char *word, size_t len)
{
	for (size_t i = 0; i < COUNT(units); i++)
		if (strncasecmp(units[i], word, len) == 0)
			return true;
	return false;
}

/* "2h", but also "-5m", "10", "1d12h" and "10min": a duration was meant. */
static bool is_meant(const char *word, size_t len)
{
	const char *end = word + len;

	word += word < end && (*word == '-' || *word == '+');
	if (word == end || *word < '0' || *word > '9')
		return false;
	while (word < end) {
		size_t letters;

		word += strspn(word, "0123456789");
		letters = strcspn(word, "0123456789 ");
		if (!is_unit(word, letters))
			return false;
		word += letters;
	}
	return true;
}

static bool read_duration(const char *word, size_t len, int64_t *seconds_r)
{
	char text[WORD];

	if (len >= sizeof(text))
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return quantity_seconds(text, seconds_r) && *seconds_r >= 1 &&
	       *seconds_r <= (int64_t)TERM_DAYS_MOST * DAY_S;
}

static enum err read_reason(const char *reason, struct term *term_r,
			    struct refusal *why)
{
	size_t len = strlen(reason);

	if (len > REASON_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A reason has at most %d bytes.",
				    REASON_MOST);
	memcpy(term_r->reason, reason, len);
	return ERR_OK;
}

enum err term_parse(const char *text, struct term *term_r, struct refusal *why)
{
	const char *reason = text == NULL ? "" : text + strspn(text, " ");
	size_t len = strcspn(reason, " ");

	memset(term_r, 0, sizeof(*term_r));
	if (is_meant(reason, len)) {
		if (!read_duration(reason, len, &term_r->seconds))
			return refusal_give(why, ERR_BAD_INPUT,
					    "%.*s is no duration: write 10m, "
					    "2h or 30d, from 1s to %dd.",
					    (int)(len < WORD ? len : WORD),
					    reason, TERM_DAYS_MOST);
		reason += len;
		reason += strspn(reason, " ");
	}
	return read_reason(reason, term_r, why);
}

enum err term_parse_reason(const char *text, struct term *term_r,
			   struct refusal *why)
{
	memset(term_r, 0, sizeof(*term_r));
	return read_reason(text, term_r, why);
}

int64_t term_end_ms(const struct term *term, int64_t now_ms)
{
	return term->seconds == 0 ? 0 : now_ms + term->seconds * 1000;
}

const char *term_print(int64_t end_ms, char text_r[TERM_TEXT])
{
	char when[CLOCK_TEXT];

	if (end_ms == 0) {
		snprintf(text_r, TERM_TEXT, "for good");
	} else {
		clock_print(end_ms, when);
		snprintf(text_r, TERM_TEXT, "until %s", when);
	}
	return text_r;
}
