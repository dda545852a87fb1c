/* Lists of users in the store: by the user's number. */
#include "base/mem.h"
#include "chat/ignore/ignores.h"
#include "store/record.h"

struct walk {
	struct store *store;
	struct ignores *ignores; /* NULL: they are only checked */
	size_t bad;
};

static bool visit(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct ignore_list list;

	if (record->key_len != RECORD_KEY ||
	    !ignore_decode(record->value, record->value_len, &list))
		walk->bad++;
	else if (walk->ignores != NULL)
		ignores_set(walk->ignores, record_key_number(record->key),
			    &list);
	return true;
}

static enum err walk_all(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;

	walk->bad = 0;
	return store_walk(txn, store_table(walk->store, IGNORE_TABLES), "", 0,
			  visit, walk);
}

enum err ignores_load(struct ignores *ignores, struct store *store)
{
	struct walk walk = { store, ignores, 0 };
	enum err e = store_view(store, walk_all, &walk);

	return e == ERR_OK && walk.bad > 0 ? ERR_CORRUPT : e;
}

enum err ignores_verify(struct store *store, struct buf *report)
{
	struct walk walk = { store, NULL, 0 };
	enum err e = store_view(store, walk_all, &walk);

	for (size_t i = 0; e == ERR_OK && i < walk.bad; i++)
		buf_add_text(report, "ignores: a record cannot be read\n");
	return e == ERR_OK && walk.bad > 0 ? ERR_CORRUPT : e;
}

enum err ignores_put(struct store_txn *txn, struct store *store, uint64_t user,
		     const struct ignore_list *list)
{
	struct store_table *table = store_table(store, IGNORE_TABLES);
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(user, key);
	if (list->count == 0) {
		e = store_delete(txn, table, key, sizeof(key));
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	ignore_encode(list, &value);
	return store_put(txn, table, key, sizeof(key), buf_at(&value),
			 buf_len(&value));
}
