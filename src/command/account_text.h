/* All that is known of an account. Jobs only; out is added to. */
#ifndef RIALTO_COMMAND_ACCOUNT_TEXT_H
#define RIALTO_COMMAND_ACCOUNT_TEXT_H

#include "bank/account.h"
#include "base/buf.h"
#include "command/bank_text.h"

/* Lines: balance, age, holders, limits, and who works at the till. */
void account_text_all(const struct bank_text *t, const struct account *account,
		      struct buf *out);

#endif
