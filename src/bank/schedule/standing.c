#include "bank/schedule/standing.h"

#include <string.h>

#include "bank/schedule/shelf.h"
#include "base/mem.h"
#include "store/record.h"

enum {
	STANDING_VERSION = 2, /* before it there was no wording */
	FLAG_CLAIMED = 1,
	FLAG_ENDED = 2,
};

void standing_encode(const struct standing *s, struct buf *out)
{
	record_begin(out, STANDING_VERSION);
	record_put_u64(out, s->number);
	record_put_u64(out, s->user);
	buf_add(out, s->id.bytes, sizeof(s->id.bytes));
	record_put_u64(out, s->from);
	record_put_u64(out, s->to);
	record_put_i64(out, s->amount);
	record_put_u8(out, (uint8_t)s->recurrence.every);
	record_put_u8(out, (uint8_t)s->recurrence.month_day);
	record_put_i64(out, s->recurrence.first);
	record_put_text(out, s->memo);
	record_put_i64(out, s->made_ms);
	record_put_i64(out, s->due);
	record_put_i64(out, s->look);
	record_put_u32(out, s->tries);
	record_put_u64(out, s->paid);
	record_put_u64(out, s->last);
	record_put_u8(out, (uint8_t)((s->is_claimed ? FLAG_CLAIMED : 0) |
				     (s->is_ended ? FLAG_ENDED : 0)));
	record_put_text(out, s->news);
	buf_add(out, s->wording, sizeof(s->wording));
}

bool standing_decode(const void *bytes, size_t len, struct standing *standing_r)
{
	struct standing s = { 0 };
	struct record_reader r;
	unsigned flags;

	record_open(&r, bytes, len);
	s.number = record_get_u64(&r);
	s.user = record_get_u64(&r);
	for (size_t i = 0; i < sizeof(s.id.bytes); i++)
		s.id.bytes[i] = record_get_u8(&r);
	s.from = record_get_u64(&r);
	s.to = record_get_u64(&r);
	s.amount = record_get_i64(&r);
	s.recurrence.every = (enum every)record_get_u8(&r);
	s.recurrence.month_day = record_get_u8(&r);
	s.recurrence.first = record_get_i64(&r);
	record_get_text(&r, s.memo, sizeof(s.memo));
	s.made_ms = record_get_i64(&r);
	s.due = record_get_i64(&r);
	s.look = record_get_i64(&r);
	s.tries = record_get_u32(&r);
	s.paid = record_get_u64(&r);
	s.last = record_get_u64(&r);
	flags = record_get_u8(&r);
	s.is_claimed = (flags & FLAG_CLAIMED) != 0;
	s.is_ended = (flags & FLAG_ENDED) != 0;
	record_get_text(&r, s.news, sizeof(s.news));
	for (size_t i = 0; r.version > 1 && i < sizeof(s.wording); i++)
		s.wording[i] = record_get_u8(&r);
	if (!record_close(&r) || r.version == 0 ||
	    r.version > STANDING_VERSION || s.recurrence.every >= EVERY_KINDS ||
	    s.recurrence.month_day < 1 || s.recurrence.month_day > 31 ||
	    s.recurrence.first < 0 || s.amount <= 0 || s.amount > MONEY_MOST ||
	    s.due < 0 || s.look < s.due)
		return false;
	*standing_r = s;
	return true;
}

struct addition {
	const struct standings *s;
	struct standing *standing;
	const struct audit_entry *entry;
};

bool standing_is_same(const struct standing *a, const struct standing *b)
{
	return a->from == b->from && a->to == b->to && a->amount == b->amount &&
	       a->recurrence.every == b->recurrence.every &&
	       a->recurrence.first == b->recurrence.first &&
	       strcmp(a->memo, b->memo) == 0;
}

static enum err find_id(const struct shelf *shelf, const uint64_t *numbers,
			size_t count, const struct uuid *id,
			struct standing *standing_r)
{
	struct standing other;

	for (size_t i = 0; i < count; i++) {
		enum err e = shelf_get(shelf, numbers[i], &other);

		if (e == ERR_OK && uuid_equal(&other.id, id)) {
			*standing_r = other;
			return ERR_OK;
		}
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
	}
	return ERR_NOT_FOUND;
}

struct asking {
	const struct standings *s;
	user_id user;
	const struct uuid *id;
	struct standing *standing_r;
};

static enum err look_up(struct store_txn *txn, void *arg)
{
	const struct asking *a = arg;
	uint64_t numbers[STANDING_MOST];
	size_t count;
	struct shelf shelf;
	enum err e;

	shelf_begin(&shelf, a->s, txn);
	e = shelf_of_user(&shelf, a->user, numbers, &count);
	return e == ERR_OK
		       ? find_id(&shelf, numbers, count, a->id, a->standing_r)
		       : e;
}

enum err standing_asked(const struct standings *s, user_id user,
			const struct uuid *id, struct standing *standing_r)
{
	struct asking a = { s, user, id, standing_r };

	return store_view(s->store, look_up, &a);
}

/* ERR_OK: there is one of that id, and it is *standing now. */
static enum err find_again(const struct shelf *shelf, const uint64_t *numbers,
			   size_t count, struct standing *standing)
{
	struct standing other;
	enum err e = find_id(shelf, numbers, count, &standing->id, &other);

	if (e != ERR_OK)
		return e;
	if (!standing_is_same(&other, standing))
		return ERR_ID_CONFLICT;
	*standing = other;
	return ERR_OK;
}

static enum err add(struct store_txn *txn, void *arg)
{
	const struct addition *a = arg;
	uint64_t numbers[STANDING_MOST];
	size_t count;
	struct shelf shelf;
	enum err e;

	shelf_begin(&shelf, a->s, txn);
	e = shelf_of_user(&shelf, a->standing->user, numbers, &count);
	if (e == ERR_OK && !uuid_is_none(&a->standing->id)) {
		e = find_again(&shelf, numbers, count, a->standing);
		if (e != ERR_NOT_FOUND)
			return e;
		e = ERR_OK;
	}
	if (e == ERR_OK && count >= STANDING_MOST)
		e = ERR_LIMIT;
	if (e == ERR_OK)
		e = store_next(txn, "bank_standing", &a->standing->number);
	if (e == ERR_OK)
		e = shelf_put(&shelf, a->standing);
	return e == ERR_OK ? trail_write(txn, a->s->trail, a->entry) : e;
}

enum err standing_add(const struct standings *s, struct standing *standing,
		      const struct audit_entry *entry)
{
	struct addition a = { s, standing, entry };

	return store_run(s->store, add, &a);
}

struct listing {
	const struct standings *s;
	user_id user;
	struct standing *list;
	size_t count;
};

static enum err list(struct store_txn *txn, void *arg)
{
	struct listing *l = arg;
	uint64_t numbers[STANDING_MOST];
	size_t count;
	struct shelf shelf;
	enum err e;

	shelf_begin(&shelf, l->s, txn);
	l->count = 0;
	e = shelf_of_user(&shelf, l->user, numbers, &count);
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		e = shelf_get(&shelf, numbers[i], &l->list[l->count]);
		if (e == ERR_OK)
			l->count++;
		else if (e == ERR_NOT_FOUND) /* cancelled meanwhile */
			e = ERR_OK;
	}
	return e;
}

enum err standing_list(const struct standings *s, user_id user,
		       struct standing **list_r, size_t *count_r)
{
	struct listing l = { s, user, NULL, 0 };
	enum err e;

	l.list = mem_array(STANDING_MOST, sizeof(*l.list));
	e = store_view(s->store, list, &l);
	*list_r = l.list;
	*count_r = l.count;
	return e;
}

struct removal {
	const struct standings *s;
	user_id user;
	uint64_t number;
	const struct audit_entry *entry;
	struct standing *standing_r;
};

static enum err cancel(struct store_txn *txn, void *arg)
{
	const struct removal *r = arg;
	struct shelf shelf;
	enum err e;

	shelf_begin(&shelf, r->s, txn);
	e = shelf_get(&shelf, r->number, r->standing_r);
	if (e == ERR_OK &&
	    (r->standing_r->user != r->user || r->standing_r->is_ended))
		e = ERR_NOT_FOUND;
	if (e == ERR_OK && r->standing_r->is_claimed)
		e = ERR_BUSY;
	if (e == ERR_OK)
		e = shelf_take_out(&shelf, r->standing_r);
	return e == ERR_OK ? trail_write(txn, r->s->trail, r->entry) : e;
}

enum err standing_cancel(const struct standings *s, user_id user,
			 uint64_t number, const struct audit_entry *entry,
			 struct standing *standing_r)
{
	struct removal r = { s, user, number, entry, standing_r };

	return store_run(s->store, cancel, &r);
}

static enum err forget(struct store_txn *txn, void *arg)
{
	const struct removal *r = arg;
	struct standing standing;
	uint64_t numbers[STANDING_MOST];
	size_t count;
	struct shelf shelf;
	enum err e;

	shelf_begin(&shelf, r->s, txn);
	e = shelf_of_user(&shelf, r->user, numbers, &count);
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		e = shelf_get(&shelf, numbers[i], &standing);
		if (e == ERR_OK)
			e = shelf_take_out(&shelf, &standing);
		else if (e == ERR_NOT_FOUND)
			e = ERR_CORRUPT;
	}
	return e;
}

enum err standing_forget(const struct standings *s, user_id user)
{
	struct removal r = { .s = s, .user = user };

	return store_run(s->store, forget, &r);
}

struct claim {
	const struct standings *s;
	int64_t day;
	struct standing *standing_r;
	bool *is_there_r;
};

/*
 * Most of the time there is none, and nothing to be written. One that was
 * cancelled between the two reads is not there, either.
 */
static enum err find_due(struct store_txn *txn, void *arg)
{
	const struct claim *claim = arg;
	struct shelf shelf;
	uint64_t number;
	enum err e;

	shelf_begin(&shelf, claim->s, txn);
	e = shelf_first(&shelf, claim->day, &number);
	if (e == ERR_OK)
		e = shelf_get(&shelf, number, claim->standing_r);
	*claim->is_there_r = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err claim_due(struct store_txn *txn, void *arg)
{
	const struct claim *claim = arg;
	struct shelf shelf;
	enum err e = find_due(txn, arg);

	if (e != ERR_OK || !*claim->is_there_r)
		return e;
	shelf_begin(&shelf, claim->s, txn);
	claim->standing_r->is_claimed = true;
	return shelf_put(&shelf, claim->standing_r);
}

enum err standing_claim(const struct standings *s, int64_t day,
			struct standing *standing_r, bool *is_there_r)
{
	struct claim claim = { s, day, standing_r, is_there_r };
	enum err e;

	*is_there_r = false;
	if (day < 0)
		return ERR_OK;
	e = store_view(s->store, find_due, &claim);
	if (e == ERR_OK && *is_there_r)
		e = store_run(s->store, claim_due, &claim);
	return e;
}

struct settlement {
	const struct standings *s;
	const struct standing *standing;
	const struct audit_entry *entry;
};

static enum err settle(struct store_txn *txn, void *arg)
{
	const struct settlement *t = arg;
	struct standing after = *t->standing;
	struct standing before;
	struct shelf shelf;
	enum err e;

	shelf_begin(&shelf, t->s, txn);
	e = shelf_get(&shelf, after.number, &before);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	after.is_claimed = false;
	if (after.news[0] == '\0')
		memcpy(after.news, before.news, sizeof(after.news));
	if (e == ERR_OK)
		e = shelf_take_out(&shelf, &before);
	if (e == ERR_OK && (!after.is_ended || after.news[0] != '\0'))
		e = shelf_put(&shelf, &after);
	if (e == ERR_OK && t->entry != NULL)
		e = trail_write(txn, t->s->trail, t->entry);
	return e;
}

enum err standing_settle(const struct standings *s,
			 const struct standing *standing,
			 const struct audit_entry *entry)
{
	struct settlement t = { s, standing, entry };

	return store_run(s->store, settle, &t);
}

static enum err hear(struct store_txn *txn, void *arg)
{
	const struct settlement *t = arg;
	struct standing now;
	struct shelf shelf;
	enum err e;

	shelf_begin(&shelf, t->s, txn);
	e = shelf_get(&shelf, t->standing->number, &now);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (strcmp(now.news, t->standing->news) != 0)
		return ERR_OK; /* there is other news by now */
	now.news[0] = '\0';
	return now.is_ended ? shelf_take_out(&shelf, &now)
			    : shelf_put(&shelf, &now);
}

enum err standing_heard(const struct standings *s,
			const struct standing *standing)
{
	struct settlement t = { .s = s, .standing = standing };

	return store_run(s->store, hear, &t);
}
