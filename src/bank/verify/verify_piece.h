/*
 * A piece of a table, copied, so that other tables can be read while it is
 * looked through. One owner.
 */
#ifndef RIALTO_BANK_VERIFY_PIECE_H
#define RIALTO_BANK_VERIFY_PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

enum {
	PIECE_BYTES = 4 << 20, /* or one record more */
	PIECE_ROWS = 16384,
};

struct piece {
	struct buf bytes;
	struct piece_row {
		size_t key; /* where it begins */
		size_t key_len;
		size_t value_len; /* right behind the key */
	} rows[PIECE_ROWS];
	size_t count;
	bool is_last;

	size_t most; /* rows */
	size_t after_len;
	uint8_t after[STORE_KEY_MOST]; /* the key before the first */
};

/* Frees what it holds. */
void piece_fini(struct piece *piece);

/*
 * Reads up to `most` records (at most PIECE_ROWS) behind the last one of the
 * piece; an empty one, all zero, begins with the table. Errors as store_view().
 */
NODISCARD enum err piece_read(struct piece *piece, struct store *store,
			      struct store_table *table, size_t most);

/* Borrowed until the next reading. */
struct store_record piece_row(const struct piece *piece, size_t n);

#endif
