/* How findings are told, and how the store is read for them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "store/record.h"

/* Rows of a piece during which orders wait; and when they are twice as many. */
enum { STILL_ROWS = 256, STILL_GROWTH = 256 };

void verify_tell(struct verify *v, const char *format, ...)
{
	va_list args;

	if (v->findings++ >= VERIFY_FINDINGS)
		return;
	va_start(args, format);
	buf_add_text(v->report, "bank: ");
	buf_vprint(v->report, format, args);
	buf_add_char(v->report, '\n');
	va_end(args);
}

enum err verify_goes_on(const struct verify *v)
{
	const struct bank_scope *scope = v->scope;

	/* With the ledger's lock held nobody is asked: it is short. */
	return v->is_still || scope->goes_on == NULL ||
			       scope->goes_on(scope->arg)
		       ? ERR_OK
		       : ERR_SHUTTING_DOWN;
}

/* What is read to somebody may have been written by somebody else. */
void verify_clean(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == '\x7f')
			*text = '?';
}

void verify_name(const struct verify *v, const struct account *account,
		 char text_r[VERIFY_NAME])
{
	char name[BOOK_NAME];

	if (account->kind == 0) {
		(void)snprintf(text_r, VERIFY_NAME, "account #%" PRIu64,
			       account->id);
		return;
	}
	book_print_name(v->scope->users, account, name);
	verify_clean(name);
	(void)snprintf(text_r, VERIFY_NAME, "account #%" PRIu64 " (%s)",
		       account->id, name);
}

struct question {
	struct store_table *table;
	const void *key;
	size_t key_len;
	struct buf *value;
};

static enum err get(struct store_txn *txn, void *arg)
{
	const struct question *q = arg;

	return store_get(txn, q->table, q->key, q->key_len, q->value);
}

enum err verify_get(const struct verify *v, struct store_table *table,
		    const void *key, size_t key_len, struct buf *value)
{
	struct question q = { table, key, key_len, value };

	return store_view(v->scope->store, get, &q);
}

enum err verify_get_at(const struct verify *v, struct store_table *table,
		       uint64_t number, struct buf *value)
{
	uint8_t key[RECORD_KEY];

	record_key(number, key);
	return verify_get(v, table, key, sizeof(key), value);
}

enum err verify_entry(const struct verify *v, uint64_t seq,
		      struct entry *entry_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e = verify_get_at(v, v->tables.entries, seq, &value);

	if (e == ERR_OK &&
	    (!entry_decode(buf_at(&value), buf_len(&value), entry_r) ||
	     entry_r->seq != seq))
		e = ERR_NOT_FOUND;
	return e;
}

/* A table on its way through verify_still() or verify_scan(). */
struct look {
	struct verify *v;
	struct store_table *table;
	verify_row_fn *row;
	enum err (*end)(struct verify *v);
	struct piece *piece;
	size_t most;
};

static enum err look_at_piece(struct look *look)
{
	enum err e = verify_goes_on(look->v);

	if (e == ERR_OK)
		e = piece_read(look->piece, look->v->scope->store, look->table,
			       look->most);

	for (size_t i = 0; e == ERR_OK && i < look->piece->count; i++) {
		struct store_record record = piece_row(look->piece, i);

		e = look->row(look->v, &record);
	}
	return e;
}

enum err verify_scan(struct verify *v, struct store_table *table,
		     verify_row_fn *row)
{
	struct look look = { .v = v,
			     .table = table,
			     .row = row,
			     .piece = mem_zero(sizeof(*look.piece)),
			     .most = PIECE_ROWS };
	enum err e;

	do
		e = look_at_piece(&look);
	while (e == ERR_OK && !look.piece->is_last);
	piece_fini(look.piece);
	mem_free(look.piece);
	return e;
}

/* All that is called reads in views of its own: so this runs but once. */
static enum err look_still(struct store_txn *txn UNUSED, void *arg)
{
	struct look *look = arg;
	enum err e;

	look->v->is_still = true;
	e = verify_journal(look->v, UINT64_MAX);
	if (e == ERR_OK)
		e = look_at_piece(look);
	if (e == ERR_OK && look->piece->is_last && look->end != NULL)
		e = look->end(look->v);
	look->v->is_still = false;
	return e;
}

enum err verify_still(struct verify *v, struct store_table *table,
		      verify_row_fn *row, enum err (*end)(struct verify *v))
{
	struct ledger *ledger = v->scope->ledger;
	struct look look = { v,
			     table,
			     row,
			     end,
			     mem_zero(sizeof(*look.piece)),
			     ledger != NULL ? STILL_ROWS : PIECE_ROWS };
	enum err e;

	do {
		e = verify_journal_now(v); /* so that little is left */
		if (e == ERR_OK)
			e = ledger != NULL
				    ? ledger_still(ledger, look_still, &look)
				    : look_still(NULL, &look);
		/* However much comes in between, it ends. */
		look.most += look.most / STILL_GROWTH;
	} while (e == ERR_OK && !look.piece->is_last);
	piece_fini(look.piece);
	mem_free(look.piece);
	return e;
}
