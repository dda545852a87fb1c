#include "chat/rights/rights.h"

#include <string.h>

#include "base/mem.h"
#include "chat/room_records.h"

enum { RIGHT_VERSION = 1 };

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

enum err rights_put(struct store_txn *txn, struct store *store,
		    const char *room, const struct right *right)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[ROOM_RECORD_KEY];
	size_t len = room_record_key(room, right->user, key);

	right_encode(right, &value);
	return store_put(txn, store_table(store, "rights"), key, len,
			 buf_at(&value), buf_len(&value));
}

enum err rights_delete(struct store_txn *txn, struct store *store,
		       const char *room, user_id user)
{
	uint8_t key[ROOM_RECORD_KEY];
	size_t len = room_record_key(room, user, key);
	enum err e = store_delete(txn, store_table(store, "rights"), key, len);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static bool read_one(const void *value, size_t len, void *list,
		     uint64_t *number_r)
{
	struct right right;

	if (!right_decode(value, len, &right))
		return false;
	if (list != NULL)
		rights_set(list, &right);
	*number_r = right.user;
	return true;
}

enum err rights_load(struct store *store, const char *room,
		     struct rights *rights)
{
	return room_records_load(store, "rights", room, read_one, rights);
}

enum err rights_verify(struct store *store, struct buf *report)
{
	return room_records_verify(store, "rights", read_one, report);
}
