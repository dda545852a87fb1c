/* Stored accounts and their names, against those made from the entries. */
#include <inttypes.h>
#include <string.h>

#include "bank/account_name.h"
#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "store/record.h"

static bool is_ours(const struct verify *v, account_id id)
{
	return id >= v->low && (!v->is_full || id <= v->high);
}

/* What of it differs, the weightiest first. */
static void find_difference(struct verify *v, const struct account *made,
			    const struct account *stored)
{
	const struct currency *c = &v->rules.currency;
	bool is_held = stored->posted == made->posted;
	char name[VERIFY_NAME];
	char has[MONEY_TEXT];
	char should[MONEY_TEXT];

	verify_name(v, made, name);
	money_print_symbol(is_held ? stored->held : stored->posted, c, has);
	money_print_symbol(is_held ? made->held : made->posted, c, should);
	if (stored->posted != made->posted || stored->held != made->held)
		verify_tell(v, "%s has %s%s, but its entries come to %s", name,
			    has, is_held ? " held" : "", should);
	else if (stored->last != made->last)
		verify_tell(v,
			    "%s was last touched by #%" PRIu64
			    ", by its entries #%" PRIu64,
			    name, stored->last, made->last);
	else
		verify_tell(v, "%s is not what its entries make of it", name);
}

static void compare(struct verify *v, const struct account *made,
		    const struct store_record *record)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct account stored;
	char name[VERIFY_NAME];

	account_encode(made, &bytes);
	if (record->value_len == buf_len(&bytes) &&
	    memcmp(record->value, buf_at(&bytes), buf_len(&bytes)) == 0) {
		v->total += (uint64_t)made->posted;
		return;
	}
	if (account_decode(record->value, record->value_len, &stored)) {
		v->total += (uint64_t)stored.posted;
		find_difference(v, made, &stored);
		return;
	}
	verify_name(v, made, name);
	verify_tell(v, "the record of %s cannot be read", name);
}

struct filing {
	struct store_table *names;
	const struct account *account;
};

static enum err look_up(struct store_txn *txn, void *arg)
{
	const struct filing *f = arg;

	return account_name_filed(txn, f->names, f->account);
}

static enum err check_filed(struct verify *v, const struct account *account)
{
	struct filing f = { v->tables.names, account };
	char name[VERIFY_NAME];
	enum err e;

	if ((account->flags & ACCOUNT_CLOSED) != 0)
		return ERR_OK;
	e = store_view(v->scope->store, look_up, &f);
	if (e != ERR_NO_SUCH_ACCOUNT)
		return e;
	verify_name(v, account, name);
	verify_tell(v, "%s is not found by its name, or by its holders", name);
	return ERR_OK;
}

enum err verify_account_row(struct verify *v, const struct store_record *record)
{
	struct verify_account *va;
	account_id id;
	enum err e;

	if (record->key_len != RECORD_KEY) {
		if (v->is_first)
			verify_tell(v,
				    "bank_accounts: a number of %zu bytes "
				    "is no number",
				    record->key_len);
		return ERR_OK;
	}
	id = record_key_number(record->key);
	if (!is_ours(v, id))
		return ERR_OK;
	va = numbers_find(&v->accounts, id);
	if (va == NULL) {
		verify_tell(v,
			    "account #%" PRIu64 " is there, but no entry has "
			    "opened it",
			    id);
		return ERR_OK;
	}
	v->extent->accounts++;
	va->is_seen = true;
	compare(v, &va->account, record);
	e = check_filed(v, &va->account);
	return e == ERR_OK ? verify_months_of(v, va) : e;
}

static void look_for(struct numbered *thing, void *arg)
{
	const struct verify_account *va = (const struct verify_account *)thing;
	char name[VERIFY_NAME];

	if (va->is_seen)
		return;
	verify_name(arg, &va->account, name);
	verify_tell(arg, "the record of %s is missing", name);
}

enum err verify_accounts_end(struct verify *v)
{
	numbers_each(&v->accounts, look_for, v);
	return ERR_OK;
}

enum err verify_name_row(struct verify *v, const struct store_record *record)
{
	const struct verify_account *va;
	char name[VERIFY_NAME];
	account_id id;

	if (!account_name_read(record, &id)) {
		if (v->is_first)
			verify_tell(v, "bank_names: a record cannot be read");
		return ERR_OK;
	}
	if (!is_ours(v, id))
		return ERR_OK;
	va = numbers_find(&v->accounts, id);
	if (va == NULL) {
		verify_tell(v,
			    "a name leads to account #%" PRIu64
			    ", which no entry has opened",
			    id);
		return ERR_OK;
	}
	verify_name(v, &va->account, name);
	if ((va->account.flags & ACCOUNT_CLOSED) != 0)
		verify_tell(v, "a name leads to %s, which is closed", name);
	else if (!account_name_fits(record, &va->account))
		verify_tell(v, "a name leads to %s, which has another", name);
	return ERR_OK;
}
