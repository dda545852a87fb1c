/*
 * A batch: one transaction that carries out orders, from the inside of this
 * folder. It reads an account once, keeps what becomes of it, also for the
 * batches to come, and writes it once at the end; entries are written as they
 * come. One owner, who holds the ledger's lock.
 *
 * Functions return ERR_OK; a refusal, see batch_is_refusal(), which has changed
 * nothing; or what ends the transaction.
 */
#ifndef RIALTO_BANK_BATCH_H
#define RIALTO_BANK_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/trail.h"
#include "bank/account.h"
#include "bank/entry.h"
#include "bank/ledger_fields.h"
#include "bank/meta.h"
#include "bank/order.h"
#include "bank/settings.h"
#include "store/store.h"

struct account_cache;

struct batch {
	struct store_txn *txn;
	struct ledger *ledger;
	const struct ledger_tables *tables;
	struct bank_settings settings; /* a copy, for all of it */
	struct bank_head head;         /* with what the batch has added */
	struct bank_rules rules;
	int64_t now_ms; /* the time of all its entries */
	uint32_t date;
	struct trail_batch trail;
	struct account_cache *accounts;
	bool has_named;        /* an account, or closed one */
	bool has_bad_news;     /* what is told to others is damaged; ever */
	uint64_t entries;      /* how many it has added */
	uint64_t claimed;      /* an entry foretold, see repeat_claim() */
	bool is_waiting_known; /* whether any order waits for approval */
	bool is_any_waiting;
	struct fall falls[FALLS_MOST];
	size_t fall_count;
};

void batch_init(struct batch *batch, struct ledger *ledger);

/* Frees what it holds. */
void batch_fini(struct batch *batch);

/* Begins anew within a transaction, whatever was there before. */
NODISCARD enum err batch_begin(struct batch *batch, struct store_txn *txn);

/* Writes what has changed; the transaction can commit then. */
NODISCARD enum err batch_end(struct batch *batch);

/* It did: the accounts are as the batch has left them. */
void batch_committed(struct batch *batch);

/* Did the order fail for itself, and the batch may go on? */
bool batch_is_refusal(enum err e);

/*
 * The account as it is now, borrowed until the next batch_post(); its overdue
 * holds have expired. ERR_NO_SUCH_ACCOUNT.
 */
NODISCARD enum err batch_account(struct batch *batch, account_id id,
				 const struct account **account_r);

/* A copy of the account as it is, overdue holds and all. */
NODISCARD enum err batch_peek(struct batch *batch, account_id id,
			      struct account *account_r);

/*
 * Gives the entry its number, time, postings and hash, checks it against what
 * its accounts allow (see bounds.h), and writes it with its audit record. The
 * order says who acts and gets the words of a refusal; on ERR_OK the entry is
 * in order->entry.
 */
NODISCARD enum err batch_post(struct batch *batch, struct order *order,
			      struct entry *entry);

/* Whether batch_post() would refuse that entry; nothing is changed. */
NODISCARD enum err batch_try(struct batch *batch, struct order *order,
			     const struct entry *entry);

/* An audit record of what became no entry, by its number. */
NODISCARD enum err batch_note(struct batch *batch, const struct order *order,
			      const char *action, uint64_t number);

#endif
