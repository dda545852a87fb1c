/*
 * The moment is where the journal ends when it begins. Accounts are read in
 * pieces while orders go on; of one that was touched since, what it had then
 * stands in the entries of its chain, back to the first that is not newer.
 */
#include "bank/trial.h"

#include <string.h>

#include "bank/book.h"
#include "base/mem.h"
#include "store/record.h"

enum { ROWS_FIRST = 64, PIECE = 1024 };

struct taking {
	struct store *store;
	account_id from;
	size_t most;
	size_t room;  /* for rows */
	uint64_t end; /* the moment: the entry by which it ends */
	struct trial *trial;

	/* The piece at hand. */
	struct account *accounts; /* PIECE of them */
	size_t count;
	account_id next;
	bool is_bad;
};

static void add_row(struct taking *taking, const struct account *account)
{
	struct trial *trial = taking->trial;
	struct trial_row *row;

	if (trial->count == taking->most) {
		trial->next = account->id;
		return;
	}
	if (trial->count == taking->room) {
		taking->room =
			taking->room == 0 ? ROWS_FIRST : 2 * taking->room;
		trial->rows = mem_resize(trial->rows,
					 taking->room * sizeof(*trial->rows));
	}
	row = &trial->rows[trial->count++];
	*row = (struct trial_row){ .id = account->id,
				   .kind = account->kind,
				   .owner = account->owner,
				   .flags = account->flags,
				   .posted = account->posted,
				   .held = account->held };
	memcpy(row->name, account->name, sizeof(row->name));
}

static enum err add_account(struct taking *taking,
			    const struct account *account)
{
	struct trial *trial = taking->trial;
	money *sum = &trial->posted[account->kind];

	if (!money_add(*sum, account->posted, sum) ||
	    !money_add(trial->held, account->held, &trial->held))
		return ERR_CORRUPT;
	if ((account->flags & ACCOUNT_CLOSED) != 0) {
		trial->closed++;
		return ERR_OK;
	}
	trial->open++;
	if (account->id >= taking->from && trial->next == 0)
		add_row(taking, account);
	return ERR_OK;
}

/* An account as it was, of which newer entries are left out. */
struct rewinding {
	struct account *account;
	uint64_t end;
	bool is_there; /* such an entry was found */
};

static bool rewind_one(const struct entry *entry, void *arg)
{
	struct rewinding *r = arg;
	const struct posting *posting;

	if (entry->seq > r->end)
		return true;
	posting = entry_posting(entry, r->account->id);
	r->is_there = posting != NULL;
	if (r->is_there) {
		r->account->posted = posting->posted;
		r->account->held = posting->held;
	}
	return false;
}

static enum err go_back(const struct taking *taking, struct account *account)
{
	struct rewinding r = { account, taking->end, false };
	enum err e;

	if (account->last <= taking->end)
		return ERR_OK;
	e = book_statement(taking->store, account, 0, rewind_one, &r);
	return e == ERR_OK && !r.is_there ? ERR_CORRUPT : e;
}

static bool take_one(const struct store_record *record, void *arg)
{
	struct taking *taking = arg;
	struct account *account = &taking->accounts[taking->count];

	if (taking->count == PIECE)
		return false;
	taking->is_bad =
		!account_decode(record->value, record->value_len, account);
	if (taking->is_bad)
		return false;
	taking->next = account->id + 1;
	taking->count++;
	return true;
}

static enum err read_piece(struct store_txn *txn, void *arg)
{
	struct taking *taking = arg;
	uint8_t key[RECORD_KEY];
	enum err e;

	taking->count = 0;
	taking->is_bad = false;
	record_key(taking->next, key);
	e = store_scan(txn, store_table(taking->store, "bank_accounts"), key,
		       sizeof(key), take_one, taking);
	return e == ERR_OK && taking->is_bad ? ERR_CORRUPT : e;
}

static enum err take_piece(struct taking *taking)
{
	enum err e = store_view(taking->store, read_piece, taking);

	for (size_t i = 0; e == ERR_OK && i < taking->count; i++) {
		struct account *account = &taking->accounts[i];

		if (account->id > taking->end) /* opened since */
			continue;
		e = go_back(taking, account);
		if (e == ERR_OK)
			e = add_account(taking, account);
	}
	return e;
}

enum err trial_take(struct store *store, account_id from, size_t most,
		    struct trial *trial_r)
{
	struct taking taking = { .store = store,
				 .from = from,
				 .most = most,
				 .next = 1,
				 .trial = trial_r };
	struct book_head head;
	enum err e = book_head(store, &head);

	memset(trial_r, 0, sizeof(*trial_r));
	taking.end = head.seq;
	taking.accounts = mem_array(PIECE, sizeof(*taking.accounts));
	do {
		if (e == ERR_OK)
			e = take_piece(&taking);
	} while (e == ERR_OK && taking.count == PIECE);
	mem_free(taking.accounts);
	return e;
}

void trial_fini(struct trial *trial)
{
	mem_free(trial->rows);
	memset(trial, 0, sizeof(*trial));
}
