#include "bank/hold.h"

enum { HOLD_VERSION = 1 };

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

struct due hold_due(const struct hold *hold)
{
	return (struct due){ .number = hold->seq,
			     .payer = hold->from,
			     .receiver = hold->to,
			     .due_ms = hold->due_ms };
}

enum err hold_put(struct store_txn *txn, const struct hold_tables *tables,
		  const struct hold *hold)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct due due = hold_due(hold);
	uint8_t key[RECORD_KEY];
	enum err e;

	hold_encode(hold, &value);
	record_key(hold->seq, key);
	e = store_put(txn, tables->holds, key, sizeof(key), buf_at(&value),
		      buf_len(&value));
	return e == ERR_OK ? due_mark(txn, tables->index, &due,
				      hold->closed_by == 0)
			   : e;
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

enum err hold_list(struct store_txn *txn, const struct hold_tables *tables,
		   account_id account, bool is_payer, int64_t then_ms,
		   uint64_t *seqs_r, size_t most, size_t *count_r)
{
	return due_list(txn, tables->index, account, is_payer, then_ms, seqs_r,
			most, count_r);
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
