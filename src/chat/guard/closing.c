#include "chat/guard/closing.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/room_fields.h"
#include "store/record.h"

enum { CLOSING_VERSION = 1 };

void closing_encode(const struct closing *closing, struct buf *out)
{
	record_begin(out, CLOSING_VERSION);
	record_put_text(out, closing->by);
	record_put_u8(out, (uint8_t)closing->by_rank);
	record_put_i64(out, closing->since_ms);
	record_put_text(out, closing->reason);
}

bool closing_decode(const void *bytes, size_t len, struct closing *closing_r)
{
	struct record_reader r;

	memset(closing_r, 0, sizeof(*closing_r));
	record_open(&r, bytes, len);
	record_get_text(&r, closing_r->by, sizeof(closing_r->by));
	closing_r->by_rank = record_get_u8(&r);
	closing_r->since_ms = record_get_i64(&r);
	record_get_text(&r, closing_r->reason, sizeof(closing_r->reason));
	return record_close(&r) && r.version == CLOSING_VERSION &&
	       closing_r->by_rank <= RANK_ADMIN;
}

bool closing_get(struct room *room, struct closing *closing_r)
{
	bool is_closed;

	mutex_lock(&room->lock);
	is_closed = room->closing != NULL;
	if (is_closed && closing_r != NULL)
		*closing_r = *room->closing;
	mutex_unlock(&room->lock);
	return is_closed;
}

enum err closing_check(struct room *room, struct refusal *why)
{
	struct closing closing;
	char since[CLOCK_TEXT];

	if (!closing_get(room, &closing))
		return ERR_OK;
	clock_print(closing.since_ms, since);
	return refusal_give(why, ERR_ROOM_CLOSED, "%s is closed since %s%s%s",
			    room_name(room), since,
			    closing.reason[0] == '\0' ? "." : ": ",
			    closing.reason);
}

enum err closing_join(struct room *room, const struct actor *by,
		      const char *key, struct refusal *why)
{
	(void)by;
	(void)key;
	return closing_check(room, why);
}

struct loading {
	struct chat *chat;
	bool is_bad;
};

/* The default room is open, whatever it was before it became that. */
static bool load_one(const struct store_record *record, void *arg)
{
	struct loading *loading = arg;
	char name[NAME_MOST + 1] = "";
	struct closing closing;
	struct room *room;

	if (record->key_len < sizeof(name))
		memcpy(name, record->key, record->key_len);
	if (!closing_decode(record->value, record->value_len, &closing)) {
		loading->is_bad = true;
		return true;
	}
	room = chat_room(loading->chat, name);
	if (room != NULL &&
	    name_compare(name, loading->chat->default_name) != 0) {
		mutex_lock(&room->lock);
		mem_free(room->closing);
		room->closing = mem_copy(&closing, sizeof(closing));
		mutex_unlock(&room->lock);
	}
	room_unref(&room);
	return true;
}

static enum err load(struct store_txn *txn, void *arg)
{
	const struct loading *loading = arg;

	return store_walk(txn, store_table(loading->chat->store, "closings"),
			  "", 0, load_one, arg);
}

enum err closing_load(struct chat *chat)
{
	struct loading loading = { chat, false };
	enum err e = store_view(chat->store, load, &loading);

	return e == ERR_OK && loading.is_bad ? ERR_CORRUPT : e;
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct closing closing;

	if (record->key_len > NAME_MOST ||
	    !closing_decode(record->value, record->value_len, &closing))
		buf_add_text(check->report,
			     "closings: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	const struct check *check = arg;

	return store_walk(txn, store_table(check->store, "closings"), "", 0,
			  check_one, arg);
}

enum err closing_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
