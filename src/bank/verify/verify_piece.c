#include "bank/verify/verify_piece.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

struct reading {
	struct piece *piece;
	struct store_table *table;
};

void piece_fini(struct piece *piece)
{
	buf_fini(&piece->bytes);
}

struct store_record piece_row(const struct piece *piece, size_t n)
{
	const struct piece_row *row = &piece->rows[n];
	const char *at = buf_at(&piece->bytes) + row->key;

	return (struct store_record){ at, row->key_len, at + row->key_len,
				      row->value_len };
}

static bool is_after(const struct piece *piece,
		     const struct store_record *record)
{
	return record->key_len == piece->after_len &&
	       memcmp(record->key, piece->after, piece->after_len) == 0;
}

static bool add(const struct store_record *record, void *arg)
{
	struct piece *piece = arg;
	struct piece_row *row = &piece->rows[piece->count];

	if (is_after(piece, record))
		return true;
	if (piece->count == piece->most ||
	    buf_len(&piece->bytes) >= PIECE_BYTES) {
		piece->is_last = false;
		return false;
	}
	row->key = buf_len(&piece->bytes);
	row->key_len = record->key_len;
	row->value_len = record->value_len;
	buf_add(&piece->bytes, record->key, record->key_len);
	buf_add(&piece->bytes, record->value, record->value_len);
	piece->count++;
	return true;
}

static enum err read_rows(struct store_txn *txn, void *arg)
{
	const struct reading *r = arg;
	struct piece *piece = r->piece;

	buf_reset(&piece->bytes);
	piece->count = 0;
	piece->is_last = true;
	return store_scan(txn, r->table, piece->after, piece->after_len, add,
			  piece);
}

enum err piece_read(struct piece *piece, struct store *store,
		    struct store_table *table, size_t most)
{
	struct reading r = { piece, table };

	if (piece->count > 0) {
		struct store_record last = piece_row(piece, piece->count - 1);

		assert(last.key != NULL);
		piece->after_len = last.key_len;
		memcpy(piece->after, last.key, last.key_len);
	}
	piece->most = most < PIECE_ROWS ? most : PIECE_ROWS;
	return store_view(store, read_rows, &r);
}
