/* Standing orders: records, index, whom they name, and what was paid. */
#include <inttypes.h>
#include <string.h>

#include "bank/schedule/calendar.h"
#include "bank/schedule/schedule.h"
#include "bank/schedule/shelf.h"
#include "bank/verify/verify_fields.h"
#include "store/record.h"

/* One order as it is in a moment, with its index. */
struct moment {
	struct standings standings;
	uint64_t number;
	const void *mark; /* a key of the index; NULL: none is asked about */

	bool is_there;
	bool is_read;
	struct standing standing;
	bool is_marked; /* the index has it everywhere */
	bool has_mark;  /* that key is there */
	bool fits;      /* and is one of the order's */
};

static enum err look_up(const struct shelf *shelf, const void *key, bool *has_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e =
		store_get(shelf->txn, shelf->index, key, SHELF_MARK, &value);

	*has_r = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err look_up_marks(const struct shelf *shelf, struct moment *m)
{
	uint8_t keys[SHELF_MARKS][SHELF_MARK];
	size_t count = shelf_marks(&m->standing, keys);
	enum err e = ERR_OK;

	m->is_marked = true;
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		bool is_there;

		e = look_up(shelf, keys[i], &is_there);
		m->is_marked &= is_there;
		m->fits |= m->mark != NULL &&
			   memcmp(keys[i], m->mark, SHELF_MARK) == 0;
	}
	return e;
}

static enum err look(struct store_txn *txn, void *arg)
{
	struct moment *m = arg;
	struct shelf shelf;
	enum err e;

	m->fits = m->has_mark = false;
	shelf_begin(&shelf, &m->standings, txn);
	e = shelf_get(&shelf, m->number, &m->standing);
	m->is_there = e != ERR_NOT_FOUND;
	m->is_read = e == ERR_OK && m->standing.number == m->number;
	if (e == ERR_NOT_FOUND || e == ERR_CORRUPT)
		e = ERR_OK;
	if (e == ERR_OK && m->is_read)
		e = look_up_marks(&shelf, m);
	if (e == ERR_OK && m->mark != NULL)
		e = look_up(&shelf, m->mark, &m->has_mark);
	return e;
}

/* While others go on, a transaction is what has one moment. */
static enum err take(const struct verify *v, struct moment *m)
{
	struct store *store = v->scope->store;

	m->standings.store = store;
	return v->scope->ledger != NULL ? store_run(store, look, m)
					: store_view(store, look, m);
}

static enum err check_user(struct verify *v, struct moment *m)
{
	user_id user = m->standing.user;
	bool is_gone;
	enum err e = verify_is_gone(v, user, &is_gone);

	if (e == ERR_OK && is_gone)
		e = take(v, m);
	if (e == ERR_OK && is_gone && m->is_there)
		verify_tell(v,
			    "standing order #%" PRIu64 " is of user #%" PRIu64
			    ", who is not there",
			    m->number, user);
	return e;
}

static enum err check_account(struct verify *v, uint64_t number, account_id id)
{
	bool is_there;
	enum err e = verify_has_account(v, id, &is_there);

	if (e == ERR_OK && !is_there)
		verify_tell(v,
			    "standing order #%" PRIu64
			    " names account #%" PRIu64 ", which is not there",
			    number, id);
	return e;
}

/* The payment that it has made last. */
static enum err check_last(struct verify *v, const struct standing *s)
{
	struct entry entry;
	enum err e;

	if ((s->paid == 0) != (s->last == 0))
		verify_tell(v,
			    "standing order #%" PRIu64 " has paid %" PRIu64
			    " times, but last by #%" PRIu64,
			    s->number, s->paid, s->last);
	if (s->last == 0)
		return ERR_OK;
	e = verify_entry(v, s->last, &entry);
	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
	     (entry.kind != ENTRY_PAY || entry.actor != s->user ||
	      entry.leg_count == 0 || entry.legs[0].debit != s->from ||
	      entry.legs[0].credit != s->to ||
	      entry.legs[0].amount != s->amount)))
		verify_tell(v,
			    "standing order #%" PRIu64 " has paid by #%" PRIu64
			    ", which did not",
			    s->number, s->last);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* What is due was not paid: unless that is just being done. */
static enum err check_due(struct verify *v, struct moment *m)
{
	struct standing before = m->standing;
	char day[DATE_TEXT];
	struct order order;
	struct book_answer known;
	enum err e;

	schedule_order(&before, &order);
	e = book_asked(v->scope->store, before.user, &order.id, &known);
	if (e == ERR_NOT_FOUND || e == ERR_CORRUPT ||
	    (e == ERR_OK && known.seq == 0))
		return ERR_OK;
	if (e == ERR_OK)
		e = take(v, m);
	if (e != ERR_OK || !m->is_read || m->standing.is_claimed ||
	    m->standing.due != before.due || m->standing.tries != before.tries)
		return e;
	calendar_print_day(before.due, day);
	verify_tell(v,
		    "standing order #%" PRIu64 " is due on %s, but #%" PRIu64
		    " has paid that",
		    before.number, day, known.seq);
	return ERR_OK;
}

static enum err check_order(struct verify *v, struct moment *m)
{
	const struct standing s = m->standing;
	enum err e;

	if (!m->is_marked)
		verify_tell(v,
			    "standing order #%" PRIu64 " is not where the "
			    "index should have it",
			    s.number);
	e = check_account(v, s.number, s.from);
	if (e == ERR_OK)
		e = check_account(v, s.number, s.to);
	if (e == ERR_OK)
		e = check_last(v, &s);
	if (e == ERR_OK && !s.is_ended && !s.is_claimed)
		e = check_due(v, m);
	return e == ERR_OK ? check_user(v, m) : e;
}

enum err verify_standing_row(struct verify *v,
			     const struct store_record *record)
{
	struct moment m = { 0 };
	enum err e;

	if (record->key_len != RECORD_KEY) {
		verify_tell(v,
			    "bank_standing: a number of %zu bytes is no number",
			    record->key_len);
		return ERR_OK;
	}
	m.number = record_key_number(record->key);
	e = take(v, &m);
	if (e != ERR_OK || !m.is_there)
		return e;
	if (m.is_read)
		return check_order(v, &m);
	verify_tell(v, "standing order #%" PRIu64 " cannot be read", m.number);
	return ERR_OK;
}

enum err verify_standing_mark(struct verify *v,
			      const struct store_record *record)
{
	struct moment m = { .mark = record->key };
	enum err e;

	if (record->key_len != SHELF_MARK) {
		verify_tell(v, "bank_standing_index: a record cannot be read");
		return ERR_OK;
	}
	m.number = record_key_number((const uint8_t *)record->key + SHELF_MARK -
				     RECORD_KEY);
	e = take(v, &m);
	if (e != ERR_OK || !m.has_mark || m.fits || (m.is_there && !m.is_read))
		return e;
	verify_tell(v,
		    "the index has standing order #%" PRIu64 " where it is not",
		    m.number);
	return ERR_OK;
}
