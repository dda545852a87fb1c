#include "chat/roster.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"

enum {
	ROOM_VERSION = 3,
	ROOM_OF_MODES = 2, /* from then on successor and modes */
	ROOM_OLDEST = 1,
	MEMBER_VERSION = 1,
	MEMBER_KEY = RECORD_KEY + NAME_MOST,
};

void room_names_fini(struct room_names *names)
{
	mem_free(names->names);
	mem_free(names->since_ms);
	mem_free(names->tallies);
	*names = (struct room_names){ 0 };
}

static void add_name(struct room_names *names, const char *name, size_t len,
		     int64_t since_ms)
{
	names->names = mem_resize(names->names,
				  (names->count + 1) * sizeof(*names->names));
	names->since_ms =
		mem_resize(names->since_ms,
			   (names->count + 1) * sizeof(names->since_ms[0]));
	names->since_ms[names->count] = since_ms;
	memcpy(names->names[names->count], name, len);
	names->names[names->count][len] = '\0';
	names->count++;
}

void room_facts_encode(const struct room_facts *facts, struct buf *out)
{
	record_begin(out, ROOM_VERSION);
	record_put_text(out, facts->name);
	record_put_u64(out, facts->owner);
	record_put_i64(out, facts->created_ms);
	record_put_text(out, facts->topic);
	record_put_text(out, facts->topic_by);
	record_put_i64(out, facts->topic_ms);
	record_put_u64(out, facts->successor);
	modes_encode(&facts->modes, out);
	retention_encode(&facts->retention, out);
}

bool room_facts_decode(const void *bytes, size_t len,
		       struct room_facts *facts_r)
{
	struct record_reader r;
	bool is_sound = true;

	memset(facts_r, 0, sizeof(*facts_r));
	record_open(&r, bytes, len);
	record_get_text(&r, facts_r->name, sizeof(facts_r->name));
	facts_r->owner = record_get_u64(&r);
	facts_r->created_ms = record_get_i64(&r);
	record_get_text(&r, facts_r->topic, sizeof(facts_r->topic));
	record_get_text(&r, facts_r->topic_by, sizeof(facts_r->topic_by));
	facts_r->topic_ms = record_get_i64(&r);
	if (r.version >= ROOM_OF_MODES) {
		facts_r->successor = record_get_u64(&r);
		is_sound = modes_decode(&r, &facts_r->modes);
	}
	if (r.version == ROOM_VERSION)
		is_sound =
			retention_decode(&r, &facts_r->retention) && is_sound;
	return is_sound && record_close(&r) && r.version >= ROOM_OLDEST &&
	       r.version <= ROOM_VERSION && name_is_valid(facts_r->name);
}

static size_t member_key(user_id user, const char *room,
			 uint8_t key_r[MEMBER_KEY + 1])
{
	record_key(user, key_r);
	name_key(room, (char *)key_r + RECORD_KEY);
	return RECORD_KEY + strlen((char *)key_r + RECORD_KEY);
}

struct change {
	struct store *store;
	const struct room_facts *facts;
	user_id user;
	const char *room;
};

static enum err put_member(struct store_txn *txn, const struct change *change)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[MEMBER_KEY + 1];
	size_t len = member_key(change->user, change->room, key);

	record_begin(&value, MEMBER_VERSION);
	record_put_i64(&value, clock_wall_ms());
	return store_put(txn, store_table(change->store, "members"), key, len,
			 buf_at(&value), buf_len(&value));
}

enum err roster_begin_room(struct store_txn *txn, struct store *store,
			   const struct room_facts *facts)
{
	struct change change = { store, facts, facts->owner, facts->name };
	AUTO(buf_fini) struct buf value = { 0 };
	char key[NAME_MOST + 1];
	enum err e;

	name_key(facts->name, key);
	room_facts_encode(facts, &value);
	e = store_add(txn, store_table(store, "rooms"), key, strlen(key),
		      buf_at(&value), buf_len(&value));
	if (e == ERR_OK && facts->owner != 0)
		e = put_member(txn, &change);
	return e;
}

static enum err add_room(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;

	return roster_begin_room(txn, change->store, change->facts);
}

enum err roster_add_room(struct store *store, const struct room_facts *facts)
{
	struct change change = { .store = store, .facts = facts };

	return store_run(store, add_room, &change);
}

enum err roster_write_room(struct store_txn *txn, struct store *store,
			   const struct room_facts *facts)
{
	AUTO(buf_fini) struct buf value = { 0 };
	char key[NAME_MOST + 1];

	name_key(facts->name, key);
	room_facts_encode(facts, &value);
	return store_put(txn, store_table(store, "rooms"), key, strlen(key),
			 buf_at(&value), buf_len(&value));
}

static enum err put_room(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;

	return roster_write_room(txn, change->store, change->facts);
}

enum err roster_put_room(struct store *store, const struct room_facts *facts)
{
	struct change change = { .store = store, .facts = facts };

	return store_run(store, put_room, &change);
}

static enum err add_member(struct store_txn *txn, void *arg)
{
	return put_member(txn, arg);
}

enum err roster_add_member(struct store *store, user_id user, const char *room)
{
	struct change change = { .store = store, .user = user, .room = room };

	return store_run(store, add_member, &change);
}

static enum err drop_member(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;
	uint8_t key[MEMBER_KEY + 1];
	size_t len = member_key(change->user, change->room, key);
	enum err e = store_delete(txn, store_table(change->store, "members"),
				  key, len);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err roster_drop_member(struct store *store, user_id user, const char *room)
{
	struct change change = { .store = store, .user = user, .room = room };

	return store_run(store, drop_member, &change);
}

enum err roster_erase_member(struct store_txn *txn, struct store *store,
			     user_id user, const char *room)
{
	struct change change = { .store = store, .user = user, .room = room };

	return drop_member(txn, &change);
}

struct listing {
	struct store *store;
	user_id user;
	struct room_names *names;
};

static bool visit_member(const struct store_record *record, void *arg)
{
	struct listing *listing = arg;
	size_t len = record->key_len - RECORD_KEY;
	struct record_reader r;

	record_open(&r, record->value, record->value_len);
	if (record->key_len > RECORD_KEY && len <= NAME_MOST)
		add_name(listing->names, (const char *)record->key + RECORD_KEY,
			 len, record_get_i64(&r));
	return true;
}

static enum err list_members(struct store_txn *txn, void *arg)
{
	struct listing *listing = arg;
	uint8_t prefix[RECORD_KEY];

	listing->names->count = 0;
	record_key(listing->user, prefix);
	return store_walk(txn, store_table(listing->store, "members"), prefix,
			  sizeof(prefix), visit_member, listing);
}

enum err roster_list(struct store *store, user_id user,
		     struct room_names *names)
{
	struct listing listing = { store, user, names };

	return store_view(store, list_members, &listing);
}

static enum err drop_user(struct store_txn *txn, void *arg)
{
	struct listing *listing = arg;
	enum err e = list_members(txn, listing);

	for (size_t i = 0; e == ERR_OK && i < listing->names->count; i++) {
		struct change change = { .store = listing->store,
					 .user = listing->user,
					 .room = listing->names->names[i] };

		e = drop_member(txn, &change);
	}
	return e;
}

enum err roster_drop_user(struct store *store, user_id user)
{
	AUTO(room_names_fini) struct room_names names = { 0 };
	struct listing listing = { store, user, &names };

	return store_run(store, drop_user, &listing);
}

struct walk {
	struct store *store;
	roster_visit_fn *visit;
	void *arg;
	bool is_bad;
};

static bool visit_room(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct room_facts facts;

	if (room_facts_decode(record->value, record->value_len, &facts))
		walk->visit(&facts, walk->arg);
	else
		walk->is_bad = true;
	return true;
}

static enum err walk_rooms(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;

	return store_walk(txn, store_table(walk->store, "rooms"), "", 0,
			  visit_room, walk);
}

enum err roster_walk(struct store *store, roster_visit_fn *visit, void *arg)
{
	struct walk walk = { store, visit, arg, false };
	enum err e = store_view(store, walk_rooms, &walk);

	return e == ERR_OK && walk.is_bad ? ERR_CORRUPT : e;
}

struct check {
	struct store *store;
	struct room_names rooms;
	struct buf *report;
};

/* What a damaged store holds may be anything: it is shown, not obeyed. */
static void add_key(struct buf *report, const char *key, size_t len)
{
	size_t begin = buf_len(report);

	buf_add(report, key, len);
	text_clean(buf_at(report) + begin, len);
}

static bool check_room(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct room_facts facts;
	char key[NAME_MOST + 1] = "";

	if (room_facts_decode(record->value, record->value_len, &facts))
		name_key(facts.name, key);
	if (strlen(key) == record->key_len && record->key_len > 0 &&
	    memcmp(key, record->key, record->key_len) == 0) {
		add_name(&check->rooms, key, record->key_len, 0);
	} else {
		buf_add_text(check->report, "rooms: the record \"");
		add_key(check->report, record->key, record->key_len);
		buf_add_text(check->report, "\" cannot be read\n");
	}
	return true;
}

static bool is_known(const struct room_names *rooms, const char *name,
		     size_t len)
{
	for (size_t i = 0; i < rooms->count; i++) {
		if (strlen(rooms->names[i]) == len &&
		    memcmp(rooms->names[i], name, len) == 0)
			return true;
	}
	return false;
}

static bool check_member(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	const char *room = (const char *)record->key + RECORD_KEY;

	if (record->key_len <= RECORD_KEY) {
		buf_add_text(check->report, "members: a key is too short\n");
	} else if (!is_known(&check->rooms, room,
			     record->key_len - RECORD_KEY)) {
		buf_print(check->report, "members: user %llu is in a room \"",
			  (unsigned long long)record_key_number(record->key));
		add_key(check->report, room, record->key_len - RECORD_KEY);
		buf_add_text(check->report, "\" that is not there\n");
	}
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;
	enum err e;

	check->rooms.count = 0;
	e = store_walk(txn, store_table(check->store, "rooms"), "", 0,
		       check_room, check);
	if (e == ERR_OK)
		e = store_walk(txn, store_table(check->store, "members"), "", 0,
			       check_member, check);
	return e;
}

enum err roster_verify(struct store *store, struct buf *report)
{
	struct check check = { store, { 0 }, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	room_names_fini(&check.rooms);
	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
