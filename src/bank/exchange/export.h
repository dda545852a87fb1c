/*
 * The journal as text for other programs: CSV, JSON, and what ledger-cli and
 * hledger read. An entry goes in, text comes out. Plain values; any thread.
 *
 * What members have chosen (memos, names) can break none of them: neither the
 * lines, nor a spreadsheet that takes a cell that begins with = for a formula.
 */
#ifndef RIALTO_BANK_EXPORT_H
#define RIALTO_BANK_EXPORT_H

#include <stdint.h>

#include "bank/account.h"
#include "bank/book.h"
#include "bank/entry.h"
#include "bank/money.h"
#include "base/buf.h"

/* What an account is called. */
struct bank_export_name {
	enum account_kind kind;
	char text[BOOK_NAME];
};

struct bank_export {
	struct currency currency;
	struct book_head head; /* the last entry that is exported */
	void (*name)(void *arg, account_id id, struct bank_export_name *name_r);
	void *arg;
};

struct bank_export_format {
	const char *word; /* "csv" */
	/* What goes before the first entry. Each adds to out. */
	void (*begin)(const struct bank_export *x, struct buf *out);
	void (*entry)(const struct bank_export *x, const struct entry *entry,
		      struct buf *out);
};

/*
 * RFC 4180, with a row for each leg, or one for an entry without. A text that
 * begins with one of = + - @ ' gets a ' in front.
 */
extern const struct bank_export_format export_csv;

/* An object a line (RFC 8259), for each entry. */
extern const struct bank_export_format export_json;

/*
 * A transaction for each entry that moves money, with what it adds to each
 * account; entries that move none are comments. Users' accounts stand under
 * "user:", those of the house under "house:".
 */
extern const struct bank_export_format export_ledger;

/* By its word; NULL. */
const struct bank_export_format *export_find(const char *word);

/* For the formats. RFC 3339, UTC: "2026-11-20T20:14:05.123Z" */
enum { EXPORT_TIME = 32 };
void export_print_time(int64_t time_ms, char text_r[EXPORT_TIME]);

/* "2026-11-20" */
void export_print_date(uint32_t date, char text_r[EXPORT_TIME]);

/* "floor", "holder_in". */
const char *export_change_word(enum change_tag tag);

/* "-50.00", "none", "default"; for what is no money a whole number. */
void export_print_change(const struct bank_export *x,
			 const struct change *change, char text_r[MONEY_TEXT]);

#endif
