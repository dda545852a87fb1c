/*
 * The key of an entry is the room's name, a NUL and the entry's number. The
 * number of the newest stands in a record whose key ends with the NUL, so
 * that writing and reading find their place without a search.
 */
#include "chat/modlog.h"

#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum {
	MODLOG_VERSION = 1,
	HEAD_VERSION = 1,
	MODLOG_KEY = NAME_MOST + 1 + RECORD_KEY,
};

/* id 0: the key of the head. */
static size_t make_key(const char *room, uint64_t id,
		       uint8_t key_r[MODLOG_KEY + 1])
{
	size_t len;

	name_key(room, (char *)key_r);
	len = strlen((char *)key_r) + 1;
	if (id == 0)
		return len;
	record_key(id, key_r + len);
	return len + RECORD_KEY;
}

void modlog_encode(const struct modlog_entry *entry, struct buf *out)
{
	record_begin(out, MODLOG_VERSION);
	record_put_u64(out, entry->id);
	record_put_i64(out, entry->time_ms);
	record_put_text(out, entry->by);
	record_put_text(out, entry->action);
	record_put_text(out, entry->target);
	record_put_text(out, entry->detail);
}

bool modlog_decode(const void *bytes, size_t len, struct modlog_entry *entry_r)
{
	struct record_reader r;

	memset(entry_r, 0, sizeof(*entry_r));
	record_open(&r, bytes, len);
	entry_r->id = record_get_u64(&r);
	entry_r->time_ms = record_get_i64(&r);
	record_get_text(&r, entry_r->by, sizeof(entry_r->by));
	record_get_text(&r, entry_r->action, sizeof(entry_r->action));
	record_get_text(&r, entry_r->target, sizeof(entry_r->target));
	record_get_text(&r, entry_r->detail, sizeof(entry_r->detail));
	return record_close(&r) && r.version == MODLOG_VERSION &&
	       entry_r->id != 0;
}

static bool head_decode(const void *bytes, size_t len, uint64_t *newest_r)
{
	struct record_reader r;

	record_open(&r, bytes, len);
	*newest_r = record_get_u64(&r);
	return record_close(&r) && r.version == HEAD_VERSION;
}

static enum err get_head(struct store_txn *txn, struct store_table *table,
			 const char *room, uint64_t *newest_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[MODLOG_KEY + 1];
	size_t len = make_key(room, 0, key);
	enum err e = store_get(txn, table, key, len, &value);

	*newest_r = 0;
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	return head_decode(buf_at(&value), buf_len(&value), newest_r)
		       ? ERR_OK
		       : ERR_CORRUPT;
}

static enum err put_head(struct store_txn *txn, struct store_table *table,
			 const char *room, uint64_t newest)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[MODLOG_KEY + 1];
	size_t len = make_key(room, 0, key);

	record_begin(&value, HEAD_VERSION);
	record_put_u64(&value, newest);
	return store_put(txn, table, key, len, buf_at(&value), buf_len(&value));
}

static enum err drop_oldest(struct store_txn *txn, struct store_table *table,
			    const char *room, uint64_t newest)
{
	uint8_t key[MODLOG_KEY + 1];
	size_t len;
	enum err e;

	if (newest <= MODLOG_MOST)
		return ERR_OK;
	len = make_key(room, newest - MODLOG_MOST, key);
	e = store_delete(txn, table, key, len);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err modlog_write(struct store_txn *txn, struct store *store,
		      const char *room, const struct modlog_entry *entry)
{
	struct store_table *table = store_table(store, "modlog");
	struct modlog_entry numbered = *entry;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[MODLOG_KEY + 1];
	uint64_t newest;
	enum err e = get_head(txn, table, room, &newest);

	if (e != ERR_OK)
		return e;
	numbered.id = newest + 1;
	modlog_encode(&numbered, &value);
	e = store_put(txn, table, key, make_key(room, numbered.id, key),
		      buf_at(&value), buf_len(&value));
	if (e == ERR_OK)
		e = put_head(txn, table, room, numbered.id);
	if (e == ERR_OK)
		e = drop_oldest(txn, table, room, numbered.id);
	return e;
}

struct reading {
	struct store *store;
	const char *room;
	uint64_t before;
	size_t most;
	struct modlog_page *page;
	bool is_bad;
};

static bool read_one(const struct store_record *record, void *arg)
{
	struct reading *reading = arg;
	struct modlog_page *page = reading->page;
	uint8_t head[MODLOG_KEY + 1];
	size_t len = make_key(reading->room, 0, head);
	struct modlog_entry *entry = &page->list[page->count];

	/* The next room's. */
	if (record->key_len != len + RECORD_KEY ||
	    memcmp(record->key, head, len) != 0)
		return false;
	if (!modlog_decode(record->value, record->value_len, entry)) {
		reading->is_bad = true;
		return false;
	}
	if (entry->id >= reading->before)
		return false;
	return ++page->count < reading->most;
}

static enum err read_page(struct store_txn *txn, void *arg)
{
	struct reading *reading = arg;
	struct store_table *table = store_table(reading->store, "modlog");
	uint64_t first;
	uint64_t newest;
	uint8_t key[MODLOG_KEY + 1];
	size_t len;
	enum err e = get_head(txn, table, reading->room, &newest);

	reading->page->count = 0;
	if (e != ERR_OK || newest == 0)
		return e;
	if (reading->before == 0 || reading->before > newest)
		reading->before = newest + 1;
	first = newest > MODLOG_MOST ? newest - MODLOG_MOST + 1 : 1;
	if (reading->before > first + reading->most) {
		first = reading->before - reading->most;
		reading->page->has_older = true;
	}
	len = make_key(reading->room, first, key);
	return store_walk_from(txn, table, key, len, read_one, reading);
}

enum err modlog_read(struct store *store, const char *room, uint64_t before,
		     size_t most, struct modlog_page *page_r)
{
	struct reading reading = { store, room, before, most, page_r, false };
	enum err e;

	if (reading.most > MODLOG_PAGE)
		reading.most = MODLOG_PAGE;
	memset(page_r, 0, sizeof(*page_r));
	page_r->list = mem_array(reading.most, sizeof(page_r->list[0]));
	e = store_view(store, read_page, &reading);
	return e == ERR_OK && reading.is_bad ? ERR_CORRUPT : e;
}

void modlog_page_fini(struct modlog_page *page)
{
	mem_free(page->list);
	memset(page, 0, sizeof(*page));
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	size_t head_len = strnlen(record->key, record->key_len) + 1;
	struct modlog_entry entry;
	uint64_t newest;
	bool is_sound;

	if (record->key_len == head_len)
		is_sound =
			head_decode(record->value, record->value_len, &newest);
	else
		is_sound = record->key_len == head_len + RECORD_KEY &&
			   modlog_decode(record->value, record->value_len,
					 &entry) &&
			   record_key_number((const char *)record->key +
					     head_len) == entry.id;
	if (!is_sound)
		buf_add_text(check->report,
			     "modlog: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	return store_walk(txn, store_table(check->store, "modlog"), "", 0,
			  check_one, check);
}

enum err modlog_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
