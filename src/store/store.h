/*
 * The data directory: Berkeley DB tables, transactions, group commit.
 *
 * store_run() commits without waiting for the disk; what it did becomes
 * durable when the committer's next flush returns. Whoever must not speak
 * before that takes a ticket and waits for it: nobody is told "done" before
 * it is on disk, and no thread holds a lock meanwhile. A failed fsync ends
 * the process at once, since what was written is unknown from then on.
 *
 * Any thread may call everything here except where it says otherwise; only
 * jobs, the keeper and start-up should, since most of it waits for a disk.
 */
#ifndef RIALTO_STORE_STORE_H
#define RIALTO_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct store;
struct store_table;
struct store_txn;

/*
 * The layout this program writes, kept in the table "meta". Since 2 there is
 * what rooms remember, with private messages, markers and plugins' states;
 * since 3 the bank.
 */
enum { STORE_SCHEMA = 3 };

struct store_options {
	const char *dir; /* made with mode 0700 when it is not there */
	const char *const *tables; /* names, ended by NULL */
	size_t cache_bytes;        /* 0: the default */
};

/*
 * Opens the directory, recovers it, and starts the committer. On failure
 * *store_r is NULL and why says in a sentence what is wrong and what would
 * help: ERR_BUSY (another process has it), ERR_NEWER (made by a newer
 * program), ERR_CORRUPT, ERR_STORAGE_FULL, ERR_NOT_ALLOWED, ERR_IO.
 */
NODISCARD enum err store_open(const struct store_options *options,
			      struct store **store_r, struct buf *why);

/* Makes everything durable, checkpoints and closes. No call may be under way.
 */
void store_close(struct store **store);

/* One of the tables of the options; asking for another is a bug. */
struct store_table *store_table(struct store *store, const char *name);

/*
 * Transactions. fn is run inside one and may be run again after a deadlock,
 * so it changes nothing but the store and what it sets anew each time. It
 * must return every error it gets from store_*; what it returns, unless
 * ERR_OK, aborts the transaction and is returned.
 *
 * Besides: ERR_STORAGE_FULL (free space is below the reserve: refused before
 * anything is written), ERR_BUSY (deadlocks went on too long), ERR_CORRUPT
 * or ERR_IO.
 */
typedef enum err store_fn(struct store_txn *txn, void *arg);
NODISCARD enum err store_run(struct store *store, store_fn *fn, void *arg);

/*
 * As store_run() for reading only, also when the disk is full. Every read
 * sees what was committed last and keeps nobody waiting; so two reads may see
 * different moments, and records that belong together must be checked.
 */
NODISCARD enum err store_view(struct store *store, store_fn *fn, void *arg);

/*
 * Within fn. Keys are 1 to 255 bytes, values at most STORE_VALUE_MOST.
 * ERR_NOT_FOUND and ERR_EXISTS where it fits; everything else is for
 * store_run() to judge.
 */
enum { STORE_KEY_MOST = 255, STORE_VALUE_MOST = 1 << 20 };

/* value is emptied first. */
NODISCARD enum err store_get(struct store_txn *txn, struct store_table *table,
			     const void *key, size_t key_len,
			     struct buf *value);
NODISCARD enum err store_put(struct store_txn *txn, struct store_table *table,
			     const void *key, size_t key_len, const void *value,
			     size_t value_len);
/* ERR_EXISTS when the key is there. */
NODISCARD enum err store_add(struct store_txn *txn, struct store_table *table,
			     const void *key, size_t key_len, const void *value,
			     size_t value_len);
NODISCARD enum err store_delete(struct store_txn *txn,
				struct store_table *table, const void *key,
				size_t key_len);

/* One record on a walk; borrowed until the visitor returns. */
struct store_record {
	const void *key;
	size_t key_len;
	const void *value;
	size_t value_len;
};

/* Returns false to end the walk. It may not call store_*. */
typedef bool store_visit_fn(const struct store_record *record, void *arg);

/* Visits, in ascending order, the records whose key begins with prefix. */
NODISCARD enum err store_walk(struct store_txn *txn, struct store_table *table,
			      const void *prefix, size_t prefix_len,
			      store_visit_fn *visit, void *arg);

/* As store_walk() over the whole table, from the first key not below from. */
NODISCARD enum err store_walk_from(struct store_txn *txn,
				   struct store_table *table, const void *from,
				   size_t from_len, store_visit_fn *visit,
				   void *arg);

/*
 * As store_walk(), in descending order, and only records whose key is below
 * from: from is a key of from_len bytes that begins with the prefix, its first
 * prefix_len bytes.
 */
NODISCARD enum err store_walk_back(struct store_txn *txn,
				   struct store_table *table, const void *from,
				   size_t from_len, size_t prefix_len,
				   store_visit_fn *visit, void *arg);

/*
 * As store_walk_from(), for walks over thousands of records: reads pieces of
 * SCAN_PIECE bytes at once, several times as fast.
 */
enum { SCAN_PIECE = 256 * 1024 };
NODISCARD enum err store_scan(struct store_txn *txn, struct store_table *table,
			      const void *from, size_t from_len,
			      store_visit_fn *visit, void *arg);

/*
 * As store_walk_from(), and deletes each record for which goes returns true:
 * ends at the first that stays. With is_wiped, zeros are put over each before,
 * since a page keeps what was taken out of it.
 */
NODISCARD enum err store_drop(struct store_txn *txn, struct store_table *table,
			      const void *from, size_t from_len, bool is_wiped,
			      store_visit_fn *goes, void *arg);

/*
 * The next number of a sequence kept in "meta" under name: 1, 2, 3 …; given
 * back when the transaction aborts.
 */
NODISCARD enum err store_next(struct store_txn *txn, const char *name,
			      uint64_t *number_r);

/*
 * Tickets: how many transactions had been committed when it was taken. What
 * the calling thread has read or written before store_ticket() is durable
 * once store_is_durable() says so of the ticket.
 */
uint64_t store_ticket(struct store *store);
bool store_is_durable(struct store *store, uint64_t ticket);

/* Embedded in what waits; untouched by its owner until fn is called. */
struct store_waiter {
	void (*fn)(struct store_waiter *waiter);
	uint64_t ticket;
	struct store_waiter *next; /* the store's */
};

/*
 * Calls waiter->fn once waiter->ticket is durable: at once in this thread, or
 * later in the one that flushed, in the order of waiting. fn must not block.
 */
void store_when_durable(struct store *store, struct store_waiter *waiter);

/*
 * For a thread that holds no lock and may wait for the disk: while the
 * committer has nothing to do, it takes the committer's place, so that what it
 * brings until store_hand_back() need not wake that. It must not wait for
 * anything to be durable meanwhile. False: it does not.
 */
NODISCARD bool store_take_over(struct store *store);

/* Flushes in this thread, and calls who waits; or else wakes the committer. */
void store_hand_back(struct store *store, bool does_flush);

/*
 * Waits until everything committed so far is durable: on a full disk until
 * there is space, or until store_hurry()'s time is over.
 */
void store_flush(struct store *store);

/*
 * The program stops: those who wait for a disk that is full wait no longer than
 * this. Then the process ends (EX_IOERR), and whoever was not answered is not.
 */
void store_hurry(struct store *store, int64_t most_ms);

/*
 * The keeper's chore, every second: trickles the cache, looks at the free
 * space, and every minute or 32 MiB of log makes a checkpoint and removes log
 * files that neither recovery nor a backup needs. Warns in the log.
 */
void store_keep(struct store *store);

/*
 * Asks the keeper for a checkpoint with the next store_keep(): something was
 * deleted that shall not stay on the disk for longer. Any thread, at once.
 */
void store_tidy(struct store *store);

/* What `status` shows. */
struct store_status {
	uint64_t commits;
	uint64_t flushes;
	uint64_t deadlocks;
	uint64_t log_bytes;
	uint64_t data_bytes;
	uint64_t free_bytes;
	uint64_t reserve_bytes;
	bool is_full;
	int64_t last_backup_ms; /* 0: never */
};

void store_status(struct store *store, struct store_status *status_r);

#endif
