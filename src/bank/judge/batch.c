#include "bank/judge/batch.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bank/judge/account_cache.h"
#include "bank/judge/bounds.h"
#include "bank/judge/judge.h"
#include "bank/schedule/calendar.h"
#include "base/clock.h"
#include "store/record.h"

/* A clock that was put back by more than this was wrong before. */
enum { CLOCK_BACK_MS = 3600 * 1000 };

/* The date where the daemon is. */
static uint32_t date_of(int64_t ms)
{
	struct date date;

	calendar_day_to_date(calendar_day(ms), &date);
	return (uint32_t)(date.year * 10000 + date.month * 100 + date.day);
}

enum err batch_begin(struct batch *batch, struct store_txn *txn)
{
	enum err e;

	account_cache_begin(batch->accounts);
	batch->txn = txn;
	batch->entries = 0;
	batch->has_named = false;
	batch->is_waiting_known = false;
	batch->fall_count = 0;
	memset(&batch->trail, 0, sizeof(batch->trail));
	e = meta_get_head(txn, batch->tables->meta, &batch->head);
	if (e == ERR_OK)
		e = meta_get_rules(txn, batch->tables->meta, &batch->rules);
	batch->now_ms = clock_wall_ms();
	if (batch->now_ms < batch->head.time_ms &&
	    batch->now_ms > batch->head.time_ms - CLOCK_BACK_MS)
		batch->now_ms = batch->head.time_ms;
	batch->date = date_of(batch->now_ms);
	return e;
}

static enum err write_account(struct batch *batch, const struct account *a)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	account_encode(a, &value);
	record_key(a->id, key);
	return store_put(batch->txn, batch->tables->accounts, key, sizeof(key),
			 buf_at(&value), buf_len(&value));
}

enum err batch_end(struct batch *batch)
{
	enum err e = ERR_OK;

	for (const struct cached_account *one =
		     account_cache_seen(batch->accounts);
	     e == ERR_OK && one != NULL; one = one->seen)
		if (one->is_dirty)
			e = write_account(batch, &one->account);
	if (e == ERR_OK)
		e = meta_put_head(batch->txn, batch->tables->meta,
				  &batch->head);
	if (e == ERR_OK)
		e = trail_end(batch->txn, batch->ledger->parts.trail,
			      &batch->trail);
	return e;
}

void batch_init(struct batch *batch, struct ledger *ledger)
{
	memset(batch, 0, sizeof(*batch));
	batch->ledger = ledger;
	batch->tables = &ledger->tables;
	batch->accounts = account_cache_new();
}

void batch_fini(struct batch *batch)
{
	account_cache_free(&batch->accounts);
}

void batch_committed(struct batch *batch)
{
	account_cache_keep(batch->accounts);
}

bool batch_is_refusal(enum err e)
{
	switch (e) {
	case ERR_OK:
	case ERR_AGAIN:
	case ERR_BUSY:
	case ERR_IO:
	case ERR_CORRUPT:
	case ERR_STORAGE_FULL:
	case ERR_AUDIT_DOWN:
		return false;
	default:
		return true;
	}
}

static enum err read_account(struct batch *batch, account_id id,
			     struct account *account_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(id, key);
	e = store_get(batch->txn, batch->tables->accounts, key, sizeof(key),
		      &value);
	if (e == ERR_NOT_FOUND)
		return ERR_NO_SUCH_ACCOUNT;
	if (e == ERR_OK &&
	    !account_decode(buf_at(&value), buf_len(&value), account_r))
		e = ERR_CORRUPT;
	return e;
}

/* Its time has come before anything else happens to the account. */
static enum err expire_overdue(struct batch *batch, account_id id)
{
	enum { AT_ONCE = 64 };
	uint64_t seqs[AT_ONCE];
	enum err e = ERR_OK;
	size_t count = AT_ONCE;

	while (e == ERR_OK && count == AT_ONCE) {
		e = hold_list(batch->txn, &batch->tables->holds, id, true,
			      batch->now_ms, seqs, AT_ONCE, &count);
		for (size_t i = 0; e == ERR_OK && i < count; i++)
			e = judge_expire(batch, seqs[i]);
	}
	return e;
}

static enum err load_new(struct batch *batch, account_id id,
			 struct cached_account **one_r)
{
	struct account account;
	enum err e = read_account(batch, id, &account);

	if (e != ERR_OK)
		return e;
	*one_r = account_cache_add(batch->accounts, id);
	(*one_r)->account = account;
	return ERR_OK;
}

static enum err load(struct batch *batch, account_id id,
		     struct cached_account **one_r)
{
	struct cached_account *one = account_cache_find(batch->accounts, id);
	enum err e = ERR_OK;

	*one_r = one;
	if (one != NULL && one->is_seen)
		return ERR_OK;
	if (one != NULL)
		account_cache_see(batch->accounts, one);
	else
		e = load_new(batch, id, one_r);
	if (e != ERR_OK || (*one_r)->account.held == 0)
		return e;
	return expire_overdue(batch, id);
}

enum err batch_account(struct batch *batch, account_id id,
		       const struct account **account_r)
{
	struct cached_account *one;
	enum err e = load(batch, id, &one);

	*account_r = e == ERR_OK ? &one->account : NULL;
	return e;
}

enum err batch_peek(struct batch *batch, account_id id,
		    struct account *account_r)
{
	const struct cached_account *one =
		account_cache_find(batch->accounts, id);

	if (one == NULL)
		return read_account(batch, id, account_r);
	*account_r = one->account;
	return ERR_OK;
}

/* An account of the entry, before and after it. */
struct side {
	struct cached_account *now; /* NULL: the entry opens it */
	struct account after;
	struct account_month ended;
};

static enum err load_sides(struct batch *batch, struct entry *entry,
			   struct side sides[POSTINGS_MOST])
{
	enum err e = ERR_OK;

	/* Loading may add entries: so this goes before the number. */
	for (unsigned i = 0; e == ERR_OK && i < entry->posting_count; i++)
		e = load(batch, entry->postings[i].account, &sides[i].now);
	entry->seq = batch->head.seq + 1;
	if (e == ERR_OK && entry->kind == ENTRY_OPEN) {
		entry->subject = entry->seq;
		assert(entry->posting_count == 0);
		e = entry_touch(entry, entry->seq) ? ERR_OK : ERR_LIMIT;
		sides[0].now = NULL;
	}
	return e;
}

static void head_entry(const struct batch *batch, const struct order *order,
		       struct entry *entry)
{
	entry->time_ms = batch->now_ms;
	entry->date = batch->date;
	entry->actor = order->by.user;
	(void)snprintf(entry->by, sizeof(entry->by), "%s", order->by.name);
	entry->id = order->id;
}

static enum err apply_side(struct batch *batch, struct order *order,
			   struct entry *entry, unsigned i, struct side *side)
{
	struct posting *posting = &entry->postings[i];
	const struct account *before = NULL;

	memset(&side->after, 0, sizeof(side->after));
	if (side->now != NULL) {
		before = &side->now->account;
		side->after = *before;
	}
	posting->previous = side->after.last;
	if (!account_apply(&side->after, entry, &side->ended))
		return order_refuse(order, ERR_LIMIT,
				    "No account can hold such an amount.");
	posting->posted = side->after.posted;
	posting->held = side->after.held;
	return before == NULL ? ERR_OK
			      : bounds_check(&batch->rules, order, entry,
					     before, &side->after);
}

static enum err write_month(struct batch *batch, account_id id,
			    const struct account_month *ended)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct account_month month = *ended;
	struct account_month before;
	uint8_t key[RECORD_KEY_PAIR];
	enum err e;

	record_key_pair(id, month.month, key);
	e = store_get(batch->txn, batch->tables->months, key, sizeof(key),
		      &value);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_OK) {
		/* The clock was put back into a month that had ended. */
		if (!account_month_decode(buf_at(&value), buf_len(&value),
					  &before))
			return ERR_CORRUPT;
		account_month_join(&month, &before);
	}
	buf_reset(&value);
	account_month_encode(&month, &value);
	return store_put(batch->txn, batch->tables->months, key, sizeof(key),
			 buf_at(&value), buf_len(&value));
}

static enum err write_entry(struct batch *batch, struct entry *entry)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	entry_encode(entry, batch->head.hash, &value);
	record_key(entry->seq, key);
	e = store_add(batch->txn, batch->tables->entries, key, sizeof(key),
		      buf_at(&value), buf_len(&value));
	return e == ERR_EXISTS ? ERR_CORRUPT : e;
}

/* The audit record of an act; money 0: none is told of. */
static enum err record(struct batch *batch, const struct order *order,
		       const char *action, uint64_t number, money amount)
{
	struct audit_entry record = { .user = order->by.user,
				      .session = order->by.session };
	char text[MONEY_TEXT] = "";

	AUDIT_SET(record.action, action);
	AUDIT_SET(record.actor, order->by.name);
	AUDIT_SET(record.address, order->by.address);
	AUDIT_SET(record.target, order->target);
	if (amount != 0)
		money_print_symbol(amount, &batch->rules.currency, text);
	(void)snprintf(record.detail, sizeof(record.detail), "#%llu%s%s%s%s",
		       (unsigned long long)number, text[0] ? " " : "", text,
		       order->reason[0] ? ", " : "", order->reason);
	return trail_add(batch->txn, batch->ledger->parts.trail, &batch->trail,
			 &record);
}

enum err batch_note(struct batch *batch, const struct order *order,
		    const char *action, uint64_t number)
{
	return record(batch, order, action, number, order->amount);
}

static enum err record_entry(struct batch *batch, const struct order *order,
			     const struct entry *entry)
{
	char action[AUDIT_ACTION];

	(void)snprintf(action, sizeof(action), "bank.%s",
		       entry_kind_word(entry->kind));
	return record(batch, order, action, entry->seq,
		      entry->leg_count > 0 ? entry->legs[0].amount
					   : entry->amount);
}

static void note_fall(struct batch *batch, const struct account *before,
		      const struct account *after)
{
	int64_t level = before->terms[TERM_NOTICE];

	if (level == TERM_DEFAULT || level == MONEY_NONE ||
	    account_available(before) < level ||
	    account_available(after) >= level ||
	    batch->fall_count == FALLS_MOST)
		return;
	batch->falls[batch->fall_count++] =
		(struct fall){ .account = after->id, .seq = after->last };
}

static enum err write_all(struct batch *batch, struct order *order,
			  struct entry *entry, struct side *sides)
{
	enum err e = write_entry(batch, entry);

	for (unsigned i = 0; e == ERR_OK && i < entry->posting_count; i++) {
		if (sides[i].now == NULL)
			sides[i].now =
				account_cache_add(batch->accounts, entry->seq);
		else
			note_fall(batch, &sides[i].now->account,
				  &sides[i].after);
		sides[i].now->account = sides[i].after;
		sides[i].now->is_dirty = true;
		if (sides[i].ended.month != 0)
			e = write_month(batch, sides[i].after.id,
					&sides[i].ended);
	}
	return e == ERR_OK ? record_entry(batch, order, entry) : e;
}

static enum err apply_all(struct batch *batch, struct order *order,
			  struct entry *entry, struct side sides[POSTINGS_MOST])
{
	enum err e = load_sides(batch, entry, sides);

	if (e != ERR_OK)
		return e;
	head_entry(batch, order, entry);
	for (unsigned i = 0; e == ERR_OK && i < entry->posting_count; i++)
		e = apply_side(batch, order, entry, i, &sides[i]);
	return e;
}

enum err batch_try(struct batch *batch, struct order *order,
		   const struct entry *entry)
{
	struct side sides[POSTINGS_MOST] = { 0 };
	struct entry copy = *entry;

	return apply_all(batch, order, &copy, sides);
}

enum err batch_post(struct batch *batch, struct order *order,
		    struct entry *entry)
{
	struct side sides[POSTINGS_MOST] = { 0 };
	enum err e = apply_all(batch, order, entry, sides);

	if (e == ERR_OK)
		e = write_all(batch, order, entry, sides);
	if (e != ERR_OK)
		return e;
	batch->head.seq = entry->seq;
	batch->head.time_ms = entry->time_ms;
	memcpy(batch->head.hash, entry->hash, sizeof(entry->hash));
	if (entry->leg_count > 0)
		batch->head.moves++;
	if (entry->kind == ENTRY_OPEN || entry->kind == ENTRY_CLOSE)
		batch->has_named = true;
	batch->entries++;
	order->entry = *entry;
	return ERR_OK;
}
