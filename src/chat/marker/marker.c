#include "chat/marker/marker.h"

#include <string.h>

#include "base/mem.h"
#include "chat/history/history_table.h"
#include "store/record.h"

enum {
	MARKER_VERSION = 1,
	MARKER_KEY = RECORD_KEY + NAME_MOST + 1,
};

static size_t make_key(user_id user, const char *room,
		       uint8_t key_r[MARKER_KEY])
{
	record_key(user, key_r);
	name_key(room, (char *)key_r + RECORD_KEY);
	return RECORD_KEY + strlen((char *)key_r + RECORD_KEY);
}

static bool decode(const void *bytes, size_t len, struct marker *marker_r)
{
	struct record_reader r;

	record_open(&r, bytes, len);
	marker_r->id = record_get_u64(&r);
	marker_r->time_ms = record_get_i64(&r);
	return record_close(&r) && r.version == MARKER_VERSION &&
	       marker_r->time_ms != 0;
}

/* What a user has, and of it what is of the oldest time. */
struct oldest {
	size_t count;
	int64_t time_ms;
	uint8_t key[MARKER_KEY];
	size_t key_len;
};

static bool look(const struct store_record *record, void *arg)
{
	struct oldest *oldest = arg;
	struct marker marker;

	if (record->key_len >= MARKER_KEY)
		return true;
	if (!decode(record->value, record->value_len, &marker))
		marker.time_ms = INT64_MIN;
	if (oldest->count++ == 0 || marker.time_ms < oldest->time_ms) {
		oldest->time_ms = marker.time_ms;
		memcpy(oldest->key, record->key, record->key_len);
		oldest->key_len = record->key_len;
	}
	return true;
}

static enum err make_place(struct store_txn *txn, struct store_table *table,
			   user_id user)
{
	struct oldest oldest = { 0 };
	uint8_t prefix[RECORD_KEY];
	enum err e;

	record_key(user, prefix);
	e = store_walk(txn, table, prefix, sizeof(prefix), look, &oldest);
	if (e == ERR_OK && oldest.count >= MARKERS_MOST)
		e = store_delete(txn, table, oldest.key, oldest.key_len);
	return e;
}

enum err marker_put(struct store_txn *txn, struct store *store, user_id user,
		    const char *room, const struct marker *marker)
{
	struct store_table *table = store_table(store, "markers");
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[MARKER_KEY];
	size_t len = make_key(user, room, key);
	enum err e = store_get(txn, table, key, len, &value);

	if (e == ERR_NOT_FOUND)
		e = make_place(txn, table, user);
	if (e != ERR_OK)
		return e;
	buf_reset(&value);
	record_begin(&value, MARKER_VERSION);
	record_put_u64(&value, marker->id);
	record_put_i64(&value, marker->time_ms);
	return store_put(txn, table, key, len, buf_at(&value), buf_len(&value));
}

struct search {
	struct store *store;
	user_id user;
	const char *room;
	struct marker *marker;
};

static enum err find(struct store_txn *txn, void *arg)
{
	const struct search *search = arg;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[MARKER_KEY];
	size_t len = make_key(search->user, search->room, key);
	enum err e = store_get(txn, store_table(search->store, "markers"), key,
			       len, &value);

	memset(search->marker, 0, sizeof(*search->marker));
	if (e == ERR_OK &&
	    !decode(buf_at(&value), buf_len(&value), search->marker)) {
		memset(search->marker, 0, sizeof(*search->marker));
		e = ERR_CORRUPT;
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err marker_get(struct store *store, user_id user, const char *room,
		    struct marker *marker_r)
{
	struct search search = { store, user, room, marker_r };

	return store_view(store, find, &search);
}

struct listing {
	struct store *store;
	user_id user;
	char (*rooms)[NAME_MOST + 1];
	struct marker *markers;
	size_t count;
	bool is_bad;
};

static bool list_one(const struct store_record *record, void *arg)
{
	struct listing *l = arg;
	size_t len = record->key_len - RECORD_KEY;

	if (record->key_len <= RECORD_KEY || len > NAME_MOST) {
		l->is_bad = true;
		return true;
	}
	l->rooms = mem_resize(l->rooms, (l->count + 1) * sizeof(*l->rooms));
	l->markers =
		mem_resize(l->markers, (l->count + 1) * sizeof(*l->markers));
	if (!decode(record->value, record->value_len, &l->markers[l->count])) {
		l->is_bad = true;
		l->markers[l->count] = (struct marker){ 0 };
	}
	memcpy(l->rooms[l->count], (const char *)record->key + RECORD_KEY, len);
	l->rooms[l->count++][len] = '\0';
	return true;
}

static enum err list_all(struct store_txn *txn, void *arg)
{
	struct listing *l = arg;
	uint8_t prefix[RECORD_KEY];

	l->count = 0;
	record_key(l->user, prefix);
	return store_walk(txn, store_table(l->store, "markers"), prefix,
			  sizeof(prefix), list_one, l);
}

static void free_listing(struct listing *l)
{
	mem_free(l->rooms);
	mem_free(l->markers);
}

enum err marker_list(struct store *store, user_id user, marker_fn *visit,
		     void *arg)
{
	AUTO(free_listing) struct listing l = { .store = store, .user = user };
	enum err e = store_view(store, list_all, &l);

	if (e == ERR_OK && l.is_bad)
		e = ERR_CORRUPT;
	for (size_t i = 0; e == ERR_OK && i < l.count; i++)
		visit(l.rooms[i], &l.markers[i], arg);
	return e;
}

static enum err drop_user(struct store_txn *txn, void *arg)
{
	struct listing *l = arg;
	struct store_table *table = store_table(l->store, "markers");
	enum err e = list_all(txn, l);

	for (size_t i = 0; e == ERR_OK && i < l->count; i++) {
		uint8_t key[MARKER_KEY];

		e = store_delete(txn, table, key,
				 make_key(l->user, l->rooms[i], key));
	}
	return e;
}

enum err marker_drop_user(struct store *store, user_id user)
{
	AUTO(free_listing) struct listing l = { .store = store, .user = user };

	return store_run(store, drop_user, &l);
}

/* What rooms there are, and how far they have come. */
struct extent {
	char key[NAME_MOST + 1];
	uint64_t given;
};

struct check {
	struct store *store;
	struct buf *report;
	struct extent *rooms;
	size_t count;
};

static bool add_room(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct extent *extent;

	if (record->key_len > NAME_MOST)
		return true; /* told with the rooms */
	check->rooms = mem_resize(check->rooms,
				  (check->count + 1) * sizeof(*check->rooms));
	extent = &check->rooms[check->count++];
	memset(extent, 0, sizeof(*extent));
	memcpy(extent->key, record->key, record->key_len);
	return true;
}

static struct extent *find_room(const struct check *check, const char *key,
				size_t len)
{
	for (size_t i = 0; i < check->count; i++) {
		struct extent *extent = &check->rooms[i];

		if (strlen(extent->key) == len &&
		    memcmp(extent->key, key, len) == 0)
			return extent;
	}
	return NULL;
}

static void add_head(const char *key, const struct history_head *head,
		     void *arg)
{
	struct extent *extent = find_room(arg, key, strlen(key));

	if (extent != NULL)
		extent->given = head->given;
}

static const char *flaw(const struct check *check,
			const struct store_record *record)
{
	const struct extent *extent;
	struct marker marker;

	if (record->key_len <= RECORD_KEY)
		return "has a key that is too short";
	if (!decode(record->value, record->value_len, &marker))
		return "cannot be read";
	extent = find_room(check, (const char *)record->key + RECORD_KEY,
			   record->key_len - RECORD_KEY);
	if (extent == NULL)
		return "is of a room that is not there";
	return marker.id > extent->given ? "is beyond what was said" : NULL;
}

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	const char *words = flaw(check, record);

	if (words != NULL)
		buf_print(check->report, "markers: one of user %llu %s\n",
			  record->key_len < RECORD_KEY
				  ? 0
				  : (unsigned long long)record_key_number(
					    record->key),
			  words);
	return true;
}

static enum err list_rooms(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	check->count = 0;
	return store_walk(txn, store_table(check->store, "rooms"), "", 0,
			  add_room, check);
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	return store_walk(txn, store_table(check->store, "markers"), "", 0,
			  check_one, check);
}

enum err marker_verify(struct store *store, struct buf *report)
{
	struct check check = { .store = store, .report = report };
	size_t before = buf_len(report);
	enum err e = store_view(store, list_rooms, &check);

	/* What is wrong with the heads is told with the messages. */
	if (e == ERR_OK)
		e = history_table_heads(store, add_head, &check);
	if (e == ERR_OK || e == ERR_CORRUPT)
		e = store_view(store, check_all, &check);
	mem_free(check.rooms);
	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
