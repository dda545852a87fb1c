#include "chat/history/history_table.h"

#include <string.h>

#include "chat/history/erasure.h"
#include "chat/room_records.h"

enum { HEAD_VERSION = 1 };

static void encode_head(const struct history_head *head, struct buf *out)
{
	record_begin(out, HEAD_VERSION);
	record_put_u64(out, head->given);
	record_put_u64(out, head->count);
	record_put_u64(out, head->bytes);
}

static bool decode_head(const void *bytes, size_t len,
			struct history_head *head_r)
{
	struct record_reader r;

	record_open(&r, bytes, len);
	head_r->given = record_get_u64(&r);
	head_r->count = record_get_u64(&r);
	head_r->bytes = record_get_u64(&r);
	return record_close(&r) && r.version == HEAD_VERSION;
}

static enum err get_head(struct store_txn *txn, struct store *store,
			 const char *room, struct history_head *head_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	char key[NAME_MOST + 1];
	enum err e;

	memset(head_r, 0, sizeof(*head_r));
	name_key(room, key);
	e = store_get(txn, store_table(store, "histories"), key, strlen(key),
		      &value);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e == ERR_OK &&
	    !decode_head(buf_at(&value), buf_len(&value), head_r))
		e = ERR_CORRUPT;
	return e;
}

static enum err put_head(struct store_txn *txn, struct store *store,
			 const char *room, const struct history_head *head)
{
	AUTO(buf_fini) struct buf value = { 0 };
	char key[NAME_MOST + 1];

	name_key(room, key);
	encode_head(head, &value);
	return store_put(txn, store_table(store, "histories"), key, strlen(key),
			 buf_at(&value), buf_len(&value));
}

enum err history_table_add(struct store_txn *txn, struct store *store,
			   const char *room, const struct saying *sayings,
			   size_t count, uint64_t given)
{
	struct store_table *table = store_table(store, "messages");
	AUTO(buf_fini) struct buf value = { 0 };
	struct history_head head;
	uint8_t key[ROOM_RECORD_KEY];
	enum err e = get_head(txn, store, room, &head);

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		buf_reset(&value);
		saying_encode(&sayings[i], &value);
		e = store_put(txn, table, key,
			      room_record_key(room, sayings[i].id, key),
			      buf_at(&value), buf_len(&value));
		head.bytes += buf_len(&value);
	}
	if (e != ERR_OK)
		return e;
	head.count += count;
	head.given = given;
	return put_head(txn, store, room, &head);
}

/* Zeros over the record first: a page keeps what was taken out of it. */
static enum err wipe(struct store_txn *txn, struct store_table *table,
		     const uint8_t *key, size_t key_len, uint64_t *bytes)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e = store_get(txn, table, key, key_len, &value);

	if (e != ERR_OK)
		return e;
	*bytes += buf_len(&value);
	memset(buf_at(&value), 0, buf_len(&value));
	return store_put(txn, table, key, key_len, buf_at(&value),
			 buf_len(&value));
}

/* The head, once so many of the room are gone. */
static enum err put_taken(struct store_txn *txn, struct store *store,
			  const char *room, struct history_head *head,
			  uint64_t taken, uint64_t bytes)
{
	if (taken == 0)
		return ERR_OK;
	head->count -= taken < head->count ? taken : head->count;
	head->bytes -= bytes < head->bytes ? bytes : head->bytes;
	return put_head(txn, store, room, head);
}

enum err history_table_erase(struct store_txn *txn, struct store *store,
			     const char *room, const uint64_t *ids,
			     size_t count, uint64_t *count_r, uint64_t *bytes_r)
{
	struct store_table *table = store_table(store, "messages");
	struct history_head head;
	uint8_t key[ROOM_RECORD_KEY];
	uint64_t taken = 0;
	uint64_t bytes = 0;
	enum err e = get_head(txn, store, room, &head);

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		size_t key_len = room_record_key(room, ids[i], key);

		e = wipe(txn, table, key, key_len, &bytes);
		if (e == ERR_OK)
			e = store_delete(txn, table, key, key_len);
		taken += e == ERR_OK;
		if (e == ERR_NOT_FOUND)
			e = ERR_OK;
	}
	if (e == ERR_OK)
		e = put_taken(txn, store, room, &head, taken, bytes);
	if (e != ERR_OK)
		return e;
	*count_r += taken;
	*bytes_r += bytes;
	return ERR_OK;
}

struct dropping {
	uint8_t key[ROOM_RECORD_KEY];
	size_t prefix_len;
	saying_fn *goes;
	void *arg;
	uint64_t count;
	uint64_t bytes;
	bool is_bad;
};

static bool drop_one(const struct store_record *record, void *arg)
{
	struct dropping *d = arg;
	struct saying saying;

	if (record->key_len < d->prefix_len ||
	    memcmp(record->key, d->key, d->prefix_len) != 0)
		return false; /* the next room's */
	if (!saying_decode(record, &saying)) {
		d->is_bad = true;
		return false;
	}
	if (!d->goes(&saying, d->arg))
		return false;
	d->count++;
	d->bytes += record->value_len;
	return true;
}

enum err history_table_drop(struct store_txn *txn, struct store *store,
			    const char *room, bool is_wiped, saying_fn *goes,
			    void *arg)
{
	struct dropping d = { .goes = goes, .arg = arg };
	size_t key_len = room_record_key(room, 1, d.key);
	struct history_head head;
	enum err e = get_head(txn, store, room, &head);

	d.prefix_len = key_len - RECORD_KEY;
	if (e == ERR_OK)
		e = store_drop(txn, store_table(store, "messages"), d.key,
			       key_len, is_wiped, drop_one, &d);
	if (e == ERR_OK && d.is_bad)
		e = ERR_CORRUPT;
	return e == ERR_OK
		       ? put_taken(txn, store, room, &head, d.count, d.bytes)
		       : e;
}

enum err history_table_give(struct store_txn *txn, struct store *store,
			    const char *room, uint64_t given)
{
	return history_table_add(txn, store, room, NULL, 0, given);
}

struct head_walk {
	struct store *store;
	history_head_fn *visit;
	void *arg;
	bool is_bad;
};

static bool visit_head(const struct store_record *record, void *arg)
{
	struct head_walk *w = arg;
	struct history_head head;
	char key[NAME_MOST + 1];

	if (record->key_len > NAME_MOST ||
	    !decode_head(record->value, record->value_len, &head)) {
		w->is_bad = true;
		return true;
	}
	memcpy(key, record->key, record->key_len);
	key[record->key_len] = '\0';
	w->visit(key, &head, w->arg);
	return true;
}

static enum err walk_heads(struct store_txn *txn, void *arg)
{
	struct head_walk *w = arg;

	return store_walk(txn, store_table(w->store, "histories"), "", 0,
			  visit_head, w);
}

enum err history_table_heads(struct store *store, history_head_fn *visit,
			     void *arg)
{
	struct head_walk w = { store, visit, arg, false };
	enum err e = store_view(store, walk_heads, &w);

	return e == ERR_OK && w.is_bad ? ERR_CORRUPT : e;
}

struct visiting {
	const struct history_walk *walk;
	uint8_t key[ROOM_RECORD_KEY];
	size_t key_len;
	enum { WALK_UP, WALK_DOWN, SCAN } how;
	bool is_bad;
};

static bool is_gone(const struct erasures *gone, const struct saying *saying)
{
	return gone != NULL && erasures_hit(gone, saying->id, saying->time_ms,
					    saying->user, saying->from);
}

static bool visit(const struct store_record *record, void *arg)
{
	struct visiting *v = arg;
	size_t prefix_len = v->key_len - RECORD_KEY;
	struct saying saying;

	if (record->key_len < prefix_len ||
	    memcmp(record->key, v->key, prefix_len) != 0)
		return false; /* the next room's */
	if (saying_decode(record, &saying))
		return is_gone(v->walk->gone, &saying) ||
		       v->walk->visit(&saying, v->walk->arg);
	v->is_bad = true;
	return true;
}

static enum err visit_all(struct store_txn *txn, void *arg)
{
	struct visiting *v = arg;
	struct store_table *table = store_table(v->walk->store, "messages");

	if (v->walk->begin != NULL)
		v->walk->begin(v->walk->arg);
	if (v->how == WALK_DOWN)
		return store_walk_back(txn, table, v->key, v->key_len,
				       v->key_len - RECORD_KEY, visit, v);
	return (v->how == SCAN ? store_scan : store_walk_from)(
		txn, table, v->key, v->key_len, visit, v);
}

static enum err run(struct visiting *v, uint64_t id)
{
	enum err e;

	v->key_len = room_record_key(v->walk->room, id, v->key);
	e = store_view(v->walk->store, visit_all, v);
	return e == ERR_OK && v->is_bad ? ERR_CORRUPT : e;
}

enum err history_walk_up(const struct history_walk *walk, uint64_t from)
{
	struct visiting v = { .walk = walk, .how = WALK_UP };

	return run(&v, from);
}

enum err history_walk_down(const struct history_walk *walk, uint64_t below)
{
	struct visiting v = { .walk = walk, .how = WALK_DOWN };

	return run(&v, below);
}

enum err history_scan(const struct history_walk *walk, uint64_t from)
{
	struct visiting v = { .walk = walk, .how = SCAN };

	return run(&v, from);
}

/* Messages come in the order of their rooms, as the heads do. */
struct check {
	struct store *store;
	struct buf *report;
	char room[NAME_MOST + 1];
	uint64_t count;
	uint64_t bytes;
	uint64_t last;
};

static void check_head(const struct check *check, struct store_txn *txn)
{
	struct history_head head;

	if (check->count == 0)
		return;
	if (get_head(txn, check->store, check->room, &head) != ERR_OK)
		buf_print(check->report,
			  "histories: the record of %s cannot be read\n",
			  check->room);
	else if (head.bytes != check->bytes)
		buf_print(check->report,
			  "histories: %s has %llu bytes, but %llu are noted\n",
			  check->room, (unsigned long long)check->bytes,
			  (unsigned long long)head.bytes);
	else if (head.count != check->count || head.given < check->last)
		buf_print(check->report,
			  "histories: %s has %llu messages up to #%llu, but "
			  "%llu up to #%llu are noted\n",
			  check->room, (unsigned long long)check->count,
			  (unsigned long long)check->last,
			  (unsigned long long)head.count,
			  (unsigned long long)head.given);
}

/* Ends at the first message of another room. */
static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct saying saying;

	if (!saying_decode(record, &saying)) {
		buf_add_text(check->report,
			     "messages: a record cannot be read\n");
		return true;
	}
	if (check->count > 0 && strcmp(check->room, record->key) != 0)
		return false;
	memcpy(check->room, record->key, strlen(record->key) + 1);
	check->count++;
	check->bytes += record->value_len;
	check->last = saying.id;
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;
	uint8_t key[ROOM_RECORD_KEY] = { 0 };
	size_t key_len = 1;
	enum err e;

	do {
		check->count = 0;
		check->bytes = 0;
		e = store_scan(txn, store_table(check->store, "messages"), key,
			       key_len, check_one, check);
		if (e != ERR_OK)
			return e;
		check_head(check, txn);
		key_len = room_record_key(check->room, UINT64_MAX, key);
	} while (check->count > 0);
	return ERR_OK;
}

enum err history_table_verify(struct store *store, struct buf *report)
{
	struct check check = { .store = store, .report = report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
