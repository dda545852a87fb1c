#include "chat/sanction/sanction_table.h"

#include "chat/room_records.h"

enum err sanction_table_put(struct store_txn *txn, struct store *store,
			    const char *room, struct sanction *s)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[ROOM_RECORD_KEY];
	enum err e = store_next(txn, SANCTION_TABLES, &s->id);

	if (e != ERR_OK)
		return e;
	sanction_encode(s, &value);
	return store_put(txn, store_table(store, SANCTION_TABLES), key,
			 room_record_key(room, s->id, key), buf_at(&value),
			 buf_len(&value));
}

enum err sanction_table_delete(struct store_txn *txn, struct store *store,
			       const char *room, uint64_t id)
{
	uint8_t key[ROOM_RECORD_KEY];
	enum err e = store_delete(txn, store_table(store, SANCTION_TABLES), key,
				  room_record_key(room, id, key));

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static bool read_one(const void *value, size_t len, void *list,
		     uint64_t *number_r)
{
	struct sanction s;

	if (!sanction_decode(value, len, &s))
		return false;
	if (list != NULL && sanctions_find(list, s.id) == NULL)
		sanctions_add(list, &s);
	*number_r = s.id;
	return true;
}

enum err sanction_table_load(struct store *store, const char *room,
			     struct sanctions *all)
{
	return room_records_load(store, SANCTION_TABLES, room, read_one, all);
}

enum err sanction_table_verify(struct store *store, struct buf *report)
{
	return room_records_verify(store, SANCTION_TABLES, read_one, report);
}
