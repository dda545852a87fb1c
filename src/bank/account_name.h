/*
 * By what accounts are found: the names of the open ones, by kind and owner,
 * and the shared ones by holder. Within a transaction or view; besides what is
 * named, errors of the store.
 */
#ifndef RIALTO_BANK_ACCOUNT_NAME_H
#define RIALTO_BANK_ACCOUNT_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "bank/account.h"
#include "bank/entry.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/*
 * So many labels a user may have, with the main account, who opens another; so
 * many of these and shared ones together who opens a shared one, and so many
 * who is made a holder by somebody else.
 */
enum { ACCOUNTS_PER_USER = 20, HOLDINGS_MOST = 2 * ACCOUNTS_PER_USER };

/* May an account of its kind have its name? */
bool account_name_is_valid(const struct account *account);

/* ERR_EXISTS when one of its kind and owner has the name. */
NODISCARD enum err account_name_check(struct store_txn *txn,
				      struct store_table *names,
				      const struct account *account);

/* Files a new account, and takes a closed one out. */
NODISCARD enum err account_name_put(struct store_txn *txn,
				    struct store_table *names,
				    const struct account *account);
NODISCARD enum err account_name_delete(struct store_txn *txn,
				       struct store_table *names,
				       const struct account *account);

/* A holder has come or gone. */
NODISCARD enum err account_name_share(struct store_txn *txn,
				      struct store_table *names,
				      const struct account *account,
				      const struct change *change);

/* Is every record of it there? ERR_NO_SUCH_ACCOUNT when one is not. */
NODISCARD enum err account_name_filed(struct store_txn *txn,
				      struct store_table *names,
				      const struct account *account);

/* The account that a record leads to; false for what is none. */
NODISCARD bool account_name_read(const struct store_record *record,
				 account_id *id_r);

/* May the record be there, while the account is open? */
bool account_name_fits(const struct store_record *record,
		       const struct account *account);

/* ERR_NO_SUCH_ACCOUNT. */
NODISCARD enum err account_name_find(struct store_txn *txn,
				     struct store_table *names,
				     enum account_kind kind, user_id owner,
				     const char *name, account_id *id_r);

/* The user's own accounts, then the shared ones, at most `most`. */
NODISCARD enum err account_name_list(struct store_txn *txn,
				     struct store_table *names, user_id user,
				     account_id *ids_r, size_t most,
				     size_t *count_r);
/* The cash accounts by name, a page: those behind that name ("": all). */
enum { TILLS_MOST = 256 };
NODISCARD enum err account_name_tills(struct store_txn *txn,
				      struct store_table *names,
				      const char *after,
				      account_id ids_r[TILLS_MOST],
				      size_t *count_r);
NODISCARD enum err account_name_count(struct store_txn *txn,
				      struct store_table *names, user_id user,
				      size_t *count_r);

/* Without shared ones. */
NODISCARD enum err account_name_count_own(struct store_txn *txn,
					  struct store_table *names,
					  user_id user, size_t *count_r);

#endif
