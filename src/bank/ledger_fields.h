/* The fields of the ledger, for the files of this folder that act on it. */
#ifndef RIALTO_BANK_LEDGER_FIELDS_H
#define RIALTO_BANK_LEDGER_FIELDS_H

#include <stdatomic.h>

#include "bank/hold.h"
#include "bank/ledger.h"
#include "bank/request.h"
#include "base/recall.h"
#include "base/thread.h"
#include "user/quota.h"

struct batch;

enum { FALLS_MOST = 512 };

/* All immutable. */
struct ledger_tables {
	struct store_table *entries;
	struct store_table *accounts;
	struct store_table *names;
	struct store_table *months;
	struct store_table *ids;
	struct store_table *reversals;
	struct store_table *meta;
	struct store_table *approvals;
	struct store_table *tidings;
	struct hold_tables holds;
	struct request_tables requests;
};

void ledger_find_tables(struct store *store, struct ledger_tables *tables_r);

struct ledger {
	struct ledger_parts parts;     /* immutable */
	struct ledger_tables tables;   /* immutable */
	struct quota *quota;           /* orders of a user; its own lock */
	struct departures *departures; /* its own lock */
	struct batch *batch;           /* only with still held */
	struct recall *mains;          /* ledger_main()'s */

	/* Held while orders are carried out; rank: LOCK_LEDGER. */
	struct mutex still;
	/* House accounts of the settings, with still held; 0: not there. */
	account_id cash;
	account_id fees;
	account_id income;
	account_id over_short;
	account_id opening;
	bool has_warned; /* of damaged news, with still held */

	struct mutex queue_lock; /* rank: LOCK_ORDERS */
	struct order *first GUARDED_BY(queue_lock);
	struct order **last GUARDED_BY(queue_lock);
	size_t waiting GUARDED_BY(queue_lock);
	bool is_drained GUARDED_BY(queue_lock); /* somebody does, or will */
	struct cond done;                       /* with queue_lock */
	struct bank_settings settings GUARDED_BY(queue_lock);
	struct fall falls[FALLS_MOST] GUARDED_BY(queue_lock);
	size_t fall_count GUARDED_BY(queue_lock);

	atomic_uint_fast64_t orders;
	atomic_uint_fast64_t batches;
	atomic_uint_fast64_t entries;
	atomic_uint_fast64_t refused;
};

/*
 * Queues them, each with its group. False: too many wait. *wake_r: nobody
 * drains yet, so the caller or somebody whom it calls has to.
 */
NODISCARD bool ledger_put(struct ledger *ledger, struct order *const *orders,
			  size_t count, bool *wake_r);

#endif
