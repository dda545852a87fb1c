#include "bank/tiding.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum { TIDING_VERSION = 1, KEY = RECORD_KEY + 1 + RECORD_KEY };

static const char table_name[] = TIDING_TABLES;

void tiding_of_order(const struct order *order, struct tiding_name *name_r)
{
	static const enum tiding_kind kinds[ORDER_KINDS] = {
		[ORDER_DECLINE] = TIDING_DECLINED,
		[ORDER_CANCEL] = TIDING_CANCELLED,
		[ORDER_HOLDERS] = TIDING_HOLDER_OUT,
		[ORDER_CLOSE] = TIDING_CLOSED,
	};
	bool is_entry = order->entry.seq != 0;

	name_r->kind = kinds[order->kind];
	if (order->kind == ORDER_HOLDERS &&
	    order->changes[0].tag != CHANGE_HOLDER_OUT)
		name_r->kind = TIDING_NONE;
	name_r->number = is_entry ? order->entry.seq : order->reference;
}

static void make_key(user_id user, const struct tiding_name *name,
		     uint8_t key_r[KEY])
{
	record_key(user, key_r);
	key_r[RECORD_KEY] = (uint8_t)name->kind;
	record_key(name->number, key_r + RECORD_KEY + 1);
}

void tiding_encode(const struct tiding *tiding, struct buf *out)
{
	record_begin(out, TIDING_VERSION);
	record_put_i64(out, tiding->made_ms);
	record_put_u8(out, tiding->is_told ? 1 : 0);
	record_put_u64(out, tiding->actor);
	record_put_text(out, tiding->by);
	record_put_u64(out, tiding->account);
}

bool tiding_decode(const struct store_record *record, struct tiding *tiding_r)
{
	const uint8_t *key = record->key;
	struct tiding t = { 0 };
	struct record_reader r;
	unsigned is_told;

	if (record->key_len != KEY || key[RECORD_KEY] == TIDING_NONE ||
	    key[RECORD_KEY] >= TIDING_KINDS)
		return false;
	t.user = record_key_number(key);
	t.name.kind = (enum tiding_kind)key[RECORD_KEY];
	t.name.number = record_key_number(key + RECORD_KEY + 1);
	record_open(&r, record->value, record->value_len);
	t.made_ms = record_get_i64(&r);
	is_told = record_get_u8(&r);
	t.is_told = is_told != 0;
	t.actor = record_get_u64(&r);
	record_get_text(&r, t.by, sizeof(t.by));
	t.account = record_get_u64(&r);
	if (!record_close(&r) || r.version != TIDING_VERSION || is_told > 1)
		return false;
	*tiding_r = t;
	return true;
}

static enum err put(struct store_txn *txn, struct store_table *table,
		    const struct tiding *tiding)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[KEY];

	make_key(tiding->user, &tiding->name, key);
	tiding_encode(tiding, &value);
	return store_put(txn, table, key, sizeof(key), buf_at(&value),
			 buf_len(&value));
}

static enum err take(struct store_txn *txn, struct store_table *table,
		     const struct tiding *tiding)
{
	uint8_t key[KEY];

	make_key(tiding->user, &tiding->name, key);
	return store_delete(txn, table, key, sizeof(key));
}

/* All of a user, but for those that are damaged. */
struct shelf {
	struct store *store;
	user_id user;
	struct tiding *list; /* TIDINGS_MOST of them */
	size_t count;
	bool is_damaged;
};

static bool add(const struct store_record *record, void *arg)
{
	struct shelf *shelf = arg;

	if (shelf->count < TIDINGS_MOST &&
	    tiding_decode(record, &shelf->list[shelf->count]))
		shelf->count++;
	else
		shelf->is_damaged = true;
	return true;
}

static enum err read_shelf(struct store_txn *txn, struct store_table *table,
			   struct shelf *shelf)
{
	uint8_t prefix[RECORD_KEY];

	record_key(shelf->user, prefix);
	shelf->count = 0;
	shelf->is_damaged = false;
	return store_walk(txn, table, prefix, sizeof(prefix), add, shelf);
}

static size_t count_by(const struct shelf *shelf, user_id actor)
{
	size_t count = 0;

	for (size_t i = 0; i < shelf->count; i++)
		count += shelf->list[i].actor == actor;
	return count;
}

/* For so long /accept must know of it: see TIDING_RECENT_MS. */
static bool is_needed(const struct tiding *t, int64_t now_ms)
{
	return t->name.kind == TIDING_CANCELLED && t->made_ms <= now_ms &&
	       now_ms - t->made_ms <= TIDING_RECENT_MS;
}

/* Nobody makes others be forgotten by doing much. */
static bool goes_before(const struct shelf *shelf, const struct tiding *a,
			const struct tiding *b, int64_t now_ms)
{
	size_t count_a = count_by(shelf, a->actor);
	size_t count_b = count_by(shelf, b->actor);

	if (count_a != count_b)
		return count_a > count_b;
	if (is_needed(a, now_ms) != is_needed(b, now_ms))
		return is_needed(b, now_ms);
	return a->made_ms < b->made_ms;
}

/* The one that goes when there are too many. */
static const struct tiding *find_least(const struct shelf *shelf,
				       int64_t now_ms)
{
	const struct tiding *least = &shelf->list[0];

	for (size_t i = 1; i < shelf->count; i++)
		if (goes_before(shelf, &shelf->list[i], least, now_ms))
			least = &shelf->list[i];
	return least;
}

/* What was told a while ago goes; when that is not enough, one more. */
static enum err make_room(struct store_txn *txn, struct store_table *table,
			  const struct shelf *shelf, int64_t now_ms)
{
	size_t left = shelf->count;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < shelf->count; i++) {
		const struct tiding *t = &shelf->list[i];

		if (t->is_told && (t->made_ms > now_ms ||
				   now_ms - t->made_ms > TIDING_RECENT_MS)) {
			e = take(txn, table, t);
			left--;
		}
	}
	return e == ERR_OK && left == TIDINGS_MOST
		       ? take(txn, table, find_least(shelf, now_ms))
		       : e;
}

enum err tiding_put(struct store_txn *txn, struct store_table *table,
		    const struct tiding *tiding, bool *is_damaged_r)
{
	struct tiding *list = mem_array(TIDINGS_MOST, sizeof(*list));
	struct shelf shelf = { .user = tiding->user, .list = list };
	enum err e = read_shelf(txn, table, &shelf);

	if (e == ERR_OK)
		e = make_room(txn, table, &shelf, tiding->made_ms);
	*is_damaged_r = shelf.is_damaged;
	mem_free(list);
	return e == ERR_OK ? put(txn, table, tiding) : e;
}

enum err tiding_heard(struct store_txn *txn, struct store_table *table,
		      user_id user, const struct tiding_name *name)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct tiding tiding;
	uint8_t key[KEY];
	enum err e;

	make_key(user, name, key);
	e = store_get(txn, table, key, sizeof(key), &value);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (!tiding_decode(
		    &(struct store_record){ .key = key,
					    .key_len = sizeof(key),
					    .value = buf_at(&value),
					    .value_len = buf_len(&value) },
		    &tiding))
		return ERR_CORRUPT;
	tiding.is_told = true;
	return put(txn, table, &tiding);
}

static enum err list_all(struct store_txn *txn, void *arg)
{
	struct shelf *shelf = arg;

	return read_shelf(txn, store_table(shelf->store, table_name), shelf);
}

static int compare(const void *a, const void *b)
{
	const struct tiding *x = a;
	const struct tiding *y = b;

	if (x->made_ms != y->made_ms)
		return x->made_ms > y->made_ms ? 1 : -1;
	return (x->name.number > y->name.number) -
	       (x->name.number < y->name.number);
}

enum err tiding_list(struct store *store, user_id user,
		     struct tiding list_r[TIDINGS_MOST], size_t *count_r)
{
	struct shelf shelf = { .store = store, .user = user, .list = list_r };
	enum err e = store_view(store, list_all, &shelf);

	*count_r = e == ERR_OK ? shelf.count : 0;
	if (*count_r > 0)
		qsort(list_r, *count_r, sizeof(*list_r), compare);
	return e;
}

static bool goes(const struct store_record *record, void *arg)
{
	const struct shelf *shelf = arg;

	return record->key_len >= RECORD_KEY &&
	       record_key_number(record->key) == shelf->user;
}

static enum err forget(struct store_txn *txn, void *arg)
{
	struct shelf *shelf = arg;
	uint8_t from[RECORD_KEY];

	record_key(shelf->user, from);
	return store_drop(txn, store_table(shelf->store, table_name), from,
			  sizeof(from), false, goes, shelf);
}

enum err tiding_forget(struct store *store, user_id user)
{
	struct shelf shelf = { .store = store, .user = user };

	return store_run(store, forget, &shelf);
}

struct check {
	struct store *store;
	struct buf found;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct tiding tiding;

	if (tiding_decode(record, &tiding))
		return true;
	buf_print(&check->found, "%s: a record", table_name);
	if (record->key_len >= RECORD_KEY)
		buf_print(&check->found, " of user %" PRIu64,
			  record_key_number(record->key));
	buf_add_text(&check->found, " cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	buf_reset(&check->found);
	return store_walk(txn, store_table(check->store, table_name), "", 0,
			  check_one, check);
}

enum err tiding_verify(struct store *store, struct buf *report)
{
	struct check check = { .store = store };
	enum err e = store_view(store, check_all, &check);

	buf_add(report, buf_at(&check.found), buf_len(&check.found));
	if (e == ERR_OK && buf_len(&check.found) > 0)
		e = ERR_CORRUPT;
	buf_fini(&check.found);
	return e;
}
