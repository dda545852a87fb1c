#include "store/env.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"
#include "store/copy.h"
#include "store/scrub.h"
#include "store/spare.h"

enum {
	LOG_BUFFER = 512 << 10,
	/*
	 * For speed alone: private tables of locks and transactions grow with
	 * what is in them, so that the largest transaction fits.
	 */
	LOCK_BUCKETS = 4093,
	TROUBLE_MOST = 1024,
};

#ifdef RIALTO_SANITIZED
/* Berkeley DB does not free an environment that it failed to open. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libdb-5.3.so\n";
}

/*
 * It orders its page latches in ways that the detector cannot follow, and
 * hands file descriptors from thread to thread under locks of its own.
 */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "called_from_lib:libdb-5.3.so\n"
	       "race:libdb-5.3.so\n";
}
#endif

static atomic_uint logs_made;
static _Atomic(struct store *) running;
static _Thread_local const struct store_table *busy_table;

unsigned env_logs_made(void)
{
	return atomic_load(&logs_made);
}

void env_busy_with(const struct store_table *table)
{
	busy_table = table;
}

void env_die(const char *what, int rc)
{
	if (busy_table != NULL)
		log_error("store", "%s: %s; ending now table=%s", what,
			  db_strerror(rc), busy_table->name);
	else
		log_error("store", "%s: %s; ending now", what, db_strerror(rc));
	_exit(EX_IOERR);
}

void env_start(struct store *store)
{
	atomic_store(&running, store);
}

void env_stop(struct store *store)
{
	(void)atomic_compare_exchange_strong(&running, &store, NULL);
}

void env_sync_names(struct store *store)
{
	unsigned made = atomic_load(&logs_made);

	if (made == atomic_load(&store->logs_named))
		return;
	if (fsync(store->dir_fd) != 0)
		env_die("fsync of the data directory failed", errno);
	/* Who was faster knows of more: then it is done once more. */
	atomic_store(&store->logs_named, made);
}

/*
 * Instead of Berkeley DB's own. After a failed fsync the kernel has dropped
 * what it could not write and the next one succeeds, so nobody may go on.
 *
 * Log is on the disk only when its file has a name there: a spare has its
 * blocks and its length before, so that nothing but this makes the filesystem
 * write down the new name. Until then no page may go to the disk that the log
 * would have to take back.
 */
static int sync_file(int fd)
{
	struct store *store = atomic_load(&running);
	int rc;

	do
		rc = fdatasync(fd);
	while (rc != 0 && errno == EINTR);
	if (rc != 0)
		env_die("fsync failed", errno);
	if (store != NULL)
		env_sync_names(store);
	return 0;
}

static bool is_log_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	return strncmp(name, "log.", 4) == 0;
}

/*
 * Instead of Berkeley DB's own: a new log file was a spare, or takes its whole
 * space from the disk at once, so that the disk cannot be full in the middle of
 * it, and is as long as that: a sync of a file that grows must wait for the
 * filesystem's journal as well, which takes half as long again. Zeros are
 * where the log ends. A filesystem that cannot do that is no reason to stop.
 */
static int open_file(const char *path, int flags, ...)
{
	va_list args;
	bool makes_log;
	bool was_spare;
	int mode;
	int fd;

	va_start(args, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
	va_end(args);
	makes_log = (flags & O_CREAT) != 0 && is_log_file(path);
	was_spare = makes_log && spare_use(path);
	fd = open(path, flags | O_CLOEXEC, mode);
	if (fd >= 0 && makes_log) {
		if (!was_spare)
			(void)fallocate(fd, 0, 0, STORE_LOG_FILE);
		atomic_fetch_add(&logs_made, 1);
	}
	return fd;
}

/*
 * Instead of Berkeley DB's own: pages are scrubbed, and set out for the disk
 * soon. What the kernel had not written when a checkpoint syncs its file, a
 * sync of the log would have to wait for as well.
 */
static ssize_t write_file(int fd, const void *bytes, size_t len, off_t at)
{
	enum { PAGES_AT_ONCE = 64 };
	static _Thread_local unsigned pages;
	ssize_t written = scrub_write(fd, bytes, len, at);

	if (len == STORE_PAGE && ++pages % PAGES_AT_ONCE == 0)
		(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return written;
}

/* Instead of Berkeley DB's own: a sanitizer that saw the open wants this. */
static int close_file(int fd)
{
	return close(fd);
}

const char *env_plain(const char *text)
{
	static const char *const noise[] = { "PANIC", "DB_RUNRECOVERY",
					     "unable to find environment" };
	size_t number_len;

	for (size_t i = 0; i < COUNT(noise); i++)
		if (strstr(text, noise[i]) != NULL)
			return NULL;
	if (strncmp(text, "BDB", 3) != 0)
		return text;
	number_len = 3 + strspn(text + 3, "0123456789");
	return text + number_len + strspn(text + number_len, " ");
}

/* Keeps what was said, each thing once. */
static void keep(struct buf *trouble, const char *text)
{
	const char *plain = env_plain(text);

	if (plain == NULL || buf_len(trouble) > TROUBLE_MOST ||
	    strstr(buf_text(trouble), plain) != NULL)
		return;
	buf_print(trouble, "%s%.500s", buf_len(trouble) > 0 ? "; " : "", plain);
}

static void on_message(const DB_ENV *env, const char *prefix, const char *text)
{
	struct store *store = env->app_private;
	unsigned missed = 0;
	bool pass;

	(void)prefix;
	if (!atomic_load(&store->is_running)) {
		keep(&store->trouble, text);
		return;
	}
	mutex_lock(&store->say_lock);
	pass = log_limit_pass(&store->said, clock_mono_ms(), &missed);
	mutex_unlock(&store->say_lock);
	if (pass && missed > 0)
		log_error("store", "%s suppressed=%u", text, missed);
	else if (pass)
		log_error("store", "%s", text);
}

static void on_event(DB_ENV *env, uint32_t event, void *info)
{
	const struct store *store = env->app_private;

	if (event == DB_EVENT_PANIC && atomic_load(&store->is_running))
		env_die("the data cannot be trusted any more",
			info != NULL ? *(int *)info : DB_RUNRECOVERY);
}

static int configure(struct store *store)
{
	DB_ENV *env = store->env;
	int rc;

	env->app_private = store;
	env->set_errcall(env, on_message);
	rc = env->set_event_notify(env, on_event);
	assert(store->cache_bytes < UINT32_MAX);
	if (rc == 0)
		rc = env->set_cachesize(env, 0, (uint32_t)store->cache_bytes,
					1);
	if (rc == 0)
		rc = env->set_lg_max(env, STORE_LOG_FILE);
	if (rc == 0)
		rc = env->set_lg_bsize(env, LOG_BUFFER);
	if (rc == 0)
		rc = env->set_lk_detect(env, DB_LOCK_DEFAULT);
	if (rc == 0)
		rc = env->set_lk_tablesize(env, LOCK_BUCKETS);
	if (rc == 0)
		rc = env->set_backup_callbacks(env, copy_open, copy_write,
					       copy_close);
	return rc;
}

int env_open(struct store *store, uint32_t recover)
{
	static const uint32_t flags = DB_CREATE | DB_PRIVATE | DB_THREAD |
				      DB_INIT_TXN | DB_INIT_LOG | DB_INIT_LOCK |
				      DB_INIT_MPOOL;
	int rc;

	db_env_set_func_fsync(sync_file);
	db_env_set_func_open(open_file);
	db_env_set_func_close(close_file);
	db_env_set_func_pwrite(write_file);
	rc = db_env_create(&store->env, 0);
	if (rc != 0)
		return rc;
	rc = configure(store);
	if (rc != 0)
		return rc;
	return store->env->open(store->env, store->dir,
				flags | (recover != 0 ? recover : DB_RECOVER),
				0600);
}

void env_close(struct store *store)
{
	if (store->env != NULL)
		(void)store->env->close(store->env, 0);
	store->env = NULL;
}

int env_open_table(struct store *store, struct store_table *table, DB_TXN *txn,
		   bool may_create)
{
	AUTO(mem_free_text) char *file = mem_print("%s.db", table->name);
	uint32_t flags = DB_THREAD | (may_create ? DB_CREATE : 0);
	DB *db;
	int rc = db_create(&table->db, store->env, 0);

	if (rc != 0)
		return rc;
	db = table->db;
	rc = db->set_pagesize(db, STORE_PAGE);
	if (rc == 0)
		rc = db->set_flags(db, DB_CHKSUM);
	if (rc == 0)
		rc = db->open(db, txn, file, NULL, DB_BTREE, flags, 0600);
	return rc;
}

void env_close_table(struct store_table *table)
{
	/* The log has it all; pages go to the disk by checkpoints. */
	if (table->db != NULL)
		(void)table->db->close(table->db, DB_NOSYNC);
	table->db = NULL;
}

enum err env_err(int rc)
{
	switch (rc) {
	case 0:
		return ERR_OK;
	case DB_NOTFOUND:
	case DB_KEYEMPTY:
		return ERR_NOT_FOUND;
	case DB_KEYEXIST:
		return ERR_EXISTS;
	case DB_LOCK_DEADLOCK:
	case DB_LOCK_NOTGRANTED:
		return ERR_AGAIN;
	case ENOSPC:
	case EDQUOT:
		return ERR_STORAGE_FULL;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_NOT_ALLOWED;
	case DB_RUNRECOVERY:
	case DB_PAGE_NOTFOUND:
	case DB_CHKSUM_FAIL:
	case DB_VERIFY_BAD:
		return ERR_CORRUPT;
	default:
		return ERR_IO;
	}
}
