/*
 * Months that have ended. When the clock was put back into one, its record is
 * added to later: so what is stored may be ahead of the entries read so far,
 * and what does not fit is looked at again in the end.
 */
#include <inttypes.h>
#include <string.h>

#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "store/record.h"

static enum err is_stored(const struct verify *v, account_id id,
			  const struct account_month *month, bool *is_r)
{
	AUTO(buf_fini) struct buf stored = { 0 };
	AUTO(buf_fini) struct buf made = { 0 };
	uint8_t key[RECORD_KEY_PAIR];
	enum err e;

	record_key_pair(id, month->month, key);
	e = verify_get(v, v->tables.months, key, sizeof(key), &stored);
	account_month_encode(month, &made);
	*is_r = e == ERR_OK && buf_len(&stored) == buf_len(&made) &&
		memcmp(buf_at(&stored), buf_at(&made), buf_len(&made)) == 0;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Takes out the one that is in doubt; NULL. */
static struct verify_month *take_doubtful(struct verify_account *va,
					  uint32_t month)
{
	struct verify_month **at = &va->doubtful;
	struct verify_month *found;

	while (*at != NULL && (*at)->month.month != month)
		at = &(*at)->next;
	found = *at;
	if (found != NULL)
		*at = found->next;
	return found;
}

enum err verify_month_ended(struct verify *v, struct verify_account *va,
			    const struct account_month *ended)
{
	struct verify_month *doubt = take_doubtful(va, ended->month);
	struct account_month month = *ended;
	bool is_sound;
	enum err e;

	if (doubt != NULL)
		account_month_join(&month, &doubt->month);
	else
		va->months++;
	e = is_stored(v, va->account.id, &month, &is_sound);
	if (e != ERR_OK || is_sound) {
		mem_free(doubt);
		return e;
	}
	if (doubt == NULL)
		doubt = mem_zero(sizeof(*doubt));
	doubt->month = month;
	doubt->next = va->doubtful;
	va->doubtful = doubt;
	return ERR_OK;
}

static bool count(const struct store_record *record UNUSED, void *arg)
{
	unsigned *stored = arg;

	(*stored)++;
	return true;
}

struct counting {
	const struct verify *v;
	account_id id;
	unsigned stored;
};

static enum err count_months(struct store_txn *txn, void *arg)
{
	struct counting *c = arg;
	uint8_t key[RECORD_KEY];

	c->stored = 0;
	record_key(c->id, key);
	return store_walk(txn, c->v->tables.months, key, sizeof(key), count,
			  &c->stored);
}

enum err verify_months_of(struct verify *v, struct verify_account *va)
{
	struct counting c = { v, va->account.id, 0 };
	enum err e = store_view(v->scope->store, count_months, &c);
	char name[VERIFY_NAME];

	verify_name(v, &va->account, name);
	while (e == ERR_OK && va->doubtful != NULL) {
		struct verify_month *doubt = va->doubtful;
		bool is_sound;

		va->doubtful = doubt->next;
		e = is_stored(v, va->account.id, &doubt->month, &is_sound);
		if (e == ERR_OK && !is_sound)
			verify_tell(v,
				    "month %" PRIu32 " of %s is not what its "
				    "entries make of it",
				    doubt->month.month, name);
		mem_free(doubt);
	}
	if (e == ERR_OK && c.stored != va->months)
		verify_tell(v,
			    "%s has %u months that ended, but its entries "
			    "make %u",
			    name, c.stored, va->months);
	return e;
}

enum err verify_month_row(struct verify *v, const struct store_record *record)
{
	struct account_month month;
	account_id id;

	if (record->key_len != RECORD_KEY_PAIR ||
	    !account_month_decode(record->value, record->value_len, &month)) {
		verify_tell(v, "bank_months: a record cannot be read");
		return ERR_OK;
	}
	id = record_key_number(record->key);
	if (id < v->low || (v->is_full && id > v->high))
		return ERR_OK;
	if (numbers_find(&v->accounts, id) == NULL)
		verify_tell(v,
			    "there is month %" PRIu32 " of account #%" PRIu64
			    ", which no entry has opened",
			    month.month, id);
	return ERR_OK;
}
