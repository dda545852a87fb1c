#include "bank/request.h"

enum { REQUEST_VERSION = 1 };

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

struct due request_due(const struct request *request)
{
	return (struct due){ .number = request->number,
			     .payer = request->payer,
			     .receiver = request->asker,
			     .due_ms = request->due_ms };
}

enum err request_put(struct store_txn *txn, const struct request_tables *tables,
		     const struct request *request)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct due due = request_due(request);
	uint8_t key[RECORD_KEY];
	enum err e;

	request_encode(request, &value);
	record_key(request->number, key);
	e = store_put(txn, tables->requests, key, sizeof(key), buf_at(&value),
		      buf_len(&value));
	return e == ERR_OK ? due_mark(txn, tables->index, &due,
				      request->state == REQUEST_OPEN)
			   : e;
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

enum err request_list(struct store_txn *txn,
		      const struct request_tables *tables, account_id account,
		      bool is_payer, int64_t then_ms, uint64_t *numbers_r,
		      size_t most, size_t *count_r)
{
	return due_list(txn, tables->index, account, is_payer, then_ms,
			numbers_r, most, count_r);
}
