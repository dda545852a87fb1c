#include "bank/trial.h"

#include <string.h>

#include "base/mem.h"

enum { ROWS_FIRST = 64 };

struct taking {
	struct store *store;
	account_id from;
	size_t most;
	size_t room; /* for rows */
	struct trial *trial;
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

static bool add_account(const struct store_record *record, void *arg)
{
	struct taking *taking = arg;
	struct trial *trial = taking->trial;
	struct account account;
	money *sum;

	if (!account_decode(record->value, record->value_len, &account)) {
		taking->is_bad = true;
		return false;
	}
	sum = &trial->posted[account.kind];
	if (!money_add(*sum, account.posted, sum) ||
	    !money_add(trial->held, account.held, &trial->held)) {
		taking->is_bad = true;
		return false;
	}
	if ((account.flags & ACCOUNT_CLOSED) != 0) {
		trial->closed++;
		return true;
	}
	trial->open++;
	if (account.id >= taking->from && trial->next == 0)
		add_row(taking, &account);
	return true;
}

static enum err take(struct store_txn *txn, void *arg)
{
	static const uint8_t first[] = { 0 };
	struct taking *taking = arg;
	enum err e;

	trial_fini(taking->trial);
	taking->room = 0;
	taking->is_bad = false;
	e = store_scan(txn, store_table(taking->store, "bank_accounts"), first,
		       sizeof(first), add_account, taking);
	return e == ERR_OK && taking->is_bad ? ERR_CORRUPT : e;
}

enum err trial_take(struct ledger *ledger, struct store *store, account_id from,
		    size_t most, struct trial *trial_r)
{
	struct taking taking = {
		.store = store, .from = from, .most = most, .trial = trial_r
	};

	memset(trial_r, 0, sizeof(*trial_r));
	return ledger_still(ledger, take, &taking);
}

void trial_fini(struct trial *trial)
{
	mem_free(trial->rows);
	memset(trial, 0, sizeof(*trial));
}
