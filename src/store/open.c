#include "store/open.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "log/log.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/meta.h"
#include "store/txn.h"

const char open_restoring[] = "restoring";

static const char meta_name[] = "meta";

static uint64_t mebibytes(uint64_t bytes)
{
	return (bytes + (1 << 20) - 1) >> 20;
}

static void add_table(struct store *store, const char *name)
{
	struct store_table *table = &store->tables[store->table_count++];

	assert(name[0] != '\0' && strpbrk(name, "/.") == NULL);
	table->name = mem_text(name);
}

static struct store *new_store(const struct store_options *options)
{
	struct store *store = mem_zero(sizeof(*store));
	size_t count = 0;

	while (options->tables != NULL && options->tables[count] != NULL)
		count++;
	store->dir = mem_text(options->dir);
	store->dir_fd = -1;
	store->lock_fd = -1;
	store->cache_bytes =
		options->cache_bytes > 0 ? options->cache_bytes : STORE_CACHE;
	store->tables = mem_array(count + 1, sizeof(store->tables[0]));
	add_table(store, meta_name);
	for (size_t i = 0; i < count; i++)
		add_table(store, options->tables[i]);
	mutex_init(&store->logs.lock, LOCK_STORE);
	mutex_init(&store->say_lock, LOCK_LOG);
	buf_init(&store->trouble);
	return store;
}

/* The first file that this user may not read and write. */
static enum err check_files(const struct store *store,
			    const struct names *names, struct buf *why)
{
	for (size_t i = 0; i < names->count; i++) {
		if (faccessat(store->dir_fd, names->list[i], R_OK | W_OK,
			      AT_EACCESS) == 0)
			continue;
		buf_print(why,
			  "%s/%s cannot be read and written by this user: %s",
			  store->dir, names->list[i], strerror(errno));
		return ERR_NOT_ALLOWED;
	}
	return ERR_OK;
}

/* What can be seen to be wrong before Berkeley DB is asked. */
static enum err check_folder(const struct store *store, struct buf *why)
{
	struct names logs;
	struct names tables;
	enum err e;

	names_init(&logs);
	names_init(&tables);
	e = names_find(&logs, store->dir_fd, name_is_log);
	if (e == ERR_OK)
		e = names_find(&tables, store->dir_fd, name_is_table);
	if (e != ERR_OK)
		buf_print(why, "%s cannot be listed", store->dir);
	if (e == ERR_OK && tables.count > 0 && logs.count == 0) {
		buf_print(why,
			  "%s has tables but no log files (log.*): put them "
			  "back or restore a backup",
			  store->dir);
		e = ERR_CORRUPT;
	}
	if (e == ERR_OK)
		e = check_files(store, &tables, why);
	if (e == ERR_OK)
		e = check_files(store, &logs, why);
	names_fini(&logs);
	names_fini(&tables);
	return e;
}

static enum err enter_folder(struct store *store, enum open_how how,
			     struct buf *why)
{
	enum err e;

	if (how == OPEN_TO_USE)
		e = folder_open_or_make(store->dir, &store->dir_fd,
					&store->has_made_dir, why);
	else
		e = folder_open(store->dir, &store->dir_fd, why);
	if (e == ERR_OK)
		e = folder_lock(store->dir, store->dir_fd, &store->lock_fd,
				why);
	if (e != ERR_OK)
		return e;
	if (how != OPEN_RESTORED && folder_has(store->dir_fd, open_restoring)) {
		buf_print(why,
			  "%s holds a backup that was not restored to the end: "
			  "remove it and restore again",
			  store->dir);
		return ERR_CORRUPT;
	}
	if (how != OPEN_TO_USE && !folder_has(store->dir_fd, "meta.db")) {
		buf_print(why,
			  "%s is not a data directory: there is no "
			  "meta.db in it",
			  store->dir);
		return ERR_CORRUPT;
	}
	return check_folder(store, why);
}

static bool lacks_space(struct store *store, int rc)
{
	enum err e = env_err(rc);

	return e == ERR_STORAGE_FULL ||
	       (e != ERR_NOT_ALLOWED &&
		space_free(&store->space) < store->space.reserve);
}

static enum err explain(struct store *store, int rc, struct buf *why)
{
	enum err e = env_err(rc);
	const char *said = buf_len(&store->trouble) > 0
				   ? buf_text(&store->trouble)
				   : db_strerror(rc);

	if (lacks_space(store, rc)) {
		buf_print(why,
			  "%s: the disk is full (%" PRIu64 " MiB free): make "
			  "%" PRIu64 " MiB free",
			  store->dir, mebibytes(space_free(&store->space)),
			  mebibytes(2 * store->space.reserve));
		return ERR_STORAGE_FULL;
	}
	if (rc == DB_VERSION_MISMATCH || rc == DB_OLD_VERSION) {
		buf_print(why, "%s was made by another version: %s", store->dir,
			  said);
		return ERR_NEWER;
	}
	buf_print(why, "%s cannot be recovered: %s", store->dir, said);
	if (e == ERR_NOT_ALLOWED || rc == EIO)
		return e;
	buf_print(why, "; restore a backup (rialtod --restore)");
	return ERR_CORRUPT;
}

static enum err recover(struct store *store, enum open_how how, struct buf *why)
{
	uint32_t flag = how == OPEN_RESTORED ? DB_RECOVER_FATAL : DB_RECOVER;
	int rc = env_open(store, flag);

	if (rc != 0 && lacks_space(store, rc) && space_give_up(&store->space)) {
		log_warning("store", "the disk is full: the reserve is given "
				     "up for recovery");
		env_close(store);
		buf_reset(&store->trouble);
		rc = env_open(store, flag);
	}
	return rc != 0 ? explain(store, rc, why) : ERR_OK;
}

struct opening {
	enum open_how how;
	bool has_made; /* a table */
	struct buf *why;
};

static enum err open_failed(struct store *store, struct opening *opening,
			    const struct store_table *table, int rc)
{
	if (lacks_space(store, rc))
		return explain(store, rc, opening->why);
	buf_print(opening->why, "%s/%s.db cannot be opened: %s", store->dir,
		  table->name,
		  buf_len(&store->trouble) > 0 ? buf_text(&store->trouble)
					       : db_strerror(rc));
	if (env_err(rc) == ERR_NOT_ALLOWED)
		return ERR_NOT_ALLOWED;
	buf_print(opening->why, "; restore a backup (rialtod --restore)");
	return ERR_CORRUPT;
}

static enum err open_meta(struct store_txn *txn, struct opening *opening)
{
	struct store *store = txn->store;
	struct store_table *meta = &store->tables[0];
	bool is_new = !folder_has(store->dir_fd, "meta.db");
	uint32_t schema = 0;
	enum err e;
	int rc = env_open_table(store, meta, txn->db_txn, is_new);

	if (rc != 0)
		return open_failed(store, opening, meta, rc);
	if (is_new) {
		opening->has_made = true;
		return meta_put_schema(txn);
	}
	e = meta_check_schema(txn, &schema);
	if (e == ERR_NEWER) {
		buf_print(opening->why,
			  "%s has schema %u and this program knows %d: use "
			  "the newer program that made it",
			  store->dir, (unsigned)schema, STORE_SCHEMA);
	} else if (e != ERR_OK) {
		return open_failed(store, opening, meta, DB_VERIFY_BAD);
	}
	/* What is new since then are tables, which are made when missing. */
	if (e == ERR_OK && schema < STORE_SCHEMA && opening->how == OPEN_TO_USE)
		return meta_put_schema(txn);
	return e;
}

static enum err open_table(struct store_txn *txn, struct opening *opening,
			   struct store_table *table)
{
	struct store *store = txn->store;
	AUTO(mem_free_text) char *file = mem_print("%s.db", table->name);
	bool is_there = folder_has(store->dir_fd, file);
	bool was_made = false;
	enum err e = meta_has_table(txn, table->name, &was_made);
	int rc;

	if (e != ERR_OK)
		return open_failed(store, opening, &store->tables[0],
				   DB_VERIFY_BAD);
	if (is_there != was_made) {
		buf_print(opening->why,
			  "%s: %s %s; restore a backup "
			  "(rialtod --restore)",
			  store->dir, file,
			  is_there ? "was not made by this daemon"
				   : "is missing");
		return ERR_CORRUPT;
	}
	rc = env_open_table(store, table, txn->db_txn, !is_there);
	if (rc != 0)
		return open_failed(store, opening, table, rc);
	if (is_there)
		return ERR_OK;
	opening->has_made = true;
	return meta_put_table(txn, table->name);
}

/* One transaction, so that a new directory has all tables or none. */
static enum err open_tables(struct store_txn *txn, void *arg)
{
	struct store *store = txn->store;
	struct opening *opening = arg;
	enum err e = open_meta(txn, opening);

	for (size_t i = 1; i < store->table_count && e == ERR_OK; i++)
		e = open_table(txn, opening, &store->tables[i]);
	return e;
}

static enum err load_tables(struct store *store, enum open_how how,
			    struct buf *why)
{
	struct opening opening = { .how = how, .why = why };
	enum err e = txn_run(store, open_tables, &opening);

	if (e == ERR_OK && opening.has_made && fsync(store->dir_fd) != 0)
		e = ERR_IO;
	if (e != ERR_OK && buf_len(why) == 0) {
		if (e == ERR_STORAGE_FULL)
			return explain(store, ENOSPC, why);
		buf_print(why, "%s: the tables cannot be opened: %s",
			  store->dir, buf_text(&store->trouble));
	}
	return e;
}

/* A new directory must begin with its reserve. */
static enum err reserve(struct store *store, enum open_how how, struct buf *why)
{
	spares_init(&store->spares, store->dir_fd);
	space_init(&store->space, store->dir_fd, store->cache_bytes);
	if (how != OPEN_TO_USE || folder_has(store->dir_fd, "meta.db") ||
	    space_free(&store->space) >= space_needed(&store->space))
		return ERR_OK;
	return explain(store, ENOSPC, why);
}

/* Takes back a directory in which nothing was made. */
static void forget_folder(const struct store *store)
{
	if (!store->has_made_dir || store->env != NULL || store->dir_fd < 0)
		return;
	(void)unlinkat(store->dir_fd, "lock", 0);
	(void)rmdir(store->dir);
}

enum err open_store(const struct store_options *options, enum open_how how,
		    struct store **store_r, struct buf *why)
{
	struct store *store = new_store(options);
	enum err e = enter_folder(store, how, why);

	if (e == ERR_OK)
		e = reserve(store, how, why);
	if (e == ERR_OK)
		e = recover(store, how, why);
	if (e == ERR_OK)
		e = load_tables(store, how, why);
	if (e != ERR_OK) {
		forget_folder(store);
		open_close(&store);
	}
	*store_r = store;
	return e;
}

void open_close(struct store **store_p)
{
	struct store *store = *store_p;

	if (store == NULL)
		return;
	if (store->dir_fd >= 0 && store->lock_fd >= 0)
		spares_drop(&store->spares);
	for (size_t i = 0; i < store->table_count; i++) {
		env_close_table(&store->tables[i]);
		mem_free(store->tables[i].name);
	}
	env_close(store);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	if (store->dir_fd >= 0)
		close(store->dir_fd);
	buf_fini(&store->trouble);
	mutex_fini(&store->say_lock);
	mutex_fini(&store->logs.lock);
	mem_free(store->tables);
	mem_free(store->dir);
	mem_free(store);
	*store_p = NULL;
}
