/*
 * Low balances: an account's owner, or its holders, are told once when what is
 * available falls below the level that was set (TERM_NOTICE), and not again
 * until it was at least that. A mark of user and account says of which fall
 * the user was told. Jobs only.
 */
#ifndef RIALTO_BANK_LOW_H
#define RIALTO_BANK_LOW_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/money.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"
#include "user/users.h"

/* Is there a level, and less available? */
bool low_is(const struct account *account);

/*
 * The entry by which it fell, when that is not yet told to the user; else 0,
 * also when it lies too far back. Errors as book_statement().
 */
NODISCARD enum err low_find(struct store *store, const struct account *account,
			    user_id user, uint64_t *seq_r);

/* The user was told of the fall by that entry. */
NODISCARD enum err low_note(struct store *store, const struct account *account,
			    user_id user, uint64_t seq);

/* The user is no more. Errors of store_run(). */
NODISCARD enum err low_forget(struct store *store, user_id user);

/* "Low balance: 3.00 R can be spent of ann/savings, less than 5.00 R." */
void low_print(struct users *users, const struct currency *currency,
	       const struct account *account, struct buf *out);

#endif
