#include "bank/due.h"

#include <string.h>

enum { MARK_VERSION = 1 };

enum side {
	SIDE_ALL,
	SIDE_PAYER,
	SIDE_RECEIVER,
};

/* Where a key has them. */
enum {
	AT_ACCOUNT = 1,
	AT_END = AT_ACCOUNT + RECORD_KEY,
	AT_NUMBER = AT_END + RECORD_KEY,
};

static void make_mark(enum side side, account_id account, const struct due *due,
		      uint8_t key_r[DUE_MARK])
{
	key_r[0] = (uint8_t)side;
	record_key(account, key_r + AT_ACCOUNT);
	record_key((uint64_t)due->due_ms, key_r + AT_END);
	record_key(due->number, key_r + AT_NUMBER);
}

void due_marks(const struct due *due, uint8_t keys_r[DUE_MARKS][DUE_MARK])
{
	make_mark(SIDE_ALL, 0, due, keys_r[0]);
	make_mark(SIDE_PAYER, due->payer, due, keys_r[1]);
	make_mark(SIDE_RECEIVER, due->receiver, due, keys_r[2]);
}

bool due_has_mark(const struct due *due, const void *key)
{
	uint8_t marks[DUE_MARKS][DUE_MARK];

	due_marks(due, marks);
	for (size_t i = 0; i < DUE_MARKS; i++)
		if (memcmp(key, marks[i], DUE_MARK) == 0)
			return true;
	return false;
}

bool due_number(const struct store_record *record, uint64_t *number_r)
{
	const uint8_t *key = record->key;

	if (record->key_len != DUE_MARK)
		return false;
	*number_r = record_key_number(key + AT_NUMBER);
	return true;
}

static enum err put_or_drop(struct store_txn *txn, struct store_table *index,
			    const uint8_t key[DUE_MARK], bool is_open)
{
	static const uint8_t version = MARK_VERSION;
	enum err e;

	if (is_open)
		return store_put(txn, index, key, DUE_MARK, &version,
				 sizeof(version));
	e = store_delete(txn, index, key, DUE_MARK);
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err due_mark(struct store_txn *txn, struct store_table *index,
		  const struct due *due, bool is_open)
{
	uint8_t marks[DUE_MARKS][DUE_MARK];
	enum err e = ERR_OK;

	due_marks(due, marks);
	for (size_t i = 0; e == ERR_OK && i < DUE_MARKS; i++)
		e = put_or_drop(txn, index, marks[i], is_open);
	return e;
}

struct listing {
	int64_t then_ms;
	uint64_t *numbers;
	size_t most;
	size_t count;
};

static bool add(const struct store_record *record, void *arg)
{
	struct listing *l = arg;
	const uint8_t *key = record->key;

	if (l->count == l->most || record->key_len != DUE_MARK ||
	    (int64_t)record_key_number(key + AT_END) > l->then_ms)
		return false;
	l->numbers[l->count++] = record_key_number(key + AT_NUMBER);
	return true;
}

enum err due_list(struct store_txn *txn, struct store_table *index,
		  account_id account, bool is_payer, int64_t then_ms,
		  uint64_t *numbers_r, size_t most, size_t *count_r)
{
	struct listing l = { then_ms, numbers_r, most, 0 };
	uint8_t prefix[AT_END] = { SIDE_ALL };
	enum err e;

	if (account != 0)
		prefix[0] = is_payer ? SIDE_PAYER : SIDE_RECEIVER;
	record_key(account, prefix + AT_ACCOUNT);
	e = store_walk(txn, index, prefix, sizeof(prefix), add, &l);
	*count_r = l.count;
	return e;
}
