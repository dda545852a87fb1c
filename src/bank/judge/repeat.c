#include "bank/judge/repeat.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/record.h"

/* Before version 2 there was no wording. */
enum { REPEAT_VERSION = 2, CODE = 32 };

void repeat_key(const struct uuid *id, user_id user, uint8_t key_r[REPEAT_KEY])
{
	/* The id first: ids of version 7 come in order, beside each other. */
	memcpy(key_r, id->bytes, UUID_BYTES);
	record_key(user, key_r + UUID_BYTES);
}

/* Numbers of codes change from one release to the next, codes do not. */
static bool read_code(const char *code, enum err *e_r)
{
	for (unsigned e = 0; e < ERR_COUNT; e++) {
		if (strcmp(err_code((enum err)e), code) != 0)
			continue;
		*e_r = (enum err)e;
		return true;
	}
	return false;
}

void repeat_encode(const struct repeat *repeat, struct buf *out)
{
	record_begin(out, REPEAT_VERSION);
	buf_add(out, repeat->question, sizeof(repeat->question));
	buf_add(out, repeat->wording, sizeof(repeat->wording));
	record_put_text(out, err_code(repeat->result));
	record_put_u64(out, repeat->seq);
	record_put_u64(out, repeat->number);
	record_put_i64(out, repeat->time_ms);
	record_put_text(out, repeat->words);
}

static void get_bytes(struct record_reader *r, uint8_t *bytes_r, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes_r[i] = record_get_u8(r);
}

bool repeat_decode(const void *bytes, size_t len, struct repeat *repeat_r)
{
	struct repeat repeat = { 0 };
	struct record_reader r;
	char code[CODE];

	record_open(&r, bytes, len);
	get_bytes(&r, repeat.question, sizeof(repeat.question));
	if (r.version > 1)
		get_bytes(&r, repeat.wording, sizeof(repeat.wording));
	record_get_text(&r, code, sizeof(code));
	repeat.seq = record_get_u64(&r);
	repeat.number = record_get_u64(&r);
	repeat.time_ms = record_get_i64(&r);
	record_get_text(&r, repeat.words, sizeof(repeat.words));
	if (!record_close(&r) || r.version == 0 || r.version > REPEAT_VERSION ||
	    !read_code(code, &repeat.result))
		return false;
	*repeat_r = repeat;
	return true;
}

static enum err read_entry(struct batch *batch, uint64_t seq,
			   struct entry *entry_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(seq, key);
	e = store_get(batch->txn, batch->tables->entries, key, sizeof(key),
		      &value);
	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
	     !entry_decode(buf_at(&value), buf_len(&value), entry_r)))
		return ERR_CORRUPT;
	return e;
}

static enum err answer(struct batch *batch, struct order *order,
		       const struct repeat *repeat)
{
	enum err e = ERR_OK;

	if (memcmp(order->question, repeat->question,
		   sizeof(repeat->question)) != 0)
		return order_refuse(order, ERR_ID_CONFLICT,
				    "You have used this id for something "
				    "else.");
	if (repeat->seq != 0)
		e = read_entry(batch, repeat->seq, &order->entry);
	if (e != ERR_OK)
		return e;
	order->number = repeat->number;
	order->is_repeated = true;
	(void)snprintf(order->words, sizeof(order->words), "%s", repeat->words);
	order->result = repeat->result;
	return repeat->result;
}

/* What it was answered, as *repeat_r; ERR_CORRUPT when it cannot be read. */
static enum err read_repeat(struct batch *batch, const struct order *order,
			    struct repeat *repeat_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[REPEAT_KEY];
	enum err e;

	repeat_key(&order->id, order->by.user, key);
	e = store_get(batch->txn, batch->tables->ids, key, sizeof(key), &value);
	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
	     !repeat_decode(buf_at(&value), buf_len(&value), repeat_r)))
		return ERR_CORRUPT;
	return e;
}

typedef enum err write_fn(struct store_txn *txn, struct store_table *table,
			  const void *key, size_t key_len, const void *value,
			  size_t value_len);

static enum err write_repeat(struct batch *batch, const struct order *order,
			     uint64_t seq, write_fn *write)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct repeat repeat = { .result = order->result,
				 .seq = seq,
				 .number = order->number,
				 .time_ms = batch->now_ms };
	uint8_t key[REPEAT_KEY];

	memcpy(repeat.question, order->question, sizeof(repeat.question));
	memcpy(repeat.wording, order->wording, sizeof(repeat.wording));
	(void)snprintf(repeat.words, sizeof(repeat.words), "%s", order->words);
	repeat_encode(&repeat, &value);
	repeat_key(&order->id, order->by.user, key);
	return write(batch->txn, batch->tables->ids, key, sizeof(key),
		     buf_at(&value), buf_len(&value));
}

enum err repeat_claim(struct batch *batch, struct order *order,
		      bool *is_known_r)
{
	struct repeat repeat;
	enum err e;

	batch->claimed = batch->head.seq + 1;
	e = write_repeat(batch, order, batch->claimed, store_add);
	*is_known_r = e == ERR_EXISTS;
	if (!*is_known_r)
		return e;
	e = read_repeat(batch, order, &repeat);
	return e == ERR_OK ? answer(batch, order, &repeat) : e;
}

enum err repeat_keep(struct batch *batch, const struct order *order)
{
	if (order->result == ERR_OK && order->words[0] == '\0' &&
	    order->number == 0 && order->entry.seq == batch->claimed)
		return ERR_OK;
	return write_repeat(batch, order, order->entry.seq, store_put);
}

enum err repeat_drop(struct batch *batch, const struct order *order)
{
	uint8_t key[REPEAT_KEY];

	repeat_key(&order->id, order->by.user, key);
	return store_delete(batch->txn, batch->tables->ids, key, sizeof(key));
}
