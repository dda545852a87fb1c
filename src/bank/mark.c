#include "bank/mark.h"

#include <string.h>

#include "store/record.h"

enum { MARK_VERSION = 1 };

struct access {
	struct store *store;
	const char *name;
	struct mark mark;
};

bool mark_decode(const void *bytes, size_t len, struct mark *mark_r)
{
	struct record_reader r;

	record_open(&r, bytes, len);
	mark_r->period = record_get_i64(&r);
	mark_r->at = record_get_u64(&r);
	return record_close(&r) && r.version == MARK_VERSION;
}

static enum err get(struct store_txn *txn, void *arg)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct access *a = arg;
	enum err e = store_get(txn, store_table(a->store, "bank_marks"),
			       a->name, strlen(a->name), &value);

	if (e != ERR_OK)
		return e;
	return mark_decode(buf_at(&value), buf_len(&value), &a->mark)
		       ? ERR_OK
		       : ERR_CORRUPT;
}

enum err mark_get(struct store *store, const char *name, struct mark *mark_r)
{
	struct access a = { .store = store, .name = name };
	enum err e = store_view(store, get, &a);

	if (e == ERR_OK)
		*mark_r = a.mark;
	return e;
}

enum err mark_write(struct store_txn *txn, struct store *store,
		    const char *name, const struct mark *mark)
{
	AUTO(buf_fini) struct buf value = { 0 };

	record_begin(&value, MARK_VERSION);
	record_put_i64(&value, mark->period);
	record_put_u64(&value, mark->at);
	return store_put(txn, store_table(store, "bank_marks"), name,
			 strlen(name), buf_at(&value), buf_len(&value));
}

static enum err put(struct store_txn *txn, void *arg)
{
	const struct access *a = arg;

	return mark_write(txn, a->store, a->name, &a->mark);
}

enum err mark_put(struct store *store, const char *name,
		  const struct mark *mark)
{
	struct access a = { store, name, *mark };

	return store_run(store, put, &a);
}

static bool begins(const struct store_record *record, void *arg)
{
	const char *prefix = ((const struct access *)arg)->name;
	size_t len = strlen(prefix);

	return record->key_len >= len && memcmp(record->key, prefix, len) == 0;
}

static enum err drop(struct store_txn *txn, void *arg)
{
	struct access *a = arg;

	return store_drop(txn, store_table(a->store, "bank_marks"), a->name,
			  strlen(a->name), false, begins, a);
}

enum err mark_drop(struct store *store, const char *prefix)
{
	struct access a = { .store = store, .name = prefix };

	return store_run(store, drop, &a);
}

struct walk {
	struct store *store;
	const char *prefix;
	mark_visit_fn *visit;
	void *arg;
	bool is_damaged;
};

static bool visit(const struct store_record *record, void *arg)
{
	struct walk *w = arg;
	char name[STORE_KEY_MOST + 1];
	struct mark mark;

	w->is_damaged |= !mark_decode(record->value, record->value_len, &mark);
	if (w->is_damaged)
		return false;
	memcpy(name, record->key, record->key_len);
	name[record->key_len] = '\0';
	return w->visit(name, &mark, w->arg);
}

static enum err walk(struct store_txn *txn, void *arg)
{
	struct walk *w = arg;
	enum err e = store_walk(txn, store_table(w->store, "bank_marks"),
				w->prefix, strlen(w->prefix), visit, w);

	return e == ERR_OK && w->is_damaged ? ERR_CORRUPT : e;
}

enum err mark_walk(struct store *store, const char *prefix, mark_visit_fn *fn,
		   void *arg)
{
	struct walk w = { store, prefix, fn, arg, false };

	return store_view(store, walk, &w);
}
