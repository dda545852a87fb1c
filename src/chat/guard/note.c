#include "chat/guard/note.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "store/record.h"

enum { NOTE_VERSION = 1 };

void note_encode(const struct note *note, struct buf *out)
{
	record_begin(out, NOTE_VERSION);
	record_put_u64(out, note->id);
	record_put_text(out, note->by);
	record_put_u8(out, (uint8_t)note->by_rank);
	record_put_i64(out, note->time_ms);
	record_put_text(out, note->text);
}

bool note_decode(const void *bytes, size_t len, struct note *note_r)
{
	struct record_reader r;

	memset(note_r, 0, sizeof(*note_r));
	record_open(&r, bytes, len);
	note_r->id = record_get_u64(&r);
	record_get_text(&r, note_r->by, sizeof(note_r->by));
	note_r->by_rank = record_get_u8(&r);
	note_r->time_ms = record_get_i64(&r);
	record_get_text(&r, note_r->text, sizeof(note_r->text));
	return record_close(&r) && r.version == NOTE_VERSION &&
	       note_r->id != 0 && note_r->by_rank <= RANK_ADMIN;
}

struct listing {
	struct store *store;
	user_id user;
	struct note *notes;
	size_t count;
	bool is_bad;
};

static bool list_one(const struct store_record *record, void *arg)
{
	struct listing *listing = arg;

	listing->notes = mem_resize(
		listing->notes, (listing->count + 1) * sizeof(*listing->notes));
	if (note_decode(record->value, record->value_len,
			&listing->notes[listing->count]))
		listing->count++;
	else
		listing->is_bad = true;
	return true;
}

static enum err list(struct store_txn *txn, void *arg)
{
	struct listing *listing = arg;
	uint8_t prefix[RECORD_KEY];

	listing->count = 0;
	record_key(listing->user, prefix);
	return store_walk(txn, store_table(listing->store, "notes"), prefix,
			  sizeof(prefix), list_one, listing);
}

enum err note_list(struct store *store, user_id user, struct note **notes_r,
		   size_t *count_r)
{
	struct listing listing = { .store = store, .user = user };
	enum err e = store_view(store, list, &listing);

	*notes_r = listing.notes;
	*count_r = listing.count;
	return e == ERR_OK && listing.is_bad ? ERR_CORRUPT : e;
}

/* A note that is new, or those of a user that are no more. */
struct change {
	struct store *store;
	user_id user;
	struct note *notes;
	size_t count;
};

static enum err write_new(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY_PAIR];
	enum err e = store_next(txn, "note", &change->notes->id);

	if (e != ERR_OK)
		return e;
	record_key_pair(change->user, change->notes->id, key);
	note_encode(change->notes, &value);
	return store_add(txn, store_table(change->store, "notes"), key,
			 sizeof(key), buf_at(&value), buf_len(&value));
}

static enum err write_gone(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;
	struct store_table *table = store_table(change->store, "notes");
	uint8_t key[RECORD_KEY_PAIR];
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < change->count; i++) {
		record_key_pair(change->user, change->notes[i].id, key);
		e = store_delete(txn, table, key, sizeof(key));
	}
	return e;
}

static enum err check_actor(const struct actor *by, const struct user *user,
			    struct refusal *why)
{
	enum rank whom = rank_of_roles(user->roles);
	enum err e = permit_check(PERMIT_NOTE, rank_of_roles(by->roles), whom);

	if (e == ERR_NOT_ALLOWED)
		return refusal_give(why, e, "That is for moderators.");
	if (e == ERR_RANK)
		return refusal_give(why, e, "%s is of a higher rank: %s.",
				    user->name, rank_word(whom));
	return e;
}

static enum err check_add(struct chat *chat, const struct user *user,
			  const char *text, struct refusal *why)
{
	struct note *notes;
	size_t count;
	enum err e;

	if (text[0] == '\0' || strlen(text) > NOTE_TEXT_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A note has 1 to %d bytes.",
				    NOTE_TEXT_MOST);
	e = chat_check_user(chat, user->id);
	if (e != ERR_OK)
		return e;
	e = note_list(chat->store, user->id, &notes, &count);
	mem_free(notes);
	if (e == ERR_OK && count >= NOTES_MOST)
		e = refusal_give(why, ERR_LIMIT,
				 "There are at most %d notes on a user: remove "
				 "some first.",
				 NOTES_MOST);
	return e;
}

enum err note_add(struct chat *chat, const struct actor *by,
		  const struct user *user, const char *text, uint64_t *id_r,
		  struct refusal *why)
{
	struct note note = { .by_rank = rank_of_roles(by->roles),
			     .time_ms = clock_wall_ms() };
	struct change change = { chat->store, user->id, &note, 1 };
	struct act act = { .by = by,
			   .action = "user.note",
			   .target = user->name };
	enum err e = check_actor(by, user, why);

	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->change);
	e = check_add(chat, user, text, why);
	if (e == ERR_OK) {
		memcpy(note.by, by->name, sizeof(note.by));
		snprintf(note.text, sizeof(note.text), "%s", text);
		e = act_run(chat, &act, write_new, &change);
	}
	mutex_unlock(&chat->change);
	*id_r = note.id;
	return e;
}

/* ERR_OK, and a copy. */
static enum err find(struct chat *chat, user_id user, uint64_t id,
		     struct note *note_r)
{
	struct note *notes;
	size_t count;
	enum err e = note_list(chat->store, user, &notes, &count);
	size_t i = 0;

	while (i < count && notes[i].id != id)
		i++;
	if (e == ERR_OK && i == count)
		e = ERR_NOT_FOUND;
	if (e == ERR_OK)
		*note_r = notes[i];
	mem_free(notes);
	return e;
}

/* With the change lock. */
static enum err remove_one(struct chat *chat, const struct actor *by,
			   const struct user *user, uint64_t id,
			   struct refusal *why)
{
	struct note note;
	struct change change = { chat->store, user->id, &note, 1 };
	char number[32];
	struct act act = { .by = by,
			   .action = "user.unnote",
			   .target = user->name,
			   .detail = number };
	enum err e = find(chat, user->id, id, &note);

	if (e == ERR_NOT_FOUND)
		return refusal_give(why, e,
				    "There is no note #%" PRIu64 " on %s.", id,
				    user->name);
	if (e == ERR_OK && rank_of_roles(by->roles) < note.by_rank)
		return refusal_give(why, ERR_RANK,
				    "%s, of a higher rank: %s, wrote that.",
				    note.by, rank_word(note.by_rank));
	snprintf(number, sizeof(number), "#%" PRIu64, id);
	return e == ERR_OK ? act_run(chat, &act, write_gone, &change) : e;
}

enum err note_remove(struct chat *chat, const struct actor *by,
		     const struct user *user, uint64_t id, struct refusal *why)
{
	enum err e = check_actor(by, user, why);

	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->change);
	e = remove_one(chat, by, user, id, why);
	mutex_unlock(&chat->change);
	return e;
}

enum err note_forget(struct chat *chat, user_id user)
{
	struct change change = { .store = chat->store, .user = user };
	enum err e = note_list(chat->store, user, &change.notes, &change.count);

	if (e == ERR_OK && change.count > 0)
		e = store_run(chat->store, write_gone, &change);
	mem_free(change.notes);
	return e;
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	const uint8_t *key = record->key;
	struct note note;

	if (record->key_len != RECORD_KEY_PAIR ||
	    !note_decode(record->value, record->value_len, &note) ||
	    record_key_number(key + RECORD_KEY) != note.id)
		buf_add_text(check->report, "notes: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	const struct check *check = arg;

	return store_walk(txn, store_table(check->store, "notes"), "", 0,
			  check_one, arg);
}

enum err note_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
