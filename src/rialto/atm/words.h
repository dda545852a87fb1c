/*
 * Answers of the bank in words, safe to show. Any thread.
 */
#ifndef RIALTO_RIALTO_ATM_WORDS_H
#define RIALTO_RIALTO_ATM_WORDS_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Text in lines: broken where it would be wider than that, and then indented,
 * so that nobody's words look like a line of their own; a line that is one
 * word is left whole.
 */
void words_wrap(const char *text, size_t width, struct buf *out);

/* How many rows of a terminal that takes, and the bytes of what fits in some:
 * whole lines of it, one at least.
 */
size_t words_rows(const char *text, size_t width);
size_t words_fit(struct buf *text, size_t width, size_t rows);

/* A balance: what is there, and what of it is set aside. */
void words_balance(const json_t *balance, struct buf *out);

/* What lines are made of. "ann/savings: 5.00, of that 1.00 is set aside" */
void words_account(const json_t *account, struct buf *out);

/* "2026-11-20 20:14     -30.25      69.75 ben (lunch) #57", and what is what */
void words_posting(const json_t *posting, struct buf *out);
extern const char words_posting_head[];

/* A time; " (lunch)", or nothing; " #57". */
void words_time(const json_t *object, const char *name, struct buf *out);
void words_memo(const json_t *object, struct buf *out);
void words_number(const json_t *object, const char *name, struct buf *out);

#endif
