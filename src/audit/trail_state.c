#include "audit/trail_state.h"

#include <string.h>

#include "store/record.h"

enum { HEAD_VERSION = 1, CURSOR_VERSION = 1 };

static enum err get(struct store_txn *txn, struct store_table *table,
		    const char *key, struct buf *value)
{
	return store_get(txn, table, key, strlen(key), value);
}

static enum err put(struct store_txn *txn, struct store_table *table,
		    const char *key, const struct buf *value)
{
	return store_put(txn, table, key, strlen(key), buf_at(value),
			 buf_len(value));
}

/* A digest is the last bytes of a state; takes them off. */
static bool take_digest(struct buf *value, uint8_t digest_r[DIGEST_BYTES])
{
	size_t len = buf_len(value);

	if (len <= DIGEST_BYTES)
		return false;
	memcpy(digest_r, buf_at(value) + len - DIGEST_BYTES, DIGEST_BYTES);
	buf_cut(value, len - DIGEST_BYTES);
	return true;
}

static enum err get_end(struct store_txn *txn, struct store_table *table,
			const char *key, struct trail_head *end_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct record_reader r;
	enum err e = get(txn, table, key, &value);

	memset(end_r, 0, sizeof(*end_r));
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	if (!take_digest(&value, end_r->hash))
		return ERR_CORRUPT;
	record_open(&r, buf_at(&value), buf_len(&value));
	end_r->sequence = record_get_u64(&r);
	return record_close(&r) && r.version == HEAD_VERSION ? ERR_OK
							     : ERR_CORRUPT;
}

static enum err put_end(struct store_txn *txn, struct store_table *table,
			const char *key, const struct trail_head *end)
{
	AUTO(buf_fini) struct buf value = { 0 };

	record_begin(&value, HEAD_VERSION);
	record_put_u64(&value, end->sequence);
	buf_add(&value, end->hash, sizeof(end->hash));
	return put(txn, table, key, &value);
}

enum err trail_get_head(struct store_txn *txn,
			const struct trail_tables *tables,
			struct trail_head *head_r)
{
	return get_end(txn, tables->ends, "head", head_r);
}

enum err trail_put_head(struct store_txn *txn,
			const struct trail_tables *tables,
			const struct trail_head *head)
{
	return put_end(txn, tables->ends, "head", head);
}

enum err trail_get_begin(struct store_txn *txn,
			 const struct trail_tables *tables,
			 struct trail_head *begin_r)
{
	return get_end(txn, tables->exports, "begin", begin_r);
}

enum err trail_put_begin(struct store_txn *txn,
			 const struct trail_tables *tables,
			 const struct trail_head *begin)
{
	return put_end(txn, tables->exports, "begin", begin);
}

enum err trail_get_cursor(struct store_txn *txn,
			  const struct trail_tables *tables,
			  struct trail_cursor *cursor_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct archive_place *place = &cursor_r->place;
	struct record_reader r;
	enum err e = get(txn, tables->exports, "cursor", &value);

	memset(cursor_r, 0, sizeof(*cursor_r));
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	if (!take_digest(&value, place->end) ||
	    !take_digest(&value, cursor_r->last.hash))
		return ERR_CORRUPT;
	record_open(&r, buf_at(&value), buf_len(&value));
	cursor_r->last.sequence = record_get_u64(&r);
	place->file = record_get_u64(&r);
	place->offset = record_get_u64(&r);
	place->frames = record_get_u64(&r);
	return record_close(&r) && r.version == CURSOR_VERSION ? ERR_OK
							       : ERR_CORRUPT;
}

enum err trail_put_cursor(struct store_txn *txn,
			  const struct trail_tables *tables,
			  const struct trail_cursor *cursor)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct archive_place *place = &cursor->place;

	record_begin(&value, CURSOR_VERSION);
	record_put_u64(&value, cursor->last.sequence);
	record_put_u64(&value, place->file);
	record_put_u64(&value, place->offset);
	record_put_u64(&value, place->frames);
	buf_add(&value, cursor->last.hash, DIGEST_BYTES);
	buf_add(&value, place->end, DIGEST_BYTES);
	return put(txn, tables->exports, "cursor", &value);
}
