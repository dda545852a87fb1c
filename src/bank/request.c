#include "bank/request.h"

#include <string.h>

#include "base/mem.h"

enum {
	REQUEST_VERSION = 1,
	MARK_VERSION = 1,
	SIDE_ALL = 0,
	SIDE_PAYER = 1,
	SIDE_ASKER = 2,
};

void request_encode(const struct request *request, struct buf *out)
{
	record_begin(out, REQUEST_VERSION);
	record_put_u64(out, request->number);
	record_put_u64(out, request->payer);
	record_put_u64(out, request->asker);
	record_put_u64(out, request->by);
	record_put_i64(out, request->amount);
	record_put_i64(out, request->made_ms);
	record_put_i64(out, request->due_ms);
	record_put_u8(out, (uint8_t)request->state);
	record_put_u64(out, request->entry);
	record_put_text(out, request->memo);
}

bool request_decode(const void *bytes, size_t len, struct request *request_r)
{
	struct request request = { 0 };
	struct record_reader r;

	record_open(&r, bytes, len);
	request.number = record_get_u64(&r);
	request.payer = record_get_u64(&r);
	request.asker = record_get_u64(&r);
	request.by = record_get_u64(&r);
	request.amount = record_get_i64(&r);
	request.made_ms = record_get_i64(&r);
	request.due_ms = record_get_i64(&r);
	request.state = (enum request_state)record_get_u8(&r);
	request.entry = record_get_u64(&r);
	record_get_text(&r, request.memo, sizeof(request.memo));
	if (!record_close(&r) || r.version != REQUEST_VERSION ||
	    request.state < REQUEST_OPEN || request.state > REQUEST_EXPIRED ||
	    (request.state == REQUEST_PAID) != (request.entry != 0))
		return false;
	*request_r = request;
	return true;
}

static void make_mark(uint8_t side, account_id account,
		      const struct request *request,
		      uint8_t key_r[REQUEST_MARK])
{
	key_r[0] = side;
	record_key(account, key_r + 1);
	record_key((uint64_t)request->due_ms, key_r + 1 + RECORD_KEY);
	record_key(request->number, key_r + 1 + 2 * (size_t)RECORD_KEY);
}

void request_marks(const struct request *request,
		   uint8_t keys_r[REQUEST_MARKS][REQUEST_MARK])
{
	make_mark(SIDE_ALL, 0, request, keys_r[0]);
	make_mark(SIDE_PAYER, request->payer, request, keys_r[1]);
	make_mark(SIDE_ASKER, request->asker, request, keys_r[2]);
}

static enum err mark(struct store_txn *txn, const struct request_tables *tables,
		     const struct request *request,
		     const uint8_t key[REQUEST_MARK])
{
	static const uint8_t version = MARK_VERSION;
	enum err e;

	if (request->state == REQUEST_OPEN)
		return store_put(txn, tables->index, key, REQUEST_MARK,
				 &version, sizeof(version));
	e = store_delete(txn, tables->index, key, REQUEST_MARK);
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err request_put(struct store_txn *txn, const struct request_tables *tables,
		     const struct request *request)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t marks[REQUEST_MARKS][REQUEST_MARK];
	uint8_t key[RECORD_KEY];
	enum err e;

	request_encode(request, &value);
	request_marks(request, marks);
	record_key(request->number, key);
	e = store_put(txn, tables->requests, key, sizeof(key), buf_at(&value),
		      buf_len(&value));
	for (size_t i = 0; e == ERR_OK && i < REQUEST_MARKS; i++)
		e = mark(txn, tables, request, marks[i]);
	return e;
}

enum err request_get(struct store_txn *txn, const struct request_tables *tables,
		     uint64_t number, struct request *request_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(number, key);
	e = store_get(txn, tables->requests, key, sizeof(key), &value);
	if (e == ERR_NOT_FOUND)
		return ERR_NO_SUCH_REQUEST;
	if (e == ERR_OK &&
	    !request_decode(buf_at(&value), buf_len(&value), request_r))
		e = ERR_CORRUPT;
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

	if (record->key_len != REQUEST_MARK || l->count == l->most ||
	    (int64_t)record_key_number(key + 1 + RECORD_KEY) > l->then_ms)
		return false;
	l->numbers[l->count++] =
		record_key_number(key + 1 + 2 * (size_t)RECORD_KEY);
	return true;
}

enum err request_list(struct store_txn *txn,
		      const struct request_tables *tables, account_id account,
		      bool is_payer, int64_t then_ms, uint64_t *numbers_r,
		      size_t most, size_t *count_r)
{
	struct listing l = { then_ms, numbers_r, most, 0 };
	uint8_t prefix[1 + RECORD_KEY] = { SIDE_ALL };
	enum err e;

	if (account != 0)
		prefix[0] = is_payer ? SIDE_PAYER : SIDE_ASKER;
	record_key(account, prefix + 1);
	e = store_walk(txn, tables->index, prefix, sizeof(prefix), add, &l);
	*count_r = l.count;
	return e;
}
