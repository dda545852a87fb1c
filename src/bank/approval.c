#include "bank/approval.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/judge/repeat.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"

#define APPROVAL_MS (INT64_C(7) * 24 * 3600 * 1000)

static struct store_table *table_of(struct store *store)
{
	return store_table(store, "bank_approvals");
}

/* All of the table, over ones included: it is bounded. */
struct shelf {
	struct store *store;
	struct approval *list; /* APPROVALS_MOST of them */
	size_t count;
	bool is_bad;
};

static bool add_approval(const struct store_record *record, void *arg)
{
	struct shelf *shelf = arg;

	shelf->is_bad = shelf->count == APPROVALS_MOST ||
			!approval_decode(record->value, record->value_len,
					 &shelf->list[shelf->count]);
	shelf->count += !shelf->is_bad;
	return !shelf->is_bad;
}

static enum err read_shelf(struct store_txn *txn, void *arg)
{
	static const uint8_t first[] = { 0 };
	struct shelf *shelf = arg;
	enum err e;

	shelf->count = 0;
	shelf->is_bad = false;
	e = store_walk_from(txn, table_of(shelf->store), first, sizeof(first),
			    add_approval, shelf);
	return e == ERR_OK && shelf->is_bad ? ERR_CORRUPT : e;
}

static void shelf_init(struct shelf *shelf, struct store *store)
{
	memset(shelf, 0, sizeof(*shelf));
	shelf->store = store;
	shelf->list = mem_array(APPROVALS_MOST, sizeof(*shelf->list));
}

enum err approval_look(struct store_txn *txn, struct store_table *table,
		       uint64_t number)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(number, key);
	return store_get(txn, table, key, sizeof(key), &value);
}

static bool has_same_id(const struct order *a, const struct order *b)
{
	return !uuid_is_none(&a->id) && uuid_equal(&a->id, &b->id) &&
	       a->by.user == b->by.user;
}

static bool asks_the_same(const struct order *a, const struct order *b)
{
	uint8_t digests[2][DIGEST_BYTES];

	order_digest(a, digests[0]);
	order_digest(b, digests[1]);
	return memcmp(digests[0], digests[1], DIGEST_BYTES) == 0;
}

static bool find_any(const struct store_record *record, void *arg)
{
	(void)record;
	*(bool *)arg = true;
	return false;
}

enum err approval_any(struct store_txn *txn, struct store_table *table,
		      bool *is_r)
{
	static const uint8_t first[] = { 0 };

	*is_r = false;
	return store_walk_from(txn, table, first, sizeof(first), find_any,
			       is_r);
}

/* What waits under the same id. */
struct search {
	const struct order *order;
	int64_t now_ms;
	uint64_t number; /* 0: not found */
	enum err e;
};

static bool look_at(const struct store_record *record, void *arg)
{
	struct search *search = arg;
	struct approval a;

	if (!approval_decode(record->value, record->value_len, &a)) {
		search->e = ERR_CORRUPT;
		return false;
	}
	if (a.due_ms <= search->now_ms || !has_same_id(&a.order, search->order))
		return true;
	search->number = a.number;
	if (!asks_the_same(&a.order, search->order))
		search->e = ERR_ID_CONFLICT;
	return false;
}

enum err approval_find(struct store_txn *txn, struct store_table *table,
		       const struct order *order, int64_t now_ms,
		       uint64_t *number_r)
{
	static const uint8_t first[] = { 0 };
	struct search search = { .order = order, .now_ms = now_ms };
	enum err e = store_walk_from(txn, table, first, sizeof(first), look_at,
				     &search);

	if (e == ERR_OK)
		e = search.e;
	*number_r = e == ERR_OK ? search.number : 0;
	return e;
}

enum err approval_take(struct store_txn *txn, struct store_table *table,
		       uint64_t number)
{
	uint8_t key[RECORD_KEY];

	record_key(number, key);
	return store_delete(txn, table, key, sizeof(key));
}

/* What is to be kept, among what is. */
struct filing {
	struct shelf shelf;
	struct trail *trail;
	struct audit_entry *entry;
	struct approval approval;
	bool is_there; /* it was asked before */
};

/* Drops what is over; is there room for one more? */
static enum err make_room(struct store_txn *txn, struct filing *f)
{
	const struct shelf *shelf = &f->shelf;
	size_t others = 0;
	size_t own = 0;
	enum err e = ERR_OK;

	f->is_there = false;
	for (size_t i = 0; e == ERR_OK && i < shelf->count; i++) {
		const struct approval *a = &shelf->list[i];

		if (a->due_ms <= f->approval.made_ms) {
			e = approval_take(txn, table_of(shelf->store),
					  a->number);
			continue;
		}
		others++;
		own += a->order.by.user == f->approval.order.by.user;
		if (!has_same_id(&a->order, &f->approval.order))
			continue;
		if (!asks_the_same(&a->order, &f->approval.order))
			return ERR_ID_CONFLICT;
		f->is_there = true;
		f->approval.number = a->number;
	}
	if (e == ERR_OK && !f->is_there &&
	    (others == APPROVALS_MOST || own >= APPROVALS_PER_USER))
		e = ERR_LIMIT;
	return e;
}

static enum err put(struct store_txn *txn, const struct filing *f)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	approval_encode(&f->approval, &value);
	record_key(f->approval.number, key);
	return store_add(txn, table_of(f->shelf.store), key, sizeof(key),
			 buf_at(&value), buf_len(&value));
}

/* Between the refusal and now something may have been done under its id. */
static enum err check_answered(struct store_txn *txn, const struct filing *f)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct order *order = &f->approval.order;
	uint8_t key[REPEAT_KEY];
	enum err e;

	if (uuid_is_none(&order->id))
		return ERR_OK;
	repeat_key(&order->id, order->by.user, key);
	e = store_get(txn, store_table(f->shelf.store, "bank_ids"), key,
		      sizeof(key), &value);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	return e == ERR_OK ? ERR_EXISTS : e;
}

static enum err file(struct store_txn *txn, void *arg)
{
	struct filing *f = arg;
	enum err e = check_answered(txn, f);

	if (e == ERR_OK)
		e = read_shelf(txn, &f->shelf);
	if (e == ERR_OK)
		e = make_room(txn, f);
	if (e != ERR_OK || f->is_there)
		return e;
	e = store_next(txn, "bank.approval", &f->approval.number);
	if (e == ERR_OK)
		e = put(txn, f);
	if (e != ERR_OK)
		return e;
	(void)snprintf(f->entry->detail, sizeof(f->entry->detail),
		       "#%" PRIu64 "%s%s", f->approval.number,
		       f->approval.order.reason[0] != '\0' ? ", " : "",
		       f->approval.order.reason);
	return trail_write(txn, f->trail, f->entry);
}

enum err approval_file(struct store *store, struct trail *trail,
		       const struct order *order, struct audit_entry *entry,
		       struct approval_filed *filed_r)
{
	struct filing f = { .trail = trail, .entry = entry };
	enum err e;

	shelf_init(&f.shelf, store);
	f.approval.order = *order;
	f.approval.made_ms = clock_wall_ms();
	f.approval.due_ms = f.approval.made_ms + APPROVAL_MS;
	e = store_run(store, file, &f);
	filed_r->number = f.approval.number;
	filed_r->is_new = !f.is_there;
	mem_free(f.shelf.list);
	return e;
}

struct getting {
	struct store *store;
	uint64_t number;
	struct approval *approval_r;
};

static enum err get(struct store_txn *txn, void *arg)
{
	AUTO(buf_fini) struct buf value = { 0 };
	const struct getting *g = arg;
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(g->number, key);
	e = store_get(txn, table_of(g->store), key, sizeof(key), &value);
	if (e == ERR_OK &&
	    !approval_decode(buf_at(&value), buf_len(&value), g->approval_r))
		e = ERR_CORRUPT;
	return e;
}

enum err approval_get(struct store *store, uint64_t number,
		      struct approval *approval_r)
{
	struct getting g = { store, number, approval_r };
	enum err e = store_view(store, get, &g);

	return e == ERR_OK && approval_r->due_ms <= clock_wall_ms()
		       ? ERR_NOT_FOUND
		       : e;
}

enum err approval_list(struct store *store, struct approval **list_r,
		       size_t *count_r)
{
	int64_t now_ms = clock_wall_ms();
	struct shelf shelf;
	enum err e;

	shelf_init(&shelf, store);
	e = store_view(store, read_shelf, &shelf);
	*count_r = 0;
	for (size_t i = 0; e == ERR_OK && i < shelf.count; i++)
		if (shelf.list[i].due_ms > now_ms)
			shelf.list[(*count_r)++] = shelf.list[i];
	*list_r = shelf.list;
	return e;
}

struct dropping {
	struct store_table *table;
	struct trail *trail;
	uint64_t number;
	const struct audit_entry *entry;
};

static enum err drop(struct store_txn *txn, void *arg)
{
	const struct dropping *d = arg;
	enum err e = approval_take(txn, d->table, d->number);

	return e == ERR_OK ? trail_write(txn, d->trail, d->entry) : e;
}

enum err approval_drop(struct store *store, struct trail *trail,
		       uint64_t number, const struct audit_entry *entry)
{
	struct dropping d = { table_of(store), trail, number, entry };

	return store_run(store, drop, &d);
}

struct forgetting {
	struct shelf shelf;
	user_id user;
};

static enum err forget(struct store_txn *txn, void *arg)
{
	struct forgetting *f = arg;
	enum err e = read_shelf(txn, &f->shelf);

	for (size_t i = 0; e == ERR_OK && i < f->shelf.count; i++)
		if (f->shelf.list[i].order.by.user == f->user)
			e = approval_take(txn, table_of(f->shelf.store),
					  f->shelf.list[i].number);
	return e;
}

enum err approval_forget(struct store *store, user_id user)
{
	struct forgetting f = { .user = user };
	enum err e;

	shelf_init(&f.shelf, store);
	e = store_run(store, forget, &f);
	mem_free(f.shelf.list);
	return e;
}

struct check {
	struct store *store;
	struct buf found;
};

static bool check_approval(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct approval approval;

	if (record->key_len != RECORD_KEY)
		buf_add_text(&check->found, "bank_approvals: a key of no "
					    "number\n");
	else if (!approval_decode(record->value, record->value_len,
				  &approval) ||
		 approval.number != record_key_number(record->key))
		buf_print(&check->found,
			  "bank_approvals: #%" PRIu64 " cannot be read\n",
			  record_key_number(record->key));
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	static const uint8_t first[] = { 0 };
	struct check *check = arg;

	buf_reset(&check->found);
	return store_walk_from(txn, table_of(check->store), first,
			       sizeof(first), check_approval, check);
}

enum err approval_verify(struct store *store, struct buf *report)
{
	struct check check = { .store = store };
	enum err e = store_view(store, check_all, &check);

	buf_add(report, buf_at(&check.found), buf_len(&check.found));
	if (e == ERR_OK && buf_len(&check.found) > 0)
		e = ERR_CORRUPT;
	buf_fini(&check.found);
	return e;
}
