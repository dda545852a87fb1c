#include "bank/hold.h"

#include <string.h>

#include "base/mem.h"

enum {
	HOLD_VERSION = 1,
	MARK_VERSION = 1,
	SIDE_ALL = 0,
	SIDE_PAYER = 1,
	SIDE_RECEIVER = 2,
};

void hold_encode(const struct hold *hold, struct buf *out)
{
	record_begin(out, HOLD_VERSION);
	record_put_u64(out, hold->seq);
	record_put_u64(out, hold->from);
	record_put_u64(out, hold->to);
	record_put_i64(out, hold->amount);
	record_put_i64(out, hold->due_ms);
	record_put_u8(out, (uint8_t)hold->state);
	record_put_u64(out, hold->closed_by);
	record_put_i64(out, hold->captured);
}

bool hold_decode(const void *bytes, size_t len, struct hold *hold_r)
{
	struct hold hold = { 0 };
	struct record_reader r;

	record_open(&r, bytes, len);
	hold.seq = record_get_u64(&r);
	hold.from = record_get_u64(&r);
	hold.to = record_get_u64(&r);
	hold.amount = record_get_i64(&r);
	hold.due_ms = record_get_i64(&r);
	hold.state = (enum entry_kind)record_get_u8(&r);
	hold.closed_by = record_get_u64(&r);
	hold.captured = record_get_i64(&r);
	if (!record_close(&r) || r.version != HOLD_VERSION ||
	    hold.state < ENTRY_HOLD || hold.state > ENTRY_EXPIRE ||
	    (hold.state == ENTRY_HOLD) != (hold.closed_by == 0))
		return false;
	*hold_r = hold;
	return true;
}

static void make_mark(uint8_t side, account_id account, const struct hold *hold,
		      uint8_t key_r[HOLD_MARK])
{
	key_r[0] = side;
	record_key(account, key_r + 1);
	record_key((uint64_t)hold->due_ms, key_r + 1 + RECORD_KEY);
	record_key(hold->seq, key_r + 1 + 2 * (size_t)RECORD_KEY);
}

void hold_marks(const struct hold *hold, uint8_t keys_r[HOLD_MARKS][HOLD_MARK])
{
	make_mark(SIDE_ALL, 0, hold, keys_r[0]);
	make_mark(SIDE_PAYER, hold->from, hold, keys_r[1]);
	make_mark(SIDE_RECEIVER, hold->to, hold, keys_r[2]);
}

static enum err mark(struct store_txn *txn, const struct hold_tables *tables,
		     const struct hold *hold, const uint8_t key[HOLD_MARK])
{
	static const uint8_t version = MARK_VERSION;
	enum err e;

	if (hold->closed_by == 0)
		return store_put(txn, tables->index, key, HOLD_MARK, &version,
				 sizeof(version));
	e = store_delete(txn, tables->index, key, HOLD_MARK);
	return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err hold_put(struct store_txn *txn, const struct hold_tables *tables,
		  const struct hold *hold)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t marks[HOLD_MARKS][HOLD_MARK];
	uint8_t key[RECORD_KEY];
	enum err e;

	hold_encode(hold, &value);
	hold_marks(hold, marks);
	record_key(hold->seq, key);
	e = store_put(txn, tables->holds, key, sizeof(key), buf_at(&value),
		      buf_len(&value));
	for (size_t i = 0; e == ERR_OK && i < HOLD_MARKS; i++)
		e = mark(txn, tables, hold, marks[i]);
	return e;
}

enum err hold_get(struct store_txn *txn, const struct hold_tables *tables,
		  uint64_t seq, struct hold *hold_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(seq, key);
	e = store_get(txn, tables->holds, key, sizeof(key), &value);
	if (e == ERR_NOT_FOUND)
		return ERR_NO_SUCH_HOLD;
	if (e == ERR_OK &&
	    !hold_decode(buf_at(&value), buf_len(&value), hold_r))
		e = ERR_CORRUPT;
	return e;
}

struct listing {
	int64_t then_ms;
	uint64_t *seqs;
	size_t most;
	size_t count;
};

static bool add(const struct store_record *record, void *arg)
{
	struct listing *l = arg;
	const uint8_t *key = record->key;

	if (record->key_len != HOLD_MARK || l->count == l->most ||
	    (int64_t)record_key_number(key + 1 + RECORD_KEY) > l->then_ms)
		return false;
	l->seqs[l->count++] =
		record_key_number(key + 1 + 2 * (size_t)RECORD_KEY);
	return true;
}

enum err hold_list(struct store_txn *txn, const struct hold_tables *tables,
		   account_id account, bool is_payer, int64_t then_ms,
		   uint64_t *seqs_r, size_t most, size_t *count_r)
{
	struct listing l = { then_ms, seqs_r, most, 0 };
	uint8_t prefix[1 + RECORD_KEY] = { SIDE_ALL };
	enum err e;

	if (account != 0)
		prefix[0] = is_payer ? SIDE_PAYER : SIDE_RECEIVER;
	record_key(account, prefix + 1);
	e = store_walk(txn, tables->index, prefix, sizeof(prefix), add, &l);
	*count_r = l.count;
	return e;
}

bool hold_apply(struct hold *hold, const struct entry *entry)
{
	if (entry->kind == ENTRY_HOLD) {
		*hold = (struct hold){ .seq = entry->seq,
				       .from = entry->subject,
				       .to = entry->other,
				       .amount = entry->amount,
				       .due_ms = entry->due_ms,
				       .state = ENTRY_HOLD };
		return true;
	}
	if (hold->closed_by != 0 || hold->seq != entry->reference ||
	    hold->amount != entry->amount || hold->from != entry->subject)
		return false;
	hold->state = entry->kind;
	hold->closed_by = entry->seq;
	hold->captured = entry_net(entry, hold->to);
	return true;
}
