#include "user/users_tables.h"

#include <assert.h>
#include <string.h>

#include "store/record.h"

enum { NAME_VERSION = 1 };

struct users_tables users_tables_of(struct store *store)
{
	return (struct users_tables){ store_table(store, "users"),
				      store_table(store, "user_names"),
				      store_table(store, "factors") };
}

enum err users_get_record(struct store_txn *txn,
			  const struct users_tables *tables, user_id id,
			  struct user *user_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(id, key);
	e = store_get(txn, tables->records, key, sizeof(key), &value);
	if (e == ERR_NOT_FOUND)
		return ERR_NO_SUCH_USER;
	if (e != ERR_OK)
		return e;
	if (!user_decode(buf_at(&value), buf_len(&value), user_r) ||
	    user_r->id != id)
		return ERR_CORRUPT;
	return ERR_OK;
}

enum err users_put_record(struct store_txn *txn,
			  const struct users_tables *tables,
			  const struct user *user)
{
	AUTO(buf_wipe) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	struct user again;
	bool is_readable;

	record_key(user->id, key);
	user_encode(user, &value);
	is_readable = user_decode(buf_at(&value), buf_len(&value), &again);
	assert(is_readable);
	return store_put(txn, tables->records, key, sizeof(key), buf_at(&value),
			 buf_len(&value));
}

/* Rows must be there when others lead to them. */
static enum err expected(enum err e)
{
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err users_delete_record(struct store_txn *txn,
			     const struct users_tables *tables, user_id id)
{
	uint8_t key[RECORD_KEY];

	record_key(id, key);
	return expected(store_delete(txn, tables->records, key, sizeof(key)));
}

bool users_decode_name(const void *bytes, size_t len, user_id *id_r)
{
	struct record_reader r;
	user_id id;

	record_open(&r, bytes, len);
	id = record_get_u64(&r);
	if (!record_close(&r) || r.version != NAME_VERSION || id == 0)
		return false;
	*id_r = id;
	return true;
}

enum err users_get_name(struct store_txn *txn,
			const struct users_tables *tables, const char *name,
			user_id *id_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	char key[NAME_MOST + 1];
	enum err e;

	name_key(name, key);
	e = store_get(txn, tables->names, key, strlen(key), &value);
	if (e == ERR_NOT_FOUND)
		return ERR_NO_SUCH_USER;
	if (e != ERR_OK)
		return e;
	return users_decode_name(buf_at(&value), buf_len(&value), id_r)
		       ? ERR_OK
		       : ERR_CORRUPT;
}

enum err users_put_name(struct store_txn *txn,
			const struct users_tables *tables,
			const struct user *user)
{
	AUTO(buf_fini) struct buf value = { 0 };
	char key[NAME_MOST + 1];
	enum err e;

	name_key(user->name, key);
	record_begin(&value, NAME_VERSION);
	record_put_u64(&value, user->id);
	e = store_add(txn, tables->names, key, strlen(key), buf_at(&value),
		      buf_len(&value));
	return e == ERR_EXISTS ? ERR_NAME_TAKEN : e;
}

enum err users_delete_name(struct store_txn *txn,
			   const struct users_tables *tables,
			   const struct user *user)
{
	char key[NAME_MOST + 1];

	name_key(user->name, key);
	return expected(store_delete(txn, tables->names, key, strlen(key)));
}

enum err users_delete_factor(struct store_txn *txn,
			     const struct users_tables *tables, user_id id)
{
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(id, key);
	e = store_delete(txn, tables->factors, key, sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err users_get_by_name(struct store_txn *txn,
			   const struct users_tables *tables, const char *name,
			   struct user *user_r)
{
	user_id id;
	enum err e = users_get_name(txn, tables, name, &id);

	if (e != ERR_OK)
		return e;
	e = users_get_record(txn, tables, id, user_r);
	/* Somebody was renamed between the two reads of a view. */
	if (e == ERR_OK && name_compare(user_r->name, name) != 0)
		return ERR_NO_SUCH_USER;
	return e;
}

struct next {
	struct users_step *step;
	struct buf *value;
	bool is_found;
};

static bool take_row(const struct store_record *record, void *arg)
{
	struct next *n = arg;

	assert(record->key_len <= sizeof(n->step->key));
	n->is_found = true;
	memcpy(n->step->key, record->key, record->key_len);
	n->step->len = record->key_len;
	buf_add(n->value, record->value, record->value_len);
	return false;
}

enum err users_next_row(struct store_txn *txn, struct store_table *table,
			struct users_step *step, struct buf *value)
{
	struct next n = { step, value, false };
	enum err e;

	buf_reset(value);
	e = store_walk_from(txn, table, step->key, step->len, take_row, &n);
	if (e != ERR_OK)
		return e;
	if (!n.is_found)
		return ERR_NOT_FOUND;
	if (step->len == sizeof(step->key))
		return ERR_CORRUPT;
	step->key[step->len++] = '\0';
	return ERR_OK;
}

enum err users_next_by_name(struct store_txn *txn,
			    const struct users_tables *tables,
			    struct users_step *step, struct user *user_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e;

	do {
		e = users_next_row(txn, tables->names, step, &value);
		if (e == ERR_OK)
			e = users_get_by_name(txn, tables, step->key, user_r);
	} while (e == ERR_NO_SUCH_USER);
	return e;
}
