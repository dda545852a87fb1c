/*
 * Opening balances as a table of CSV: "account,amount" or
 * "account,amount,memo", with that line first. Plain values; any thread.
 */
#ifndef RIALTO_BANK_IMPORT_H
#define RIALTO_BANK_IMPORT_H

#include <stddef.h>

#include "bank/book.h"
#include "bank/entry.h"
#include "bank/money.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/digest.h"
#include "crypto/uuid.h"

enum {
	IMPORT_BYTES_MOST = 1 << 20,
	IMPORT_ROWS_MOST = 5000, /* that are not nothing */
};

struct import_row {
	unsigned line;
	char account[BOOK_NAME]; /* as people write it */
	money amount;            /* not 0; below zero: a debt */
	char memo[MEMO];
};

struct import_finding;

struct import {
	struct import_row *rows;
	size_t count;
	size_t nothing;               /* rows of 0 that were left out */
	size_t bad;                   /* findings */
	uint8_t digest[DIGEST_BYTES]; /* of all bytes */
	struct import_finding *findings;
	struct buf words; /* of them, each ended by a NUL */
};

/*
 * Reads it, up to the row that is one too many; what is wrong is found. text
 * is taken apart. ERR_BAD_INPUT when anything was. import is given to
 * import_fini(), whatever came of it.
 */
NODISCARD enum err import_read(struct import *import, struct buf *text,
			       const struct currency *currency);
void import_fini(struct import *import);

/*
 * Adds what is wrong with a line, as words that fit behind "line 7: ". Of a row
 * at most two things, beside what import_read() has found.
 */
void import_find(struct import *import, unsigned line, const char *format, ...)
	PRINTF(3, 4);

/*
 * Adds a line to out for each bad one, in their order, from that line on, as
 * long as they come to no more than so many bytes, `beside` of each counted as
 * well. Returns the bad line that the next page begins with; 0: it was all.
 */
unsigned import_report(struct import *import, unsigned from, size_t most,
		       size_t beside, struct buf *out);

/* The id of a row (version 8 of RFC 9562): the same for the same file. */
void import_id(const struct import *import, const struct import_row *row,
	       struct uuid *id_r);

#endif
