/* Statements: the chain of an account's entries, and how its months ended. */
#include "bank/book.h"

#include "store/record.h"

/* The account's entry before this one. */
static enum err step_back(struct store *store, const struct account *account,
			  uint64_t *seq, struct entry *entry_r)
{
	const struct posting *posting;
	enum err e = book_entry(store, *seq, entry_r);

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
	posting = entry_posting(entry_r, account->id);
	if (posting == NULL)
		return ERR_CORRUPT;
	*seq = posting->previous;
	return ERR_OK;
}

/* Where the chain goes on before that entry, which is perhaps not in it. */
static enum err find_before(struct store *store, const struct account *account,
			    uint64_t before, uint64_t *seq_r)
{
	const struct posting *posting;
	struct entry entry;
	enum err e;

	*seq_r = account->last;
	if (before == 0 || before > account->last)
		return ERR_OK;
	e = book_entry(store, before, &entry);
	posting = e == ERR_OK ? entry_posting(&entry, account->id) : NULL;
	if (posting != NULL) {
		*seq_r = posting->previous;
		return ERR_OK;
	}
	while (e == ERR_OK && *seq_r >= before)
		e = step_back(store, account, seq_r, &entry);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err book_back(struct store *store, const struct account *account,
		   uint64_t seq, book_visit_fn *visit, void *arg)
{
	struct entry entry;
	enum err e = ERR_OK;

	while (e == ERR_OK && seq != 0) {
		e = step_back(store, account, &seq, &entry);
		if (e == ERR_OK && !visit(&entry, arg))
			break;
	}
	return e;
}

enum err book_statement(struct store *store, const struct account *account,
			uint64_t before, book_visit_fn *visit, void *arg)
{
	uint64_t seq;
	enum err e = find_before(store, account, before, &seq);

	return e == ERR_OK ? book_back(store, account, seq, visit, arg) : e;
}

struct month_reading {
	struct store *store;
	account_id id;
	uint32_t month;
	struct account_month *month_r;
};

static enum err read_month(struct store_txn *txn, void *arg)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct month_reading *r = arg;
	uint8_t key[RECORD_KEY_PAIR];
	enum err e;

	record_key_pair(r->id, r->month, key);
	e = store_get(txn, store_table(r->store, "bank_months"), key,
		      sizeof(key), &value);
	if (e == ERR_OK &&
	    !account_month_decode(buf_at(&value), buf_len(&value), r->month_r))
		e = ERR_CORRUPT;
	return e;
}

enum err book_month(struct store *store, const struct account *account,
		    uint32_t month, struct account_month *month_r)
{
	struct account_month earlier;
	struct month_reading r = { store, account->id, month, &earlier };
	enum err e = store_view(store, read_month, &r);

	if (account_month(account) != month) {
		if (e == ERR_OK)
			*month_r = earlier;
		return e;
	}
	*month_r = (struct account_month){ month,
					   account->month_in,
					   account->month_out,
					   account->month_entries,
					   account->posted,
					   account->last };
	if (e == ERR_OK)
		account_month_join(month_r, &earlier);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}
