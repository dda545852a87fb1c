#include "chat/history/erasure.h"

#include <string.h>

#include "base/mem.h"
#include "chat/room_records.h"

enum { VERSION = 1 };

bool erasure_hits(const struct erasure *e, uint64_t id, int64_t time_ms,
		  user_id user, const char *from)
{
	return id >= e->from && id <= e->upto && time_ms >= e->since_ms &&
	       (e->until_ms == 0 || time_ms < e->until_ms) &&
	       whose_fits(&e->whose, user, from);
}

void erasures_add(struct erasures *all, const struct erasure *e)
{
	all->list =
		mem_resize(all->list, (all->count + 1) * sizeof(all->list[0]));
	all->list[all->count++] = *e;
}

struct erasure *erasures_find(const struct erasures *all, uint64_t id)
{
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].id == id)
			return &all->list[i];
	}
	return NULL;
}

void erasures_drop(struct erasures *all, uint64_t id)
{
	struct erasure *e = erasures_find(all, id);

	if (e == NULL)
		return;
	all->count--;
	memmove(e, e + 1,
		(size_t)(all->list + all->count - e) * sizeof(all->list[0]));
}

void erasures_copy(const struct erasures *all, struct erasures *copy_r)
{
	copy_r->count = all->count;
	copy_r->list = all->count == 0
			       ? NULL
			       : mem_copy(all->list,
					  all->count * sizeof(all->list[0]));
}

void erasures_fini(struct erasures *all)
{
	mem_free(all->list);
	memset(all, 0, sizeof(*all));
}

bool erasures_hit(const struct erasures *all, uint64_t id, int64_t time_ms,
		  user_id user, const char *from)
{
	for (size_t i = 0; i < all->count; i++) {
		if (erasure_hits(&all->list[i], id, time_ms, user, from))
			return true;
	}
	return false;
}

bool erasures_hit_message(const struct erasures *all, const struct message *m)
{
	return erasures_hit(all, m->id, m->time_ms, m->user, m->from);
}

static void encode(const struct erasure *e, struct buf *out)
{
	record_begin(out, VERSION);
	record_put_u64(out, e->id);
	record_put_u64(out, e->from);
	record_put_u64(out, e->upto);
	record_put_i64(out, e->since_ms);
	record_put_i64(out, e->until_ms);
	record_put_u64(out, e->whose.user);
	record_put_text(out, e->whose.name);
}

static bool decode(const void *value, size_t len, struct erasure *e_r)
{
	struct record_reader r;

	memset(e_r, 0, sizeof(*e_r));
	record_open(&r, value, len);
	e_r->id = record_get_u64(&r);
	e_r->from = record_get_u64(&r);
	e_r->upto = record_get_u64(&r);
	e_r->since_ms = record_get_i64(&r);
	e_r->until_ms = record_get_i64(&r);
	e_r->whose.user = record_get_u64(&r);
	record_get_text(&r, e_r->whose.name, sizeof(e_r->whose.name));
	return record_close(&r) && r.version == VERSION && e_r->id != 0 &&
	       e_r->from != 0;
}

enum err erasure_put(struct store_txn *txn, struct store *store,
		     const char *room, struct erasure *e)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct erasure copy = *e;
	uint8_t key[ROOM_RECORD_KEY];
	enum err err = ERR_OK;

	if (copy.id == 0)
		err = store_next(txn, ERASURE_TABLES, &copy.id);
	if (err != ERR_OK)
		return err;
	encode(&copy, &value);
	err = store_put(txn, store_table(store, ERASURE_TABLES), key,
			room_record_key(room, copy.id, key), buf_at(&value),
			buf_len(&value));
	if (err == ERR_OK)
		e->id = copy.id;
	return err;
}

enum err erasure_delete(struct store_txn *txn, struct store *store,
			const char *room, uint64_t id)
{
	uint8_t key[ROOM_RECORD_KEY];
	enum err e = store_delete(txn, store_table(store, ERASURE_TABLES), key,
				  room_record_key(room, id, key));

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static bool read_one(const void *value, size_t len, void *list,
		     uint64_t *number_r)
{
	struct erasure e;

	if (!decode(value, len, &e))
		return false;
	if (list != NULL && erasures_find(list, e.id) == NULL)
		erasures_add(list, &e);
	*number_r = e.id;
	return true;
}

enum err erasures_load(struct store *store, const char *room,
		       struct erasures *all)
{
	return room_records_load(store, ERASURE_TABLES, room, read_one, all);
}

enum err erasures_verify(struct store *store, struct buf *report)
{
	return room_records_verify(store, ERASURE_TABLES, read_one, report);
}
