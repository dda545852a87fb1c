/*
 * Entries of the journal as auditors and administrators see them: all sides,
 * and what they have changed. Jobs only; out is added to.
 */
#ifndef RIALTO_COMMAND_ENTRY_TEXT_H
#define RIALTO_COMMAND_ENTRY_TEXT_H

#include "bank/entry.h"
#include "base/buf.h"
#include "command/bank_text.h"

/*
 * A line: "2026-11-20 20:14 pay 30.25 R ann to ben, by ann: lunch. #12".
 */
void entry_text_line(const struct bank_text *t, const struct entry *entry,
		     struct buf *out);

/* That line, and all else that the entry says. */
void entry_text_all(const struct bank_text *t, const struct entry *entry,
		    struct buf *out);

/* A value of a term: "-50.00 R", "2.5 %", "none", "default". */
void entry_text_term(const struct bank_text *t, enum account_term term,
		     int64_t value, struct buf *out);

/* "floor", "per_transfer": what a term is called. */
extern const char *const entry_text_terms[TERMS];

#endif
