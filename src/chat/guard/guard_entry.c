#include "chat/guard/guard_entry.h"

#include <stdio.h>
#include <string.h>

#include "store/record.h"

enum { GUARD_VERSION = 1 };

struct guard_subject guard_subject(user_id user, role_set roles,
				   const char *address)
{
	struct guard_subject subject = { .user = user, .roles = roles };

	if (!network_parse_address(address, &subject.host))
		subject.host.bits = 0;
	return subject;
}

static bool is_for_guests(const struct guard_entry *entry)
{
	return entry->user == 0 && entry->name[0] != '\0';
}

bool guard_entry_hits(const struct guard_entry *entry,
		      const struct guard_subject *subject)
{
	enum rank rank = rank_of_roles(subject->roles);

	if (entry->user != 0)
		return entry->user == subject->user;
	if (is_for_guests(entry) && subject->user != 0 &&
	    subject->since_ms < entry->since_ms)
		return false;
	return subject->host.bits != 0 && rank <= entry->by_rank &&
	       rank < RANK_ADMIN &&
	       network_has(&entry->network, &subject->host);
}

bool guard_entry_is_over(const struct guard_entry *entry, int64_t now_ms)
{
	return entry->until_ms != 0 && entry->until_ms <= now_ms;
}

bool guard_entry_outlasts(const struct guard_entry *a,
			  const struct guard_entry *b)
{
	if (b->until_ms == 0)
		return false;
	return a->until_ms == 0 || a->until_ms > b->until_ms;
}

void guard_entry_print_whom(const struct guard_entry *entry,
			    char text_r[GUARD_WHOM_TEXT])
{
	char network[NETWORK_TEXT];

	if (entry->user != 0) {
		snprintf(text_r, GUARD_WHOM_TEXT, "%s", entry->name);
		return;
	}
	network_print(&entry->network, network);
	if (is_for_guests(entry))
		snprintf(text_r, GUARD_WHOM_TEXT, "guests of %s (%s)", network,
			 entry->name);
	else
		snprintf(text_r, GUARD_WHOM_TEXT, "%s", network);
}

void guard_entry_encode(const struct guard_entry *entry, struct buf *out)
{
	record_begin(out, GUARD_VERSION);
	record_put_u64(out, entry->id);
	record_put_u8(out, (uint8_t)entry->kind);
	record_put_u64(out, entry->user);
	for (size_t i = 0; i < NETWORK_BYTES; i++)
		record_put_u8(out, entry->network.bytes[i]);
	record_put_u8(out, (uint8_t)entry->network.bits);
	record_put_text(out, entry->name);
	record_put_text(out, entry->by);
	record_put_u8(out, (uint8_t)entry->by_rank);
	record_put_i64(out, entry->since_ms);
	record_put_i64(out, entry->until_ms);
	record_put_text(out, entry->reason);
}

/* One that network_parse() could have made, and bits 0 for a user. */
static bool is_sound_network(const struct guard_entry *entry)
{
	struct network cut = entry->network;

	if (entry->user != 0)
		return cut.bits == 0;
	if (cut.bits == 0 || cut.bits > NETWORK_BITS)
		return false;
	cut.bits = NETWORK_BITS;
	return network_has(&entry->network, &cut);
}

static bool is_sound(const struct guard_entry *entry)
{
	return entry->id != 0 &&
	       (entry->kind == GUARD_BAN || entry->kind == GUARD_MUTE) &&
	       entry->by_rank <= RANK_ADMIN && entry->until_ms >= 0 &&
	       is_sound_network(entry);
}

bool guard_entry_decode(const void *bytes, size_t len,
			struct guard_entry *entry_r)
{
	struct record_reader r;

	memset(entry_r, 0, sizeof(*entry_r));
	record_open(&r, bytes, len);
	entry_r->id = record_get_u64(&r);
	entry_r->kind = record_get_u8(&r);
	entry_r->user = record_get_u64(&r);
	for (size_t i = 0; i < NETWORK_BYTES; i++)
		entry_r->network.bytes[i] = record_get_u8(&r);
	entry_r->network.bits = record_get_u8(&r);
	record_get_text(&r, entry_r->name, sizeof(entry_r->name));
	record_get_text(&r, entry_r->by, sizeof(entry_r->by));
	entry_r->by_rank = record_get_u8(&r);
	entry_r->since_ms = record_get_i64(&r);
	entry_r->until_ms = record_get_i64(&r);
	record_get_text(&r, entry_r->reason, sizeof(entry_r->reason));
	return record_close(&r) && r.version == GUARD_VERSION &&
	       is_sound(entry_r);
}

enum err guard_entry_add(struct store_txn *txn, struct store *store,
			 struct guard_entry *entry)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e = store_next(txn, "guard", &entry->id);

	if (e != ERR_OK)
		return e;
	record_key(entry->id, key);
	guard_entry_encode(entry, &value);
	return store_add(txn, store_table(store, "guards"), key, sizeof(key),
			 buf_at(&value), buf_len(&value));
}

enum err guard_entry_delete(struct store_txn *txn, struct store *store,
			    uint64_t id)
{
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(id, key);
	e = store_delete(txn, store_table(store, "guards"), key, sizeof(key));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

struct check {
	struct store *store;
	struct buf *report;
};

static bool check_one(const struct store_record *record, void *arg)
{
	struct check *check = arg;
	struct guard_entry entry;

	if (record->key_len != RECORD_KEY ||
	    !guard_entry_decode(record->value, record->value_len, &entry) ||
	    record_key_number(record->key) != entry.id)
		buf_add_text(check->report,
			     "guards: a record cannot be read\n");
	return true;
}

static enum err check_all(struct store_txn *txn, void *arg)
{
	struct check *check = arg;

	return store_walk(txn, store_table(check->store, "guards"), "", 0,
			  check_one, check);
}

enum err guard_verify(struct store *store, struct buf *report)
{
	struct check check = { store, report };
	size_t before = buf_len(report);
	enum err e = store_view(store, check_all, &check);

	return e == ERR_OK && buf_len(report) > before ? ERR_CORRUPT : e;
}
