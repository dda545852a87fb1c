#include "chat/room_records.h"

#include <string.h>

size_t room_record_key(const char *room, uint64_t number,
		       uint8_t key_r[ROOM_RECORD_KEY])
{
	size_t len;

	name_key(room, (char *)key_r);
	len = strlen((char *)key_r) + 1;
	if (number == 0)
		return len;
	record_key(number, key_r + len);
	return len + RECORD_KEY;
}

struct walk {
	struct store_table *table;
	const char *room; /* NULL: all */
	room_record_fn *read;
	void *list;
	size_t bad;
};

static bool visit(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	size_t name_len = strnlen(record->key, record->key_len);
	uint64_t number;

	if (record->key_len != name_len + 1 + RECORD_KEY ||
	    !walk->read(record->value, record->value_len, walk->list,
			&number) ||
	    record_key_number((const char *)record->key + name_len + 1) !=
		    number)
		walk->bad++;
	return true;
}

static enum err walk_all(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;
	uint8_t key[ROOM_RECORD_KEY];
	size_t len =
		walk->room == NULL ? 0 : room_record_key(walk->room, 0, key);

	walk->bad = 0;
	return store_walk(txn, walk->table, key, len, visit, walk);
}

enum err room_records_load(struct store *store, const char *table,
			   const char *room, room_record_fn *read, void *list)
{
	struct walk walk = { .table = store_table(store, table),
			     .room = room,
			     .read = read,
			     .list = list };
	enum err e = store_view(store, walk_all, &walk);

	return e == ERR_OK && walk.bad > 0 ? ERR_CORRUPT : e;
}

enum err room_records_verify(struct store *store, const char *table,
			     room_record_fn *read, struct buf *report)
{
	struct walk walk = { .table = store_table(store, table), .read = read };
	enum err e = store_view(store, walk_all, &walk);

	for (size_t i = 0; e == ERR_OK && i < walk.bad; i++)
		buf_print(report, "%s: a record cannot be read\n", table);
	return e == ERR_OK && walk.bad > 0 ? ERR_CORRUPT : e;
}
