#include "chat/rights/rights.h"

#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum {
	RIGHT_VERSION = 1,
	RIGHT_KEY = NAME_MOST + 1 + RECORD_KEY,
};

void rights_fini(struct rights *rights)
{
	mem_free(rights->list);
	rights->list = NULL;
	rights->count = 0;
}

/* Where the user is, or would be. */
static size_t place(const struct rights *rights, user_id user)
{
	size_t low = 0;
	size_t high = rights->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rights->list[middle].user < user)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct right *rights_find(const struct rights *rights, user_id user)
{
	size_t i = place(rights, user);

	return i < rights->count && rights->list[i].user == user
		       ? &rights->list[i]
		       : NULL;
}

void rights_set(struct rights *rights, const struct right *right)
{
	size_t i = place(rights, right->user);

	if (i == rights->count || rights->list[i].user != right->user) {
		rights->list = mem_resize(rights->list,
					  (rights->count + 1) * sizeof(*right));
		memmove(&rights->list[i + 1], &rights->list[i],
			(rights->count - i) * sizeof(*right));
		rights->count++;
	}
	rights->list[i] = *right;
}

void rights_drop(struct rights *rights, user_id user)
{
	size_t i = place(rights, user);

	if (i == rights->count || rights->list[i].user != user)
		return;
	rights->count--;
	memmove(&rights->list[i], &rights->list[i + 1],
		(rights->count - i) * sizeof(rights->list[0]));
}

const struct right *rights_eldest(const struct rights *rights)
{
	const struct right *eldest = NULL;

	for (size_t i = 0; i < rights->count; i++) {
		const struct right *right = &rights->list[i];

		if (right->rank == RANK_OP &&
		    (eldest == NULL || right->since_ms < eldest->since_ms))
			eldest = right;
	}
	return eldest;
}

void right_encode(const struct right *right, struct buf *out)
{
	record_begin(out, RIGHT_VERSION);
	record_put_u64(out, right->user);
	record_put_u8(out, (uint8_t)right->rank);
	record_put_i64(out, right->since_ms);
	record_put_text(out, right->by);
	record_put_u8(out, (uint8_t)right->by_rank);
}

bool right_decode(const void *bytes, size_t len, struct right *right_r)
{
	struct record_reader r;

	memset(right_r, 0, sizeof(*right_r));
	record_open(&r, bytes, len);
	right_r->user = record_get_u64(&r);
	right_r->rank = record_get_u8(&r);
	right_r->since_ms = record_get_i64(&r);
	record_get_text(&r, right_r->by, sizeof(right_r->by));
	right_r->by_rank = record_get_u8(&r);
	return record_close(&r) && r.version == RIGHT_VERSION &&
	       right_r->user != 0 &&
	       (right_r->rank == RANK_VOICED || right_r->rank == RANK_OP) &&
	       right_r->by_rank <= RANK_ADMIN;
}

/* The room's key, a NUL, and for a record of its own the user. */
static size_t make_key(const char *room, user_id user,
		       uint8_t key_r[RIGHT_KEY + 1])
{
	size_t len;

	name_key(room, (char *)key_r);
	len = strlen((char *)key_r) + 1;
	if (user == 0)
		return len;
	record_key(user, key_r + len);
	return len + RECORD_KEY;
}

enum err rights_put(struct store_txn *txn, struct store *store,
		    const char *room, const struct right *right)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RIGHT_KEY + 1];
	size_t len = make_key(room, right->user, key);

	right_encode(right, &value);
	return store_put(txn, store_table(store, "rights"), key, len,
			 buf_at(&value), buf_len(&value));
}

enum err rights_delete(struct store_txn *txn, struct store *store,
		       const char *room, user_id user)
{
	uint8_t key[RIGHT_KEY + 1];
	size_t len = make_key(room, user, key);
	enum err e = store_delete(txn, store_table(store, "rights"), key, len);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct loading {
	struct store *store;
	const char *room;
	struct rights *rights;
	bool is_bad;
};

static bool load_one(const struct store_record *record, void *arg)
{
	struct loading *loading = arg;
	struct right right;

	if (right_decode(record->value, record->value_len, &right))
		rights_set(loading->rights, &right);
	else
		loading->is_bad = true;
	return true;
}

static enum err load(struct store_txn *txn, void *arg)
{
	struct loading *loading = arg;
	uint8_t key[RIGHT_KEY + 1];
	size_t len = make_key(loading->room, 0, key);

	return store_walk(txn, store_table(loading->store, "rights"), key, len,
			  load_one, loading);
}

enum err rights_load(struct store *store, const char *room,
		     struct rights *rights)
{
	struct loading loading = { store, room, rights, false };
	enum err e = store_view(store, load, &loading);

	return e == ERR_OK && loading.is_bad ? ERR_CORRUPT : e;
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct right right;
	size_t name_len = strnlen(record->key, record->key_len);

	if (record->key_len != name_len + 1 + RECORD_KEY ||
	    !right_decode(record->value, record->value_len, &right) ||
	    record_key_number((const char *)record->key + name_len + 1) !=
		    right.user)
		buf_add_text(check->report,
			     "rights: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	return store_walk(txn, store_table(check->store, "rights"), "", 0,
			  check_one, check);
}

enum err rights_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
