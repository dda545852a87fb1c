/*
 * A trial balance: all accounts at one moment, with what is in all of them
 * together. Jobs only.
 */
#ifndef RIALTO_BANK_TRIAL_H
#define RIALTO_BANK_TRIAL_H

#include <stddef.h>

#include "bank/account.h"
#include "bank/money.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/* What of an account is on it. */
struct trial_row {
	account_id id;
	enum account_kind kind;
	user_id owner;
	char name[ACCOUNT_NAME];
	unsigned flags;
	money posted;
	money held;
};

struct trial {
	struct trial_row *rows; /* open ones, by number */
	size_t count;
	account_id next; /* where the rows go on; 0: there are no more */

	/* Of all accounts, by enum account_kind. */
	money posted[ACCOUNT_HOUSE + 1];
	money held;
	size_t open;
	size_t closed;
};

/*
 * Reads all accounts as they are when it begins, while orders go on; rows are
 * those from this number on, at most `most`. ERR_CORRUPT and errors of the
 * store. trial_r is given to trial_fini(), whatever came of it.
 */
NODISCARD enum err trial_take(struct store *store, account_id from, size_t most,
			      struct trial *trial_r);
void trial_fini(struct trial *trial);

#endif
