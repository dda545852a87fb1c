/*
 * Approvals that are waited for: orders that need a second person, see
 * bank.approval_above, kept until one agrees, refuses, or a week has passed.
 * The ledger takes one out in the transaction that carries its order out; so
 * that is done once, whatever happens.
 *
 * Jobs only, except where it says otherwise. Besides what is named, the errors
 * of store_run(); ERR_CORRUPT when one cannot be read. Times are milliseconds
 * UTC.
 */
#ifndef RIALTO_BANK_APPROVAL_H
#define RIALTO_BANK_APPROVAL_H

#include <stddef.h>
#include <stdint.h>

#include "audit/entry.h"
#include "audit/trail.h"
#include "bank/order.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

struct approval {
	uint64_t number; /* 1, 2, 3 … of all that were asked for */
	int64_t made_ms;
	int64_t due_ms;
	struct order order; /* its question, by whom, target and reason */
};

enum { APPROVALS_MOST = 100, APPROVALS_PER_USER = 20 };

/* What became of one that was asked for. */
struct approval_filed {
	uint64_t number;
	bool is_new; /* it did not wait before */
};

/*
 * Keeps an order that was refused with ERR_APPROVAL_NEEDED, and records that
 * with entry, whose detail it sets. An order with an id that waits already is
 * found again; ERR_ID_CONFLICT when it asked something else, ERR_EXISTS when
 * an order was answered under its id meanwhile. ERR_LIMIT when too many wait.
 */
NODISCARD enum err approval_file(struct store *store, struct trail *trail,
				 const struct order *order,
				 struct audit_entry *entry,
				 struct approval_filed *filed_r);

/* ERR_NOT_FOUND, also when its time is over. */
NODISCARD enum err approval_get(struct store *store, uint64_t number,
				struct approval *approval_r);

/* All that wait, the oldest first; *list_r is freed by the caller. */
NODISCARD enum err approval_list(struct store *store, struct approval **list_r,
				 size_t *count_r);

/* Takes one out, with its record; ERR_NOT_FOUND. */
NODISCARD enum err approval_drop(struct store *store, struct trail *trail,
				 uint64_t number,
				 const struct audit_entry *entry);

/* Takes out all that the user has asked for, without a record of it. */
NODISCARD enum err approval_forget(struct store *store, user_id user);

/*
 * Can each be read, and is it what its number says? Findings, a line each, are
 * added to report; any makes it ERR_CORRUPT. Nobody may change them meanwhile.
 */
NODISCARD enum err approval_verify(struct store *store, struct buf *report);

/* Within the ledger's transaction: ERR_NOT_FOUND when it is not there. */
NODISCARD enum err approval_look(struct store_txn *txn,
				 struct store_table *table, uint64_t number);
NODISCARD enum err approval_take(struct store_txn *txn,
				 struct store_table *table, uint64_t number);

/* Does any wait, over ones included? */
NODISCARD enum err approval_any(struct store_txn *txn,
				struct store_table *table, bool *is_r);

/*
 * What its giver waits for under its id: the number, 0 when it is nothing, or
 * ERR_ID_CONFLICT when it is something else.
 */
NODISCARD enum err approval_find(struct store_txn *txn,
				 struct store_table *table,
				 const struct order *order, int64_t now_ms,
				 uint64_t *number_r);

/* The stored form, version first; out is empty. Any thread. */
void approval_encode(const struct approval *approval, struct buf *out);
/* False, and nothing changed, for what approval_encode() cannot have made. */
NODISCARD bool approval_decode(const void *bytes, size_t len,
			       struct approval *approval_r);

#endif
