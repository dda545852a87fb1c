/*
 * Answers of the bank in plain lines of at most 80 columns, safe to show. Any
 * thread.
 */
#ifndef RIALTO_RIALTO_ATM_WORDS_H
#define RIALTO_RIALTO_ATM_WORDS_H

#include <jansson.h>

#include "base/buf.h"

/* Text in lines: broken at spaces where it would be wider than that. */
void words_wrap(const char *text, size_t width, struct buf *out);

/* A balance: what is there, and what of it is set aside. */
void words_balance(const json_t *balance, struct buf *out);

/* One line each; of postings, which come newest first, as many as fit. */
void words_accounts(const json_t *accounts, struct buf *out);
void words_postings(const json_t *postings, struct buf *out);

#endif
