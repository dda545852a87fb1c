/*
 * The KEY=value pairs in a line of the log. Any thread.
 */
#ifndef RIALTO_LOG_FIELDS_H
#define RIALTO_LOG_FIELDS_H

#include <stddef.h>

enum { FIELDS_MOST = 16, FIELD_KEY_MOST = 32 };

struct field {
	const char *key; /* borrowed from the line, not ended by a NUL */
	size_t key_len;
	const char *value; /* without its quotes; may be empty */
	size_t value_len;
};

/*
 * Finds the pairs: words KEY=value or KEY="some words", where KEY is an ASCII
 * letter, then letters, digits and '_', at most FIELD_KEY_MOST in all. A
 * quoted value ends at the next quote or with the line. Returns how many were
 * found; those behind the first FIELDS_MOST are left out.
 */
size_t fields_find(const char *line, struct field fields_r[FIELDS_MOST]);

#endif
