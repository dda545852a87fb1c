/*
 * What the trail remembers beside its records, for trail.c alone: where the
 * chain ends, where it begins (older records are in the archive only), and
 * how far it was exported. All within a transaction; errors of the store pass
 * through, and ERR_CORRUPT says that a state cannot be read.
 */
#ifndef RIALTO_AUDIT_TRAIL_STATE_H
#define RIALTO_AUDIT_TRAIL_STATE_H

#include "audit/trail.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

struct trail_tables {
	struct store_table *records;
	struct store_table *ends;    /* "head", which every act writes */
	struct store_table *exports; /* "begin" and "cursor" */
};

/* Zeros where there is none yet. */
NODISCARD enum err trail_get_head(struct store_txn *txn,
				  const struct trail_tables *tables,
				  struct trail_head *head_r);
NODISCARD enum err trail_put_head(struct store_txn *txn,
				  const struct trail_tables *tables,
				  const struct trail_head *head);

/* The last record that was taken out; zeros while all are there. */
NODISCARD enum err trail_get_begin(struct store_txn *txn,
				   const struct trail_tables *tables,
				   struct trail_head *begin_r);
NODISCARD enum err trail_put_begin(struct store_txn *txn,
				   const struct trail_tables *tables,
				   const struct trail_head *begin);

NODISCARD enum err trail_get_cursor(struct store_txn *txn,
				    const struct trail_tables *tables,
				    struct trail_cursor *cursor_r);
NODISCARD enum err trail_put_cursor(struct store_txn *txn,
				    const struct trail_tables *tables,
				    const struct trail_cursor *cursor);

#endif
