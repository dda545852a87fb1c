/*
 * Answers, written as JSON into a buf: each function adds a member to the
 * object, or, with a NULL name, a value to the array that was opened last. Any
 * thread.
 */
#ifndef RIALTO_FRONT_ATM_ANSWER_H
#define RIALTO_FRONT_ATM_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/money.h"
#include "base/buf.h"
#include "base/err.h"
#include "command/bank_text.h"

/* "{" or "[", and their ends. */
void answer_open(struct buf *out, const char *name, char bracket);
void answer_close(struct buf *out, char bracket);

/* A text that is valid UTF-8. */
void answer_text(struct buf *out, const char *name, const char *text);
void answer_number(struct buf *out, const char *name, int64_t number);
void answer_bool(struct buf *out, const char *name, bool value);
void answer_null(struct buf *out, const char *name);

/* A time, milliseconds UTC; 0 is null. */
void answer_time(struct buf *out, const char *name, int64_t time_ms);

/* An amount as a text, without the currency's symbol. */
void answer_money(struct buf *out, const char *name, money amount,
		  const struct currency *currency);

/* JSON that was written before. */
void answer_raw(struct buf *out, const char *name, const char *json,
		size_t len);

/* "error": { code, text }. */
void answer_error(struct buf *out, enum err code, const char *text);

/* An account, as every answer shows it. Jobs only. */
void answer_balance(struct buf *out, const char *name,
		    const struct bank_text *t, const struct account *account);

#endif
