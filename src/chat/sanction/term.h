/*
 * A term: for how long something holds, and why, as people write it behind
 * whom it is about: "2h spamming", "spamming", "90d". Any thread.
 */
#ifndef RIALTO_CHAT_TERM_H
#define RIALTO_CHAT_TERM_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/refusal.h"

enum {
	REASON_MOST = 256, /* bytes, without the NUL */
	TERM_DAYS_MOST = 3650,
};

struct term {
	int64_t seconds; /* 0: for good */
	char reason[REASON_MOST + 1];
};

/*
 * NULL is for good and without a reason. ERR_BAD_INPUT with words: a first
 * word that is meant as a duration but is none ("10", "10min", "1d12h"), one
 * out of 1s to TERM_DAYS_MOST days, a reason too long.
 */
NODISCARD enum err term_parse(const char *text, struct term *term_r,
			      struct refusal *why);

/* All of text is the reason: "2h late" too. ERR_BAD_INPUT: too long. */
NODISCARD enum err term_parse_reason(const char *text, struct term *term_r,
				     struct refusal *why);

/* When it ends, of the wall clock; 0: never. */
int64_t term_end_ms(const struct term *term, int64_t now_ms);

enum { TERM_TEXT = 40 };

/* Writes "until 2026-11-21 18:00" or "for good". */
const char *term_print(int64_t end_ms, char text_r[TERM_TEXT]);

#endif
