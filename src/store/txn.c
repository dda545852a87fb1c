/*
 * store_view() has no Berkeley DB transaction: each read takes its page's
 * lock and gives it back, so it sees committed records only, but two reads
 * may see different moments. Snapshots (DB_MULTIVERSION) were measured and
 * are not used: every write then copies its pages, which cost three quarters
 * of all commits (52,000/s became 8,000/s with four threads and a 16 MiB
 * cache), and readers make Berkeley DB write old versions into files, which a
 * full disk does not allow. Locks held to the end would make long walks stop
 * the writers.
 */
#include "store/txn.h"

#include <assert.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/env.h"

enum {
	ATTEMPTS_MOST = 100,
	PAUSE_FIRST_US = 50,
	PAUSE_DOUBLINGS = 7,
	PRIORITY = 100, /* Berkeley DB's own */
	VALUE_FIRST = 256,
};

struct store_table *txn_meta(const struct store_txn *txn)
{
	return &txn->store->tables[0];
}

/* A disk that may not be written to any more is nothing that people may not. */
static enum err result_of(int rc)
{
	enum err e = env_err(rc);

	return e == ERR_NOT_ALLOWED ? ERR_IO : e;
}

enum err txn_judge(struct store_txn *txn, int rc)
{
	enum err e = result_of(rc);

	if (e != ERR_OK && e != ERR_NOT_FOUND && e != ERR_EXISTS)
		txn->broken = e;
	return e;
}

static enum err commit(struct store_txn *txn)
{
	struct store *store = txn->store;
	struct commit commit;
	int rc;

	env_busy_with(NULL);
	if (!txn->has_written)
		return result_of(txn->db_txn->commit(txn->db_txn, 0));
	if (store->committer == NULL) /* while opening */
		return result_of(txn->db_txn->commit(txn->db_txn, DB_TXN_SYNC));
	committer_enter(store->committer, &commit);
	rc = txn->db_txn->commit(txn->db_txn, DB_TXN_NOSYNC);
	committer_leave(store->committer, &commit);
	if (rc == 0)
		atomic_fetch_add_explicit(&store->commits, 1,
					  memory_order_relaxed);
	return result_of(rc);
}

static void undo(struct store_txn *txn)
{
	int rc = txn->db_txn->abort(txn->db_txn);

	if (rc != 0 && atomic_load(&txn->store->is_running))
		env_die("a transaction cannot be undone", rc);
}

static enum err run_once(struct store *store, store_fn *fn, void *arg,
			 unsigned attempt)
{
	struct store_txn txn = { .store = store };
	enum err e;
	int rc;

	rc = store->env->txn_begin(store->env, NULL, &txn.db_txn,
				   DB_TXN_NOSYNC);
	if (rc != 0)
		return env_err(rc);
	/* The more often it lost, the less likely it loses again. */
	if (attempt > 0)
		(void)txn.db_txn->set_priority(txn.db_txn, PRIORITY + attempt);
	e = fn(&txn, arg);
	if (txn.broken != ERR_OK)
		e = txn.broken;
	if (e == ERR_OK)
		e = commit(&txn);
	else
		undo(&txn);
	env_busy_with(NULL);
	return e;
}

static enum err view_once(struct store *store, store_fn *fn, void *arg)
{
	struct store_txn txn = { .store = store };
	enum err e = fn(&txn, arg);

	env_busy_with(NULL);
	return txn.broken != ERR_OK ? txn.broken : e;
}

/* So that two who met in a deadlock do not meet again at once. */
static void pause_randomly(unsigned attempt)
{
	unsigned doublings =
		attempt < PAUSE_DOUBLINGS ? attempt : PAUSE_DOUBLINGS;
	uint64_t mix = (uint64_t)clock_mono_us() * 0x9e3779b97f4a7c15U +
		       (uint64_t)gettid() * 0xbf58476d1ce4e5b9U;
	struct timespec t = { 0 };

	mix ^= mix >> 29;
	t.tv_nsec = (long)(mix % ((PAUSE_FIRST_US << doublings) * 1000U));
	(void)nanosleep(&t, NULL);
}

/* True when fn is to be run again; else *e is the answer. */
static bool try_again(struct store *store, unsigned attempt, enum err *e)
{
	if (*e != ERR_AGAIN)
		return false;
	atomic_fetch_add_explicit(&store->deadlocks, 1, memory_order_relaxed);
	if (attempt + 1 == ATTEMPTS_MOST) {
		*e = ERR_BUSY;
		return false;
	}
	pause_randomly(attempt);
	return true;
}

enum err txn_run(struct store *store, store_fn *fn, void *arg)
{
	unsigned attempt = 0;
	enum err e;

	do
		e = run_once(store, fn, arg, attempt);
	while (try_again(store, attempt++, &e));
	return e;
}

enum err store_run(struct store *store, store_fn *fn, void *arg)
{
	if (space_is_full(&store->space))
		return ERR_STORAGE_FULL;
	return txn_run(store, fn, arg);
}

enum err store_view(struct store *store, store_fn *fn, void *arg)
{
	unsigned attempt = 0;
	enum err e;

	do
		e = view_once(store, fn, arg);
	while (try_again(store, attempt++, &e));
	return e;
}

DBT txn_dbt(const void *bytes, size_t len)
{
	DBT dbt;

	memset(&dbt, 0, sizeof(dbt));
	/* Berkeley DB does not write to what it only reads. */
	memcpy(&dbt.data, &bytes, sizeof(bytes));
	dbt.size = (uint32_t)len;
	return dbt;
}

static void check_key(const struct store_txn *txn,
		      const struct store_table *table, size_t key_len)
{
	assert(txn != NULL && table != NULL);
	assert(key_len >= 1 && key_len <= STORE_KEY_MOST);
	env_busy_with(table);
}

enum err store_get(struct store_txn *txn, struct store_table *table,
		   const void *key, size_t key_len, struct buf *value)
{
	/* Who changes a record reads it first: so lock it for that. */
	uint32_t flags = txn->db_txn != NULL ? DB_RMW : 0;
	DBT k = txn_dbt(key, key_len);
	DBT v = txn_dbt(NULL, VALUE_FIRST);
	int rc;

	check_key(txn, table, key_len);
	buf_reset(value);
	if (txn->broken != ERR_OK)
		return txn->broken;
	v.flags = DB_DBT_USERMEM;
	do {
		v.data = buf_reserve(value, v.size);
		v.ulen = value->room - value->end;
		rc = table->db->get(table->db, txn->db_txn, &k, &v, flags);
	} while (rc == DB_BUFFER_SMALL && v.size <= STORE_VALUE_MOST);
	if (rc == DB_BUFFER_SMALL)
		return txn_judge(txn, DB_CHKSUM_FAIL);
	if (rc == 0)
		buf_added(value, v.size);
	return txn_judge(txn, rc);
}

static enum err put(struct store_txn *txn, struct store_table *table,
		    const struct store_record *record, uint32_t flags)
{
	DBT k = txn_dbt(record->key, record->key_len);
	DBT v = txn_dbt(record->value, record->value_len);

	check_key(txn, table, record->key_len);
	assert(txn->db_txn != NULL && record->value_len <= STORE_VALUE_MOST);
	if (txn->broken != ERR_OK)
		return txn->broken;
	txn->has_written = true;
	space_use(&txn->store->space, record->key_len + record->value_len);
	return txn_judge(txn,
			 table->db->put(table->db, txn->db_txn, &k, &v, flags));
}

enum err store_put(struct store_txn *txn, struct store_table *table,
		   const void *key, size_t key_len, const void *value,
		   size_t value_len)
{
	struct store_record record = { key, key_len, value, value_len };

	return put(txn, table, &record, 0);
}

enum err store_add(struct store_txn *txn, struct store_table *table,
		   const void *key, size_t key_len, const void *value,
		   size_t value_len)
{
	struct store_record record = { key, key_len, value, value_len };

	return put(txn, table, &record, DB_NOOVERWRITE);
}

enum err store_delete(struct store_txn *txn, struct store_table *table,
		      const void *key, size_t key_len)
{
	DBT k = txn_dbt(key, key_len);

	check_key(txn, table, key_len);
	assert(txn->db_txn != NULL);
	if (txn->broken != ERR_OK)
		return txn->broken;
	txn->has_written = true;
	space_use(&txn->store->space, key_len);
	return txn_judge(txn, table->db->del(table->db, txn->db_txn, &k, 0));
}
