/*
 * Holds: money set aside for somebody until it is captured, released, or the
 * hold expires. A record for each, and for the open ones an index, see due.h.
 * Plain values, any thread; the tables within a transaction or view. Besides
 * what is named, errors of the store. Times are milliseconds UTC.
 */
#ifndef RIALTO_BANK_HOLD_H
#define RIALTO_BANK_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/due.h"
#include "bank/entry.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/record.h"
#include "store/store.h"

struct hold {
	uint64_t seq; /* of the entry that made it: its number */
	account_id from;
	account_id to;
	money amount;
	int64_t due_ms;
	enum entry_kind state; /* ENTRY_HOLD: open; else how it was closed */
	uint64_t closed_by;    /* the entry that did; 0: open */
	money captured;
};

/* The tables of holds, by their places in the ledger. */
struct hold_tables {
	struct store_table *holds;
	struct store_table *index;
};

/*
 * Puts record and index, as the state says. ERR_CORRUPT when the index did not
 * have one that was closed.
 */
NODISCARD enum err hold_put(struct store_txn *txn,
			    const struct hold_tables *tables,
			    const struct hold *hold);

/* ERR_NO_SUCH_HOLD, ERR_CORRUPT. */
NODISCARD enum err hold_get(struct store_txn *txn,
			    const struct hold_tables *tables, uint64_t seq,
			    struct hold *hold_r);

/* Of open holds, as due_list(). */
NODISCARD enum err hold_list(struct store_txn *txn,
			     const struct hold_tables *tables,
			     account_id account, bool is_payer, int64_t then_ms,
			     uint64_t *seqs_r, size_t most, size_t *count_r);

/* Where the index has it, while it is open. */
struct due hold_due(const struct hold *hold);

/*
 * What an entry makes of the hold that it opens or closes, for verify too.
 * False, and nothing changed, when it does not fit.
 */
NODISCARD bool hold_apply(struct hold *hold, const struct entry *entry);

/* The stored form, version first; out is empty. */
void hold_encode(const struct hold *hold, struct buf *out);
/* False, and nothing changed, for what hold_encode() cannot have made. */
NODISCARD bool hold_decode(const void *bytes, size_t len, struct hold *hold_r);

#endif
