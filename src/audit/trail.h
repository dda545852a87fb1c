/*
 * The audit trail in the store: a record for each act, written in the act's
 * own transaction, so that both stand or fall together. Records are numbered
 * in commit order and chained by hash.
 */
#ifndef RIALTO_AUDIT_TRAIL_H
#define RIALTO_AUDIT_TRAIL_H

#include "audit/entry.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

struct trail;

/* The tables that must be in the store's options. */
#define TRAIL_TABLES "audit", "audit_state"

/* Where the chain ends. */
struct trail_head {
	uint64_t sequence; /* 0: no record yet */
	uint8_t hash[DIGEST_BYTES];
};

/* Borrows the store. */
struct trail *trail_new(struct store *store);
void trail_free(struct trail **trail);

/*
 * Within the transaction of an act, after its own changes (the head is a
 * record that all acts write, so they queue behind each other from here to
 * the commit): adds the record. ERR_AUDIT_DOWN when the trail cannot take it;
 * return it, so that the act is undone.
 */
NODISCARD enum err trail_write(struct store_txn *txn, struct trail *trail,
			       const struct audit_entry *entry);

/* An act that changes nothing else in the store. Jobs and start-up only. */
NODISCARD enum err trail_note(struct trail *trail,
			      const struct audit_entry *entry);

/* Jobs, keeper and start-up only. */
NODISCARD enum err trail_head(struct trail *trail, struct trail_head *head_r);

/*
 * Visits records from this sequence number on, in order, until visit returns
 * false. ERR_CORRUPT when one cannot be read. It may not call store_*.
 */
typedef bool trail_visit_fn(const struct audit_record *record, void *arg);
NODISCARD enum err trail_walk(struct trail *trail, uint64_t from,
			      trail_visit_fn *visit, void *arg);

#endif
