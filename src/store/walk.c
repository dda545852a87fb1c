/* Walks over the records of a table. */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "store/env.h"
#include "store/txn.h"

struct walk {
	DBT from;          /* where it begins */
	size_t prefix_len; /* how much of from each key begins with */
	store_visit_fn *visit;
	void *arg;
	struct store_txn *txn; /* of those that change something */
	bool is_wiped;
};

/* True to go on. */
static bool visit_one(const struct walk *w, const struct store_record *record)
{
	return record->key_len >= w->prefix_len &&
	       memcmp(record->key, w->from.data, w->prefix_len) == 0 &&
	       w->visit(record, w->arg);
}

static int walk_up(DBC *cursor, const struct walk *w)
{
	DBT k = w->from;
	DBT v = txn_dbt(NULL, 0);
	uint32_t how = k.size > 0 ? DB_SET_RANGE : DB_FIRST;
	int rc;

	while ((rc = cursor->get(cursor, &k, &v, how)) == 0) {
		struct store_record record = { k.data, k.size, v.data, v.size };

		if (!visit_one(w, &record))
			return 0;
		how = DB_NEXT;
	}
	return rc;
}

static int walk_down(DBC *cursor, const struct walk *w)
{
	DBT k = w->from;
	DBT v = txn_dbt(NULL, 0);
	int rc = cursor->get(cursor, &k, &v, DB_SET_RANGE);

	/* Now at from, or at what follows it, or nowhere: go back by one. */
	if (rc == 0 || rc == DB_NOTFOUND)
		rc = cursor->get(cursor, &k, &v, rc == 0 ? DB_PREV : DB_LAST);
	while (rc == 0) {
		struct store_record record = { k.data, k.size, v.data, v.size };

		if (!visit_one(w, &record))
			return 0;
		rc = cursor->get(cursor, &k, &v, DB_PREV);
	}
	return rc;
}

static int wipe(DBC *cursor, DBT *key, size_t len)
{
	void *zeros = mem_zero(len > 0 ? len : 1);
	DBT v = txn_dbt(zeros, len);
	int rc = cursor->put(cursor, key, &v, DB_CURRENT);

	mem_free(zeros);
	return rc;
}

static int drop_up(DBC *cursor, const struct walk *w)
{
	DBT k = w->from;
	DBT v = txn_dbt(NULL, 0);
	uint32_t how = DB_SET_RANGE;
	int rc;

	while ((rc = cursor->get(cursor, &k, &v, how | DB_RMW)) == 0) {
		struct store_record record = { k.data, k.size, v.data, v.size };

		if (!visit_one(w, &record))
			return 0;
		w->txn->has_written = true;
		space_use(&w->txn->store->space, k.size + v.size);
		rc = w->is_wiped ? wipe(cursor, &k, v.size) : 0;
		if (rc == 0)
			rc = cursor->del(cursor, 0);
		if (rc != 0)
			return rc;
		how = DB_NEXT;
	}
	return rc;
}

/* False when the visitor ended it. */
static bool visit_piece(const struct walk *w, DBT *piece)
{
	struct store_record record;
	void *at;

	DB_MULTIPLE_INIT(at, piece);
	for (;;) {
		DB_MULTIPLE_KEY_NEXT(at, piece, record.key, record.key_len,
				     record.value, record.value_len);
		if (at == NULL)
			return true;
		if (!visit_one(w, &record))
			return false;
	}
}

static int scan_up(DBC *cursor, const struct walk *w)
{
	uint32_t how = w->from.size > 0 ? DB_SET_RANGE : DB_FIRST;
	DBT k = w->from;
	DBT piece = txn_dbt(mem_alloc(SCAN_PIECE), SCAN_PIECE);
	int rc;

	piece.flags = DB_DBT_USERMEM;
	piece.ulen = SCAN_PIECE;
	for (;;) {
		rc = cursor->get(cursor, &k, &piece, how | DB_MULTIPLE_KEY);
		if (rc == DB_BUFFER_SMALL) { /* one long record */
			piece.ulen = STORE_VALUE_MOST + SCAN_PIECE;
			piece.data = mem_resize(piece.data, piece.ulen);
			continue;
		}
		if (rc != 0 || !visit_piece(w, &piece))
			break;
		how = DB_NEXT;
	}
	mem_free(piece.data);
	return rc;
}

static enum err walk(struct store_txn *txn, struct store_table *table,
		     int (*go)(DBC *cursor, const struct walk *w),
		     const struct walk *w)
{
	DBC *cursor;
	int close_rc;
	int rc;

	assert(w->from.size <= STORE_KEY_MOST);
	env_busy_with(table);
	if (txn->broken != ERR_OK)
		return txn->broken;
	rc = table->db->cursor(table->db, txn->db_txn, &cursor, 0);
	if (rc != 0)
		return txn_judge(txn, rc);
	rc = go(cursor, w);
	if (rc == DB_NOTFOUND)
		rc = 0;
	close_rc = cursor->close(cursor);
	return txn_judge(txn, rc != 0 ? rc : close_rc);
}

enum err store_walk(struct store_txn *txn, struct store_table *table,
		    const void *prefix, size_t prefix_len,
		    store_visit_fn *visit, void *arg)
{
	struct walk w = {
		txn_dbt(prefix, prefix_len), prefix_len, visit, arg, NULL, false
	};

	return walk(txn, table, walk_up, &w);
}

enum err store_walk_from(struct store_txn *txn, struct store_table *table,
			 const void *from, size_t from_len,
			 store_visit_fn *visit, void *arg)
{
	struct walk w = { txn_dbt(from, from_len), 0, visit, arg, NULL, false };

	return walk(txn, table, walk_up, &w);
}

enum err store_walk_back(struct store_txn *txn, struct store_table *table,
			 const void *from, size_t from_len, size_t prefix_len,
			 store_visit_fn *visit, void *arg)
{
	struct walk w = {
		txn_dbt(from, from_len), prefix_len, visit, arg, NULL, false
	};

	assert(from_len > 0 && prefix_len <= from_len);
	return walk(txn, table, walk_down, &w);
}

enum err store_scan(struct store_txn *txn, struct store_table *table,
		    const void *from, size_t from_len, store_visit_fn *visit,
		    void *arg)
{
	struct walk w = { txn_dbt(from, from_len), 0, visit, arg, NULL, false };

	return walk(txn, table, scan_up, &w);
}

enum err store_drop(struct store_txn *txn, struct store_table *table,
		    const void *from, size_t from_len, bool is_wiped,
		    store_visit_fn *goes, void *arg)
{
	struct walk w = {
		txn_dbt(from, from_len), 0, goes, arg, txn, is_wiped
	};

	assert(from_len > 0 && txn->db_txn != NULL);
	return walk(txn, table, drop_up, &w);
}
