#include "bank/schedule/shelf.h"

#include "store/record.h"

enum {
	MARK_VERSION = 1,
	INDEX_KEY = SHELF_MARK,
	SIDE_LOOK = 0,
	SIDE_USER = 1,
};

static void index_key(uint8_t side, uint64_t of, uint64_t number,
		      uint8_t key_r[INDEX_KEY])
{
	key_r[0] = side;
	record_key(of, key_r + 1);
	record_key(number, key_r + 1 + RECORD_KEY);
}

size_t shelf_marks(const struct standing *standing,
		   uint8_t keys_r[SHELF_MARKS][SHELF_MARK])
{
	size_t count = 0;

	index_key(SIDE_USER, standing->user, standing->number, keys_r[count++]);
	if (!standing->is_ended)
		index_key(SIDE_LOOK, (uint64_t)standing->look, standing->number,
			  keys_r[count++]);
	return count;
}

void shelf_begin(struct shelf *shelf, const struct standings *s,
		 struct store_txn *txn)
{
	shelf->txn = txn;
	shelf->records = store_table(s->store, "bank_standing");
	shelf->index = store_table(s->store, "bank_standing_index");
}

static enum err mark(const struct shelf *shelf, uint8_t side, uint64_t of,
		     uint64_t number)
{
	static const uint8_t version = MARK_VERSION;
	uint8_t key[INDEX_KEY];

	index_key(side, of, number, key);
	return store_put(shelf->txn, shelf->index, key, sizeof(key), &version,
			 sizeof(version));
}

static enum err unmark(const struct shelf *shelf, uint8_t side, uint64_t of,
		       uint64_t number)
{
	uint8_t key[INDEX_KEY];
	enum err e;

	index_key(side, of, number, key);
	e = store_delete(shelf->txn, shelf->index, key, sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err shelf_get(const struct shelf *shelf, uint64_t number,
		   struct standing *standing_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(number, key);
	e = store_get(shelf->txn, shelf->records, key, sizeof(key), &value);
	if (e == ERR_OK &&
	    !standing_decode(buf_at(&value), buf_len(&value), standing_r))
		e = ERR_CORRUPT;
	return e;
}

enum err shelf_put(const struct shelf *shelf, const struct standing *standing)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	standing_encode(standing, &value);
	record_key(standing->number, key);
	e = store_put(shelf->txn, shelf->records, key, sizeof(key),
		      buf_at(&value), buf_len(&value));
	if (e == ERR_OK && !standing->is_ended)
		e = mark(shelf, SIDE_LOOK, (uint64_t)standing->look,
			 standing->number);
	if (e == ERR_OK)
		e = mark(shelf, SIDE_USER, standing->user, standing->number);
	return e;
}

enum err shelf_take_out(const struct shelf *shelf,
			const struct standing *standing)
{
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(standing->number, key);
	e = store_delete(shelf->txn, shelf->records, key, sizeof(key));
	if (e == ERR_OK && !standing->is_ended)
		e = unmark(shelf, SIDE_LOOK, (uint64_t)standing->look,
			   standing->number);
	if (e == ERR_OK)
		e = unmark(shelf, SIDE_USER, standing->user, standing->number);
	return e;
}

struct listing {
	uint64_t until; /* the last day, or user, that counts */
	uint64_t *numbers;
	size_t most;
	size_t count;
};

static bool add(const struct store_record *record, void *arg)
{
	struct listing *l = arg;
	const uint8_t *key = record->key;

	if (record->key_len != INDEX_KEY || l->count == l->most ||
	    record_key_number(key + 1) > l->until)
		return false;
	l->numbers[l->count++] = record_key_number(key + 1 + RECORD_KEY);
	return true;
}

enum err shelf_of_user(const struct shelf *shelf, user_id user,
		       uint64_t numbers_r[STANDING_MOST], size_t *count_r)
{
	struct listing l = { user, numbers_r, STANDING_MOST, 0 };
	uint8_t prefix[1 + RECORD_KEY] = { SIDE_USER };
	enum err e;

	record_key(user, prefix + 1);
	e = store_walk(shelf->txn, shelf->index, prefix, sizeof(prefix), add,
		       &l);
	*count_r = l.count;
	return e;
}

enum err shelf_first(const struct shelf *shelf, int64_t day, uint64_t *number_r)
{
	struct listing l = { (uint64_t)day, number_r, 1, 0 };
	static const uint8_t prefix[] = { SIDE_LOOK };
	enum err e = store_walk(shelf->txn, shelf->index, prefix,
				sizeof(prefix), add, &l);

	return e == ERR_OK && l.count == 0 ? ERR_NOT_FOUND : e;
}
