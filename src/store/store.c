#include "store/store.h"

#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "log/log.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/meta.h"
#include "store/open.h"

static enum err load_backup(struct store_txn *txn, void *arg)
{
	struct meta_backup *backup = arg;
	enum err e = meta_get_backup(txn, backup);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err store_open(const struct store_options *options, struct store **store_r,
		    struct buf *why)
{
	struct meta_backup backup = { 0 };
	struct store *store = NULL;
	enum err e = open_store(options, OPEN_TO_USE, &store, why);

	*store_r = NULL;
	if (e != ERR_OK)
		return e;
	e = store_view(store, load_backup, &backup);
	if (e != ERR_OK) {
		buf_print(why,
			  "%s/meta.db: the record of the last backup "
			  "cannot be read",
			  store->dir);
		open_close(&store);
		return e;
	}
	store->logs.backup_ms = backup.ms;
	store->logs.backup_log = backup.log;
	/* Without space the daemon still serves readers; see space.c. */
	if (space_make(&store->space) != ERR_OK)
		log_warning("store", "the reserve cannot be made");
	space_look(&store->space);
	spares_start(&store->spares);
	atomic_store(&store->is_running, true);
	env_start(store);
	store->committer = committer_new(store);
	*store_r = store;
	return ERR_OK;
}

void store_close(struct store **store_p)
{
	struct store *store = *store_p;
	int rc;

	if (store == NULL)
		return;
	committer_free(&store->committer);
	rc = store->env->txn_checkpoint(store->env, 0, 0, 0);
	if (rc != 0)
		log_warning("store", "closed without a checkpoint: %s",
			    db_strerror(rc));
	env_stop(store);
	open_close(store_p);
}

struct store_table *store_table(struct store *store, const char *name)
{
	for (size_t i = 1; i < store->table_count; i++)
		if (strcmp(store->tables[i].name, name) == 0)
			return &store->tables[i];
	assert(!"a table of the options");
	return NULL;
}

uint64_t store_ticket(struct store *store)
{
	return committer_ticket(store->committer);
}

bool store_is_durable(struct store *store, uint64_t ticket)
{
	return ticket <= committer_durable(store->committer);
}

void store_when_durable(struct store *store, struct store_waiter *waiter)
{
	committer_wait(store->committer, waiter);
}

bool store_take_over(struct store *store)
{
	return committer_take_over(store->committer);
}

void store_hand_back(struct store *store, bool does_flush)
{
	committer_hand_back(store->committer, does_flush);
}

void store_flush(struct store *store)
{
	committer_flush(store->committer);
}

void store_hurry(struct store *store, int64_t most_ms)
{
	committer_hurry(store->committer, most_ms);
}

static uint64_t bytes_of(const struct store *store,
			 bool (*wanted)(const char *name))
{
	struct names names;
	uint64_t bytes = 0;

	names_init(&names);
	if (names_find(&names, store->dir_fd, wanted) == ERR_OK)
		bytes = names_bytes(&names, store->dir_fd);
	names_fini(&names);
	return bytes;
}

void store_status(struct store *store, struct store_status *status_r)
{
	memset(status_r, 0, sizeof(*status_r));
	space_look(&store->space);
	status_r->commits = atomic_load(&store->commits);
	status_r->deadlocks = atomic_load(&store->deadlocks);
	status_r->flushes = committer_flushes(store->committer);
	status_r->log_bytes = bytes_of(store, name_is_log);
	status_r->data_bytes = bytes_of(store, name_is_table);
	status_r->free_bytes = atomic_load(&store->space.free);
	status_r->reserve_bytes = space_needed(&store->space);
	status_r->is_full = atomic_load(&store->space.is_full);
	mutex_lock(&store->logs.lock);
	status_r->last_backup_ms = store->logs.backup_ms;
	mutex_unlock(&store->logs.lock);
}
