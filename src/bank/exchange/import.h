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
	IMPORT_TOLD_MOST = 50,   /* lines of a report */
};

struct import_row {
	unsigned line;
	char account[BOOK_NAME]; /* as people write it */
	money amount;            /* not 0; below zero: a debt */
	char memo[MEMO];
};

struct import {
	struct import_row *rows;
	size_t count;
	size_t nothing; /* rows of 0 that were left out */
	size_t bad;
	uint8_t digest[DIGEST_BYTES]; /* of all bytes */
	struct buf report;            /* a line for each that is bad */
};

/*
 * Reads all of it; what is wrong is in the report. text is taken apart.
 * ERR_BAD_INPUT when anything was. import is given to import_fini(), whatever
 * came of it.
 */
NODISCARD enum err import_read(struct import *import, struct buf *text,
			       const struct currency *currency);
void import_fini(struct import *import);

/* Adds a bad line to the report, as words that fit behind "line 7: ". */
void import_find(struct import *import, unsigned line, const char *format, ...)
	PRINTF(3, 4);

/* How many more are bad than the report tells, as its last line. */
void import_end(struct import *import);

/* The id of a row (version 8 of RFC 9562): the same for the same file. */
void import_id(const struct import *import, const struct import_row *row,
	       struct uuid *id_r);

#endif
