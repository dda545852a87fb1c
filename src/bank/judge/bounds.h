/*
 * What an account allows: closed and frozen, floor and ceiling, and the most
 * that may leave at once and in a day. Any thread.
 */
#ifndef RIALTO_BANK_BOUNDS_H
#define RIALTO_BANK_BOUNDS_H

#include "bank/account.h"
#include "bank/entry.h"
#include "bank/meta.h"
#include "bank/order.h"
#include "base/attr.h"
#include "base/err.h"

/*
 * May the entry make `after` of `before`? ERR_ACCOUNT_CLOSED, ERR_FROZEN,
 * ERR_INSUFFICIENT_FUNDS, ERR_ABOVE_CEILING, ERR_LIMIT, with words in the
 * order: those show amounts of the account only to whom they concern.
 */
NODISCARD enum err bounds_check(const struct bank_rules *rules,
				struct order *order, const struct entry *entry,
				const struct account *before,
				const struct account *after);

#endif
