/*
 * The audit trail in the store: a record for each act, written in the act's
 * own transaction, so that both stand or fall together. Records are numbered
 * in commit order and chained by hash. The exporter copies them to audit.log
 * and the archive; the newest TRAIL_KEEP of those stay here.
 */
#ifndef RIALTO_AUDIT_TRAIL_H
#define RIALTO_AUDIT_TRAIL_H

#include <stdbool.h>

#include "audit/archive.h"
#include "audit/entry.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

struct trail;

/* The tables that must be in the store's options. */
#define TRAIL_TABLES "audit", "audit_state", "audit_export"

enum {
	TRAIL_KEEP = 100000,   /* exported records that are kept */
	TRAIL_BACKLOG = 10000, /* that may wait for their export, at first */
};

/* Where the chain ends; or another place in it. */
struct trail_head {
	uint64_t sequence; /* 0: no record yet */
	uint8_t hash[DIGEST_BYTES];
};

/* Up to where everything is exported. */
struct trail_cursor {
	struct trail_head last;
	struct archive_place place; /* behind that record */
};

/* Borrows the store. */
struct trail *trail_new(struct store *store);
void trail_free(struct trail **trail);
struct store *trail_store(struct trail *trail);

/*
 * Within the transaction of an act, after its own changes (the head is a
 * record that all acts write, so they queue behind each other from here to
 * the commit): adds the record. ERR_AUDIT_DOWN when too many wait for their
 * export; return it, so that the act is undone.
 */
NODISCARD enum err trail_write(struct store_txn *txn, struct trail *trail,
			       const struct audit_entry *entry);

/*
 * The same for many records of one transaction, which reads and writes the
 * head once: begin with one that is all zero, add, and end before the
 * transaction commits.
 */
struct trail_batch {
	struct trail_head head;
	bool is_begun;
};
NODISCARD enum err trail_add(struct store_txn *txn, struct trail *trail,
			     struct trail_batch *batch,
			     const struct audit_entry *entry);
NODISCARD enum err trail_end(struct store_txn *txn, struct trail *trail,
			     const struct trail_batch *batch);

/*
 * Would trail_write() refuse, as far as it is known without looking? Any
 * thread.
 */
bool trail_is_down(const struct trail *trail);

/*
 * For who writes many records, before it begins a transaction: while more than
 * half of what may wait for its export does, waits until it is less, for a
 * second at most; so that an act is refused only when the exporter cannot
 * write. Does not wait when that is known. Jobs only.
 */
void trail_pace(struct trail *trail);

/* Does so much wait that writers will soon have to? For the exporter. */
bool trail_is_pressing(const struct trail *trail);

/* An act that changes nothing else in the store. Jobs and start-up only. */
NODISCARD enum err trail_note(struct trail *trail,
			      const struct audit_entry *entry);

/* Jobs, keeper and start-up only, as everything below. */
NODISCARD enum err trail_head(struct trail *trail, struct trail_head *head_r);

/* The last record that is only in the archive now; 0: all are here. */
NODISCARD enum err trail_begin(struct trail *trail, struct trail_head *begin_r);

/*
 * Visits records from this sequence number on, in order, until visit returns
 * false. ERR_CORRUPT when one cannot be read. It may not call store_*.
 */
typedef bool trail_visit_fn(const struct audit_record *record, void *arg);
NODISCARD enum err trail_walk(struct trail *trail, uint64_t from,
			      trail_visit_fn *visit, void *arg);

/* As trail_walk(), with the stored bytes; borrowed until visit returns. */
struct trail_row {
	const struct audit_record *record;
	const void *bytes;
	size_t len;
};
typedef bool trail_row_fn(const struct trail_row *row, void *arg);
NODISCARD enum err trail_walk_rows(struct trail *trail, uint64_t from,
				   trail_row_fn *visit, void *arg);

/* The stored bytes of one record; ERR_NOT_FOUND. bytes is emptied first. */
NODISCARD enum err trail_read(struct trail *trail, uint64_t sequence,
			      struct buf *bytes);

/* Zeros when nothing was ever exported. */
NODISCARD enum err trail_exported(struct trail *trail,
				  struct trail_cursor *cursor_r);

/* How many records may wait for their export. */
void trail_bound(struct trail *trail, uint64_t most);

/* The exporter has written up to here; from now on the lag is bounded. */
void trail_follow(struct trail *trail, uint64_t sequence);

/* It cannot write for now, or it can again. */
void trail_stick(struct trail *trail, bool is_stuck);

/*
 * What to call, from any thread, when it should not wait for its next turn;
 * before anything is written.
 */
void trail_on_haste(struct trail *trail, void (*hurry)(void *arg), void *arg);

/* How many wait; 0 without an exporter. */
NODISCARD enum err trail_waiting(struct trail *trail, uint64_t *count_r);

/* Stores the cursor, and takes out some records that are not kept. */
NODISCARD enum err trail_advance(struct trail *trail,
				 const struct trail_cursor *cursor);

#endif
