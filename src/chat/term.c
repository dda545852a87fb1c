#include "chat/term.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/quantity.h"

enum { DAY_S = 24 * 60 * 60, WORD = 32 };

/* "2h", but also "-5m", "10" and "1d12h": somebody meant a duration. */
static bool is_meant(const char *word, size_t len)
{
	size_t sign = word[0] == '-' || word[0] == '+';

	return len > sign && word[sign] >= '0' && word[sign] <= '9' &&
	       sign + strspn(word + sign, "0123456789smhdw") >= len;
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
