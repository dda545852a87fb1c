/*
 * Rows of comma-separated values (RFC 4180): fields may stand in double
 * quotes, in which a doubled one is one and a line may end. A line ends with
 * LF or CRLF. Plain values; any thread.
 */
#ifndef RIALTO_BANK_CSV_H
#define RIALTO_BANK_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

enum { CSV_FIELDS = 8 };

struct csv {
	char *at; /* the text, which is taken apart, and its end */
	char *end;
	unsigned line; /* where the row begins, counted from 1 */
	unsigned next; /* likewise, of the row behind */
	unsigned count;
	char *fields[CSV_FIELDS]; /* ended by NUL; within the text */
	bool is_quoted[CSV_FIELDS];
};

/*
 * Borrows the text, which is changed; behind its end must be room for one
 * more byte.
 */
void csv_open(struct csv *csv, char *text, size_t len);

/*
 * The next row; lines without anything are passed over. ERR_NOT_FOUND at the
 * end; ERR_BAD_INPUT with words for what is no row, which is passed over.
 */
NODISCARD enum err csv_next(struct csv *csv, const char **words_r);

#endif
