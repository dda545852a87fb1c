#include "audit/trail.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"

enum { HEAD_VERSION = 1 };

static const char head_key[] = "head";

struct trail {
	struct store *store; /* immutable */
};

struct trail *trail_new(struct store *store)
{
	struct trail *trail = mem_zero(sizeof(*trail));

	trail->store = store;
	return trail;
}

void trail_free(struct trail **trail)
{
	mem_free(*trail);
	*trail = NULL;
}

static enum err get_head(struct store_txn *txn, struct trail *trail,
			 struct trail_head *head_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct record_reader r;
	enum err e = store_get(txn, store_table(trail->store, "audit_state"),
			       head_key, strlen(head_key), &value);

	memset(head_r, 0, sizeof(*head_r));
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	if (buf_len(&value) <= DIGEST_BYTES)
		return ERR_CORRUPT;
	record_open(&r, buf_at(&value), buf_len(&value) - DIGEST_BYTES);
	head_r->sequence = record_get_u64(&r);
	memcpy(head_r->hash, buf_at(&value) + buf_len(&value) - DIGEST_BYTES,
	       DIGEST_BYTES);
	return record_close(&r) && r.version == HEAD_VERSION ? ERR_OK
							     : ERR_CORRUPT;
}

static enum err put_head(struct store_txn *txn, struct trail *trail,
			 uint64_t sequence, const uint8_t *hash)
{
	AUTO(buf_fini) struct buf value = { 0 };

	record_begin(&value, HEAD_VERSION);
	record_put_u64(&value, sequence);
	buf_add(&value, hash, DIGEST_BYTES);
	return store_put(txn, store_table(trail->store, "audit_state"),
			 head_key, strlen(head_key), buf_at(&value),
			 buf_len(&value));
}

enum err trail_write(struct store_txn *txn, struct trail *trail,
		     const struct audit_entry *entry)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct audit_record record = { .time_ms = clock_wall_ms(),
				       .entry = *entry };
	struct trail_head head;
	uint8_t key[RECORD_KEY];
	enum err e = get_head(txn, trail, &head);

	if (e != ERR_OK)
		return e;
	if (record.entry.outcome[0] == '\0')
		AUDIT_SET(record.entry.outcome, err_code(ERR_OK));
	record.sequence = head.sequence + 1;
	audit_record_encode(&record, head.hash, &value);
	record_key(record.sequence, key);
	e = store_add(txn, store_table(trail->store, "audit"), key, sizeof(key),
		      buf_at(&value), buf_len(&value));
	if (e != ERR_OK)
		return e == ERR_EXISTS ? ERR_CORRUPT : e;
	return put_head(txn, trail, record.sequence,
			(const uint8_t *)buf_at(&value) + buf_len(&value) -
				DIGEST_BYTES);
}

struct note {
	struct trail *trail;
	const struct audit_entry *entry;
};

static enum err write_note(struct store_txn *txn, void *arg)
{
	const struct note *note = arg;

	return trail_write(txn, note->trail, note->entry);
}

enum err trail_note(struct trail *trail, const struct audit_entry *entry)
{
	struct note note = { trail, entry };

	return store_run(trail->store, write_note, &note);
}

struct look {
	struct trail *trail;
	struct trail_head *head_r;
};

static enum err look(struct store_txn *txn, void *arg)
{
	const struct look *l = arg;

	return get_head(txn, l->trail, l->head_r);
}

enum err trail_head(struct trail *trail, struct trail_head *head_r)
{
	struct look l = { trail, head_r };

	return store_view(trail->store, look, &l);
}

struct walk {
	struct trail *trail;
	uint64_t from;
	trail_visit_fn *visit;
	void *arg;
	bool is_bad;
};

static bool visit_record(const struct store_record *record, void *arg)
{
	struct walk *walk = arg;
	struct audit_record entry;

	if (!audit_record_decode(record->value, record->value_len, &entry) ||
	    record->key_len != RECORD_KEY ||
	    record_key_number(record->key) != entry.sequence) {
		walk->is_bad = true;
		return false;
	}
	/* After a deadlock the walk begins anew: what was seen is passed. */
	if (entry.sequence < walk->from)
		return true;
	walk->from = entry.sequence + 1;
	return walk->visit(&entry, walk->arg);
}

static enum err walk_records(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;
	uint8_t key[RECORD_KEY];

	record_key(walk->from, key);
	return store_walk_from(txn, store_table(walk->trail->store, "audit"),
			       key, sizeof(key), visit_record, walk);
}

enum err trail_walk(struct trail *trail, uint64_t from, trail_visit_fn *visit,
		    void *arg)
{
	struct walk walk = { trail, from, visit, arg, false };
	enum err e = store_view(trail->store, walk_records, &walk);

	return e == ERR_OK && walk.is_bad ? ERR_CORRUPT : e;
}
