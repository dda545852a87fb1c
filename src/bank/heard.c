/* The key is the user; the value the numbers of entries. */
#include "bank/heard.h"

#include <string.h>

#include "store/record.h"

enum { HEARD_VERSION = 1 };

bool heard_has(const struct heard *heard, uint64_t seq)
{
	if (seq <= heard->upto)
		return true;
	for (unsigned i = 0; i < heard->count; i++)
		if (heard->single[i] == seq)
			return true;
	return false;
}

void heard_advance(struct heard *heard, uint64_t upto)
{
	unsigned gone = 0;

	if (upto <= heard->upto)
		return;
	heard->upto = upto;
	while (gone < heard->count && heard->single[gone] <= upto)
		gone++;
	heard->count -= gone;
	memmove(heard->single, heard->single + gone,
		heard->count * sizeof(*heard->single));
}

void heard_add(struct heard *heard, uint64_t seq)
{
	unsigned at;

	if (heard_has(heard, seq))
		return;
	if (heard->count == HEARD_SINGLE)
		heard_advance(heard, heard->single[0]);
	if (seq <= heard->upto)
		return;
	for (at = heard->count; at > 0 && heard->single[at - 1] > seq; at--)
		heard->single[at] = heard->single[at - 1];
	heard->single[at] = seq;
	heard->count++;
}

static void encode(const struct heard *heard, struct buf *out)
{
	record_begin(out, HEARD_VERSION);
	record_put_u64(out, heard->upto);
	record_put_u8(out, (uint8_t)heard->count);
	for (unsigned i = 0; i < heard->count; i++)
		record_put_u64(out, heard->single[i]);
}

static bool decode(const void *bytes, size_t len, struct heard *heard_r)
{
	struct heard heard = { 0 };
	struct record_reader r;

	record_open(&r, bytes, len);
	heard.upto = record_get_u64(&r);
	heard.count = record_get_u8(&r);
	if (heard.count > HEARD_SINGLE)
		return false;
	for (unsigned i = 0; i < heard.count; i++) {
		heard.single[i] = record_get_u64(&r);
		if (heard.single[i] <=
		    (i == 0 ? heard.upto : heard.single[i - 1]))
			return false;
	}
	if (!record_close(&r) || r.version != HEARD_VERSION)
		return false;
	*heard_r = heard;
	return true;
}

struct look {
	struct store *store;
	user_id user;
	struct heard *heard_r;
	struct buf *report;
};

static enum err read_one(struct store_txn *txn, void *arg)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct look *look = arg;
	uint8_t key[RECORD_KEY];
	enum err e;

	*look->heard_r = (struct heard){ 0 };
	record_key(look->user, key);
	e = store_get(txn, store_table(look->store, "bank_heard"), key,
		      sizeof(key), &value);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	return decode(buf_at(&value), buf_len(&value), look->heard_r)
		       ? ERR_OK
		       : ERR_CORRUPT;
}

enum err heard_get(struct store *store, user_id user, struct heard *heard_r)
{
	struct look look = { store, user, heard_r, NULL };

	return store_view(store, read_one, &look);
}

enum err heard_put(struct store_txn *txn, struct store *store, user_id user,
		   const struct heard *heard)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(user, key);
	encode(heard, &value);
	return store_put(txn, store_table(store, "bank_heard"), key,
			 sizeof(key), buf_at(&value), buf_len(&value));
}

static enum err drop_one(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(look->user, key);
	e = store_delete(txn, store_table(look->store, "bank_heard"), key,
			 sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err heard_drop(struct store *store, user_id user)
{
	struct look look = { store, user, NULL, NULL };

	return store_run(store, drop_one, &look);
}

static bool check_one(const struct store_record *record, void *arg)
{
	struct heard heard;

	if (record->key_len != RECORD_KEY ||
	    !decode(record->value, record->value_len, &heard))
		buf_add_text(arg, "bank_heard: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;

	buf_reset(look->report);
	return store_walk(txn, store_table(look->store, "bank_heard"), "", 0,
			  check_one, look->report);
}

enum err heard_verify(struct store *store, struct buf *report)
{
	AUTO(buf_fini) struct buf found = { 0 };
	struct look look = { store, 0, NULL, &found };
	enum err e = store_view(store, check_all, &look);

	buf_add(report, buf_at(&found), buf_len(&found));
	return e == ERR_OK && buf_len(&found) > 0 ? ERR_CORRUPT : e;
}
