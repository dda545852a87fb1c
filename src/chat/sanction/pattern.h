/*
 * Patterns: what word filters look for, as "literal:TEXT" or "glob:TEXT". A
 * literal is found anywhere in a message; a glob must fit the whole message,
 * and each star in it stands for any run of characters. How a text is written
 * does not count (base/fold.h). Any thread.
 */
#ifndef RIALTO_CHAT_PATTERN_H
#define RIALTO_CHAT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/refusal.h"
#include "chat/sanction/sanction.h"

enum {
	PATTERN_MOST = MASK_MOST, /* bytes, with the word before the colon */
	PATTERN_TEXT_MOST = 120,  /* bytes behind it */

	/* Bytes in a row that a pattern must have, folded, without a star. */
	NEEDLE_LEAST = 3,
};

/*
 * Reads "[refuse|hold|mute] [literal|glob] TEXT", where refuse and literal are
 * what is not said. ERR_BAD_INPUT with words: text that pattern_check() does
 * not take.
 */
NODISCARD enum err pattern_parse(const char *words, enum sanction_kind *kind_r,
				 char pattern_r[PATTERN_MOST + 1],
				 struct refusal *why);

/* ERR_BAD_INPUT, with words, for what may not be a pattern. */
NODISCARD enum err pattern_check(const char *pattern, struct refusal *why);

/* Ready to be looked for. */
struct needle {
	char *folded; /* the caller's, without the word */
	size_t len;
	bool is_glob;
	size_t from; /* where its longest run without a star begins */
};

/* Of a pattern that was checked. */
void needle_init(struct needle *needle, const char *pattern);
void needle_fini(struct needle *needle);

/* folded is a message: does the needle catch it? Takes one walk through it. */
bool needle_catches(const struct needle *needle, const char *folded,
		    size_t len);

#endif
