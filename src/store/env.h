/*
 * What the files of this folder share: the open store and its Berkeley DB
 * environment. Nobody else includes it.
 */
#ifndef RIALTO_STORE_ENV_H
#define RIALTO_STORE_ENV_H

#include <db.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/thread.h"
#include "log/limit.h"
#include "store/committer.h"
#include "store/space.h"
#include "store/spare.h"
#include "store/store.h"

enum {
	STORE_PAGE = 4096,
	STORE_LOG_FILE = 16 << 20, /* bytes of a log file */
	STORE_CACHE = 16 << 20,    /* bytes of the cache, by default */
};

struct store_table {
	char *name; /* immutable */
	DB *db;     /* immutable while the store is open */
};

/* What store_keep() and backup_make() must agree about. */
struct store_logs {
	struct mutex lock;                    /* rank: LOCK_STORE */
	bool is_copied GUARDED_BY(lock);      /* a backup is under way */
	uint32_t backup_log GUARDED_BY(lock); /* 0: none wanted */
	int64_t backup_ms GUARDED_BY(lock);   /* 0: never */
};

/* Everything without a word beside it is immutable while the store is open. */
struct store {
	char *dir;
	bool has_made_dir;
	int dir_fd;  /* -1: none */
	int lock_fd; /* -1: none */
	size_t cache_bytes;

	DB_ENV *env;
	struct store_table *tables; /* the first is "meta" */
	size_t table_count;

	struct committer *committer;
	struct space space;
	struct spares spares;
	struct store_logs logs;

	/*
	 * Until it runs, what Berkeley DB says is kept, to be told to the
	 * caller; from then on it is logged, and a panic ends the process.
	 */
	atomic_bool is_running;
	struct buf trouble;

	struct mutex say_lock; /* rank: LOCK_LOG */
	struct log_limit said GUARDED_BY(say_lock);

	atomic_bool is_untidy;  /* see store_tidy() */
	atomic_uint logs_named; /* of env_logs_made(): names on the disk */
	atomic_uint_fast64_t commits;
	atomic_uint_fast64_t deadlocks;
};

/* Adds to DB_RECOVER; 0 or DB_RECOVER_FATAL. */
NODISCARD int env_open(struct store *store, uint32_t recover);

/*
 * From now on, until env_stop(), whatever Berkeley DB syncs makes the names of
 * the store's new log files durable, too; of the last one that was started.
 */
void env_start(struct store *store);
void env_stop(struct store *store);

/* Makes the names of log files durable that are new. */
void env_sync_names(struct store *store);

/* Closes what env_open() opened, also after it failed. */
void env_close(struct store *store);

/* Opens a table inside txn, to be closed by env_close_table(). */
NODISCARD int env_open_table(struct store *store, struct store_table *table,
			     DB_TXN *txn, bool may_create);
void env_close_table(struct store_table *table);

/* The code for what a Berkeley DB function returned. */
enum err env_err(int rc);

/*
 * What Berkeley DB said without the number it begins with; NULL when it only
 * says again that something is wrong.
 */
const char *env_plain(const char *text);

/* Ends the process: what is on the disk is unknown. */
NORETURN void env_die(const char *what, int rc);

/* The table that the calling thread is busy with, for env_die(). */
void env_busy_with(const struct store_table *table);

/* How many log files this process has made. */
unsigned env_logs_made(void);

#endif
