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

/* What a function of a transaction returns when Berkeley DB returned rc. */
NODISCARD enum err txn_judge(struct store_txn *txn, int rc);

/* Borrows the bytes; Berkeley DB does not write to what it only reads. */
DBT txn_dbt(const void *bytes, size_t len);

/* The table "meta". */
struct store_table *txn_meta(const struct store_txn *txn);

#endif
