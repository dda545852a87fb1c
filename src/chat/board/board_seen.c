/* Which texts of the board users have seen, by the numbers of their changes. */
#include <string.h>

#include "chat/board/board.h"
#include "chat/chat_fields.h"
#include "store/record.h"

enum { SEEN_VERSION = 1 };

struct seen {
	uint64_t versions[BOARD_PARTS];
};

static void encode(const struct seen *seen, struct buf *out)
{
	record_begin(out, SEEN_VERSION);
	for (size_t i = 0; i < BOARD_PARTS; i++)
		record_put_u64(out, seen->versions[i]);
}

static bool decode(const void *bytes, size_t len, struct seen *seen_r)
{
	struct record_reader r;

	record_open(&r, bytes, len);
	for (size_t i = 0; i < BOARD_PARTS; i++)
		seen_r->versions[i] = record_get_u64(&r);
	return record_close(&r) && r.version == SEEN_VERSION;
}

struct look {
	struct store *store;
	user_id user;
	struct seen seen;
};

static enum err read_seen(struct store_txn *txn, void *arg)
{
	struct look *look = arg;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(look->user, key);
	e = store_get(txn, store_table(look->store, "seen"), key, sizeof(key),
		      &value);
	if (e == ERR_OK &&
	    !decode(buf_at(&value), buf_len(&value), &look->seen))
		e = ERR_CORRUPT;
	return e;
}

static enum err write_seen(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(look->user, key);
	encode(&look->seen, &value);
	return store_put(txn, store_table(look->store, "seen"), key,
			 sizeof(key), buf_at(&value), buf_len(&value));
}

/* Not of a user who was removed meanwhile. */
static enum err note_seen(struct chat *chat, struct look *look)
{
	enum err e;

	mutex_lock(&chat->change);
	e = chat_check_user(chat, look->user);
	if (e == ERR_OK)
		e = store_run(chat->store, write_seen, look);
	mutex_unlock(&chat->change);
	return e;
}

enum err board_seen_by(struct chat *chat, user_id user,
		       uint64_t versions_r[BOARD_PARTS])
{
	struct look look = { .store = chat->store, .user = user };
	enum err e = store_view(chat->store, read_seen, &look);

	memcpy(versions_r, look.seen.versions, sizeof(look.seen.versions));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

unsigned board_take_new(struct chat *chat, user_id user)
{
	struct look look = { .store = chat->store, .user = user };
	unsigned unseen = 0;
	struct post post;
	enum err e = store_view(chat->store, read_seen, &look);

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return 0;
	for (unsigned i = 0; i < BOARD_PARTS; i++) {
		if (board_get(chat, i, &post) &&
		    post.version != look.seen.versions[i])
			unseen |= 1U << i;
		look.seen.versions[i] = post.version;
	}
	if (unseen != 0)
		(void)note_seen(chat, &look);
	return unseen;
}

static enum err delete_seen(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(look->user, key);
	e = store_delete(txn, store_table(look->store, "seen"), key,
			 sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err board_forget(struct chat *chat, user_id user)
{
	struct look look = { .store = chat->store, .user = user };

	return store_run(chat->store, delete_seen, &look);
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct seen seen;

	if (record->key_len != RECORD_KEY ||
	    !decode(record->value, record->value_len, &seen))
		buf_add_text(check->report, "seen: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	const struct check *check = arg;

	return store_walk(txn, store_table(check->store, "seen"), "", 0,
			  check_one, arg);
}

enum err board_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
