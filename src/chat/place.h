/*
 * What the store knows of the place as a whole, each fact a record under its
 * name: whether it is locked down, its rules, its message of the day.
 */
#ifndef RIALTO_CHAT_PLACE_H
#define RIALTO_CHAT_PLACE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/* The table that must be in the store's options. */
#define PLACE_TABLES "place"

/* Within a transaction. */
NODISCARD enum err place_put(struct store_txn *txn, struct store *store,
			     const char *fact, const struct buf *value);
/* ERR_OK also when it was not there. */
NODISCARD enum err place_delete(struct store_txn *txn, struct store *store,
				const char *fact);

/* Start-up, jobs. An empty value when it is not there. */
NODISCARD enum err place_get(struct store *store, const char *fact,
			     struct buf *value);

/*
 * Checks that every record is known and can be read. Findings, a line each,
 * are added to report and make it ERR_CORRUPT.
 */
NODISCARD enum err place_verify(struct store *store, struct buf *report);

#endif
