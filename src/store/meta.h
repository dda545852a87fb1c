/*
 * The table "meta": the schema, which tables there are, sequences, and the
 * last backup. Every function works inside the transaction it is given.
 */
#ifndef RIALTO_STORE_META_H
#define RIALTO_STORE_META_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/* ERR_NOT_FOUND in a new directory; ERR_NEWER; ERR_CORRUPT. */
NODISCARD enum err meta_check_schema(struct store_txn *txn, uint32_t *schema_r);
NODISCARD enum err meta_put_schema(struct store_txn *txn);

/* The tables that were made once, so that a lost file is noticed. */
NODISCARD enum err meta_has_table(struct store_txn *txn, const char *name,
				  bool *has_r);
NODISCARD enum err meta_put_table(struct store_txn *txn, const char *name);

/* Adds a line for each table of dir_fd that was made and is not there. */
NODISCARD enum err meta_find_lost(struct store_txn *txn, int dir_fd,
				  struct buf *report);

/* When the last backup was made, and the log file in which it ended. */
struct meta_backup {
	int64_t ms;
	uint32_t log;
};

/* ERR_NOT_FOUND when there never was one. */
NODISCARD enum err meta_get_backup(struct store_txn *txn,
				   struct meta_backup *backup_r);
NODISCARD enum err meta_put_backup(struct store_txn *txn,
				   const struct meta_backup *backup);

#endif
