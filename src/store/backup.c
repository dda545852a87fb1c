/*
 * The rules for copying an environment in use, from Berkeley DB's reference
 * guide: tables first, each page read whole, then the log, and no log file
 * that the copy needs may go meanwhile. DB_ENV->dbbackup() keeps writers away
 * from the pages it reads; being inside the process it can, private regions
 * or not.
 */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/copy.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/logs.h"
#include "store/marker.h"
#include "store/meta.h"
#include "store/txn.h"

struct backup {
	struct store *store;
	const char *dir;
	int dir_fd;
	bool has_made_dir;
	struct names tables;
	struct marker marker;
	struct logs_end end;
	struct buf *why;
};

static enum err fail(struct backup *b, const char *name, enum err e)
{
	static const char *const words[ERR_COUNT] = {
		[ERR_STORAGE_FULL] = "the disk is full",
		[ERR_NOT_ALLOWED] = "this user may not",
	};

	buf_print(b->why, "%s/%s cannot be written: %s", b->dir, name,
		  words[e] != NULL ? words[e] : "input/output error");
	return e == ERR_STORAGE_FULL || e == ERR_NOT_ALLOWED ? e : ERR_IO;
}

/* Refuses what would not fit, or would fill the daemon's own disk. */
static enum err check_space(struct backup *b)
{
	struct store_status status;
	struct statvfs fs;
	struct stat here;
	struct stat there;
	uint64_t needed;

	store_status(b->store, &status);
	needed = status.data_bytes + status.log_bytes;
	if (fstatvfs(b->dir_fd, &fs) != 0 || fstat(b->dir_fd, &there) != 0 ||
	    fstat(b->store->dir_fd, &here) != 0)
		return fail(b, ".", ERR_IO);
	if (here.st_dev == there.st_dev)
		needed += status.reserve_bytes;
	if ((uint64_t)fs.f_bavail * fs.f_frsize >= needed)
		return ERR_OK;
	buf_print(b->why,
		  "%s: the disk is full: a backup needs %" PRIu64 " MiB free",
		  b->dir, (needed >> 20) + 1);
	return ERR_STORAGE_FULL;
}

static enum err note_file(struct backup *b, const char *name)
{
	struct stat st;

	if (fstatat(b->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !marker_add(&b->marker, name, (uint64_t)st.st_size))
		return fail(b, name, ERR_IO);
	return ERR_OK;
}

static enum err copy_tables(struct backup *b)
{
	DB_ENV *env = b->store->env;
	enum err e = names_find(&b->tables, b->store->dir_fd, name_is_table);

	if (e != ERR_OK)
		return fail(b, ".", ERR_IO);
	for (size_t i = 0; i < b->tables.count && e == ERR_OK; i++) {
		int rc = env->dbbackup(env, b->tables.list[i], b->dir, DB_EXCL);

		if (rc != 0)
			return fail(b, b->tables.list[i], env_err(rc));
		e = note_file(b, b->tables.list[i]);
	}
	return e;
}

static enum err copy_logs(struct backup *b, uint32_t first)
{
	enum err e = logs_find_end(b->store, &b->end);

	if (e != ERR_OK)
		return fail(b, "log", e);
	for (uint32_t number = first; number <= b->end.file && e == ERR_OK;
	     number++) {
		AUTO(mem_free_text)
		char *name = mem_print("log.%010" PRIu32, number);
		uint64_t most =
			number == b->end.file ? b->end.offset : UINT64_MAX;

		e = copy_file(b->store->dir_fd, b->dir_fd, name, most);
		if (e != ERR_OK)
			return fail(b, name, e);
		e = note_file(b, name);
	}
	return e;
}

static enum err finish(struct backup *b)
{
	enum err e = file_sync_folder(b->dir);

	if (e == ERR_OK && b->has_made_dir)
		e = folder_sync_parent(b->dir);
	b->marker.made_ms = clock_wall_ms();
	if (e == ERR_OK)
		e = marker_write(&b->marker, b->dir);
	return e != ERR_OK ? fail(b, "backup", e) : ERR_OK;
}

static enum err copy_all(struct backup *b)
{
	uint32_t first = logs_first_needed(b->store);
	enum err e = check_space(b);

	if (e == ERR_OK && first == 0)
		e = fail(b, "log", ERR_IO);
	if (e == ERR_OK)
		e = copy_tables(b);
	if (e == ERR_OK)
		e = copy_logs(b, first);
	return e == ERR_OK ? finish(b) : e;
}

static enum err put_backup(struct store_txn *txn, void *arg)
{
	return meta_put_backup(txn, arg);
}

/* On a full disk the daemon knows it until it ends, which is enough. */
static void remember(struct backup *b)
{
	struct meta_backup made = { .ms = b->marker.made_ms,
				    .log = b->end.file };
	struct store *store = b->store;

	(void)!store_run(store, put_backup, &made);
	mutex_lock(&store->logs.lock);
	store->logs.backup_ms = made.ms;
	store->logs.backup_log = made.log;
	mutex_unlock(&store->logs.lock);
}

static bool any(const char *name)
{
	return name_is_table(name) || name_is_log(name);
}

/* Removes what a failed backup left: only files that backups are made of. */
static void clean(struct backup *b)
{
	struct names names;

	names_init(&names);
	if (names_find(&names, b->dir_fd, any) == ERR_OK)
		for (size_t i = 0; i < names.count; i++)
			(void)unlinkat(b->dir_fd, names.list[i], 0);
	names_fini(&names);
	if (b->has_made_dir)
		(void)rmdir(b->dir);
}

/* A backup in what it copies would grow for ever, and be lost with it. */
static enum err make_place(struct backup *b)
{
	const struct store *store = b->store;

	if (!folder_is_within(b->dir, store->dir_fd))
		return folder_make(b->dir, &b->dir_fd, &b->has_made_dir,
				   b->why);
	buf_print(b->why,
		  "%s is in the data directory itself: name one outside of "
		  "%s, best on another disk",
		  b->dir, store->dir);
	return ERR_BAD_INPUT;
}

static bool begin(struct store *store)
{
	bool is_free;

	mutex_lock(&store->logs.lock);
	is_free = !store->logs.is_copied;
	store->logs.is_copied = true;
	mutex_unlock(&store->logs.lock);
	return is_free;
}

static void end(struct store *store)
{
	mutex_lock(&store->logs.lock);
	store->logs.is_copied = false;
	mutex_unlock(&store->logs.lock);
}

enum err backup_make(struct store *store, const char *dir, struct buf *why)
{
	struct backup b = {
		.store = store, .dir = dir, .dir_fd = -1, .why = why
	};
	enum err e;

	if (!begin(store)) {
		buf_add_text(why, "a backup is being made already");
		return ERR_BUSY;
	}
	names_init(&b.tables);
	marker_init(&b.marker);
	e = make_place(&b);
	if (e == ERR_OK) {
		e = copy_all(&b);
		if (e == ERR_OK)
			remember(&b);
		else
			clean(&b);
		close(b.dir_fd);
	}
	marker_fini(&b.marker);
	names_fini(&b.tables);
	end(store);
	return e;
}
