/*
 * The sanctions of all rooms in the store: by room and number. Jobs and
 * start-up only; besides what is named, the errors of store_run().
 */
#ifndef RIALTO_CHAT_SANCTION_TABLE_H
#define RIALTO_CHAT_SANCTION_TABLE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/sanction/sanctions.h"
#include "store/store.h"

/* The table that must be in the store's options. */
#define SANCTION_TABLES "sanctions"

/* Within a transaction. A new one gets its number: s->id was 0. */
NODISCARD enum err sanction_table_put(struct store_txn *txn,
				      struct store *store, const char *room,
				      struct sanction *s);
/* ERR_OK also when it was not there. */
NODISCARD enum err sanction_table_delete(struct store_txn *txn,
					 struct store *store, const char *room,
					 uint64_t id);

/* Start-up. Adds those of a room to all: ERR_CORRUPT. */
NODISCARD enum err sanction_table_load(struct store *store, const char *room,
				       struct sanctions *all);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err sanction_table_verify(struct store *store,
					 struct buf *report);

#endif
