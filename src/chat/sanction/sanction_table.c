#include "chat/sanction/sanction_table.h"

#include <string.h>

#include "store/record.h"

enum { SANCTION_KEY = NAME_MOST + 1 + RECORD_KEY };

/* The room's key, a NUL, and for a record of its own the number. */
static size_t make_key(const char *room, uint64_t id,
		       uint8_t key_r[SANCTION_KEY + 1])
{
	size_t len;

	name_key(room, (char *)key_r);
	len = strlen((char *)key_r) + 1;
	if (id == 0)
		return len;
	record_key(id, key_r + len);
	return len + RECORD_KEY;
}

enum err sanction_table_put(struct store_txn *txn, struct store *store,
			    const char *room, struct sanction *s)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[SANCTION_KEY + 1];
	enum err e = store_next(txn, SANCTION_TABLES, &s->id);

	if (e != ERR_OK)
		return e;
	sanction_encode(s, &value);
	return store_put(txn, store_table(store, SANCTION_TABLES), key,
			 make_key(room, s->id, key), buf_at(&value),
			 buf_len(&value));
}

enum err sanction_table_delete(struct store_txn *txn, struct store *store,
			       const char *room, uint64_t id)
{
	uint8_t key[SANCTION_KEY + 1];
	enum err e = store_delete(txn, store_table(store, SANCTION_TABLES), key,
				  make_key(room, id, key));

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct loading {
	struct store *store;
	const char *room;
	struct sanctions *all;
	bool is_bad;
};

static bool load_one(const struct store_record *record, void *arg)
{
	struct loading *loading = arg;
	struct sanction s;

	if (!sanction_decode(record->value, record->value_len, &s))
		loading->is_bad = true;
	else if (sanctions_find(loading->all, s.id) == NULL)
		sanctions_add(loading->all, &s);
	return true;
}

static enum err load(struct store_txn *txn, void *arg)
{
	struct loading *loading = arg;
	uint8_t key[SANCTION_KEY + 1];

	return store_walk(txn, store_table(loading->store, SANCTION_TABLES),
			  key, make_key(loading->room, 0, key), load_one,
			  loading);
}

enum err sanction_table_load(struct store *store, const char *room,
			     struct sanctions *all)
{
	struct loading loading = { store, room, all, false };
	enum err e = store_view(store, load, &loading);

	return e == ERR_OK && loading.is_bad ? ERR_CORRUPT : e;
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct sanction s;
	size_t name_len = strnlen(record->key, record->key_len);

	if (record->key_len != name_len + 1 + RECORD_KEY ||
	    !sanction_decode(record->value, record->value_len, &s) ||
	    record_key_number((const char *)record->key + name_len + 1) != s.id)
		buf_add_text(check->report,
			     "sanctions: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	return store_walk(txn, store_table(check->store, SANCTION_TABLES), "",
			  0, check_one, check);
}

enum err sanction_table_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
