/*
 * What was said, in the store: messages by room and number, and of each room a
 * head, with how many there are and which numbers have been given. Jobs and
 * start-up only; besides what is named, the errors of store_run().
 */
#ifndef RIALTO_CHAT_HISTORY_TABLE_H
#define RIALTO_CHAT_HISTORY_TABLE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/history/saying.h"
#include "store/store.h"

/* The tables that must be in the store's options. */
#define HISTORY_TABLES "messages", "histories"

struct erasures;

struct history_head {
	uint64_t given; /* no number above it was given to a message */
	uint64_t count; /* of the messages that are stored */
	uint64_t bytes; /* of them, see saying_bytes() */
};

/* Within a transaction: sayings of one room, in the order of their numbers. */
NODISCARD enum err history_table_add(struct store_txn *txn, struct store *store,
				     const char *room,
				     const struct saying *sayings, size_t count,
				     uint64_t given);

/*
 * Within a transaction. Overwrites and takes out those of the numbers that are
 * there: so that the text is not left in the page. Adds to *count_r how many
 * there were, and to *bytes_r how long.
 */
NODISCARD enum err history_table_erase(struct store_txn *txn,
				       struct store *store, const char *room,
				       const uint64_t *ids, size_t count,
				       uint64_t *count_r, uint64_t *bytes_r);

/* Within a transaction: notes that no number above given was given. */
NODISCARD enum err history_table_give(struct store_txn *txn,
				      struct store *store, const char *room,
				      uint64_t given);

/* Visits the heads by the keys of their rooms: ERR_CORRUPT. */
typedef void history_head_fn(const char *key, const struct history_head *head,
			     void *arg);
NODISCARD enum err history_table_heads(struct store *store,
				       history_head_fn *visit, void *arg);

/* Returns false to end the walk; the saying is borrowed. */
typedef bool saying_fn(const struct saying *saying, void *arg);

/*
 * Within a transaction. Takes out, and overwrites if wanted, the oldest
 * messages for which goes returns true, up to the first for which it does not:
 * ERR_CORRUPT, one cannot be read.
 */
NODISCARD enum err history_table_drop(struct store_txn *txn,
				      struct store *store, const char *room,
				      bool is_wiped, saying_fn *goes,
				      void *arg);

/*
 * Visits a room's messages: oldest first from the number `from` on, newest
 * first below the number `below`, or like the first but fast, for thousands.
 * The visitor may be called again from the beginning after a deadlock: begin,
 * unless NULL, is called before each. ERR_CORRUPT: one cannot be read.
 */
struct history_walk {
	struct store *store;
	const char *room;
	saying_fn *visit;
	void (*begin)(void *arg);
	void *arg;
	const struct erasures *gone; /* what they hit is left out; or NULL */
};

NODISCARD enum err history_walk_up(const struct history_walk *walk,
				   uint64_t from);
NODISCARD enum err history_walk_down(const struct history_walk *walk,
				     uint64_t below);
NODISCARD enum err history_scan(const struct history_walk *walk, uint64_t from);

/*
 * Checks that every record can be read, and that the heads are right.
 * Findings, a line each, are added to report and make it ERR_CORRUPT.
 */
NODISCARD enum err history_table_verify(struct store *store,
					struct buf *report);

#endif
