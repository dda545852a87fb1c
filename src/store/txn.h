/*
 * Transactions from the inside of this folder.
 */
#ifndef RIALTO_STORE_TXN_H
#define RIALTO_STORE_TXN_H

#include <db.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

struct store_txn {
	struct store *store;
	DB_TXN *db_txn; /* NULL: reading only, see store_view() */
	bool has_written;
	enum err broken; /* not ERR_OK: nothing may follow but the abort */
};

/* As store_run(), whatever space there is. */
NODISCARD enum err txn_run(struct store *store, store_fn *fn, void *arg);

/* The table "meta". */
struct store_table *txn_meta(const struct store_txn *txn);

#endif
