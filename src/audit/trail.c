#include "audit/trail.h"

#include <stdatomic.h>
#include <string.h>

#include "audit/lag.h"
#include "audit/trail_state.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/record.h"

enum { PRUNED_AT_ONCE = 4096 };

struct trail {
	struct store *store;        /* immutable */
	struct trail_tables tables; /* immutable */
	struct lag lag;
};

struct trail *trail_new(struct store *store)
{
	struct trail *trail = mem_zero(sizeof(*trail));

	trail->store = store;
	trail->tables.records = store_table(store, "audit");
	trail->tables.ends = store_table(store, "audit_state");
	trail->tables.exports = store_table(store, "audit_export");
	lag_init(&trail->lag, TRAIL_BACKLOG);
	return trail;
}

void trail_free(struct trail **trail)
{
	if (*trail != NULL)
		lag_fini(&(*trail)->lag);
	mem_free(*trail);
	*trail = NULL;
}

struct store *trail_store(struct trail *trail)
{
	return trail->store;
}

static enum err add_record(struct store_txn *txn, struct trail *trail,
			   const struct audit_record *record,
			   struct trail_head *head)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	audit_record_encode(record, head->hash, &value);
	record_key(record->sequence, key);
	e = store_add(txn, trail->tables.records, key, sizeof(key),
		      buf_at(&value), buf_len(&value));
	if (e != ERR_OK)
		return e == ERR_EXISTS ? ERR_CORRUPT : e;
	head->sequence = record->sequence;
	memcpy(head->hash, buf_at(&value) + buf_len(&value) - DIGEST_BYTES,
	       DIGEST_BYTES);
	return ERR_OK;
}

enum err trail_add(struct store_txn *txn, struct trail *trail,
		   struct trail_batch *batch, const struct audit_entry *entry)
{
	struct audit_record record = { .time_ms = clock_wall_ms(),
				       .entry = *entry };
	enum err e = batch->is_begun ? ERR_OK
				     : trail_get_head(txn, &trail->tables,
						      &batch->head);

	if (e != ERR_OK)
		return e;
	batch->is_begun = true;
	if (record.entry.outcome[0] == '\0')
		AUDIT_SET(record.entry.outcome, err_code(ERR_OK));
	record.sequence = batch->head.sequence + 1;
	if (!lag_ask(&trail->lag, record.sequence))
		return ERR_AUDIT_DOWN;
	return add_record(txn, trail, &record, &batch->head);
}

enum err trail_end(struct store_txn *txn, struct trail *trail,
		   const struct trail_batch *batch)
{
	return batch->is_begun
		       ? trail_put_head(txn, &trail->tables, &batch->head)
		       : ERR_OK;
}

enum err trail_write(struct store_txn *txn, struct trail *trail,
		     const struct audit_entry *entry)
{
	struct trail_batch batch = { 0 };
	enum err e = trail_add(txn, trail, &batch, entry);

	return e == ERR_OK ? trail_end(txn, trail, &batch) : e;
}

bool trail_is_down(const struct trail *trail)
{
	return lag_is_too_far(&trail->lag);
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

/* One of the states, or one record, in a view. */
struct look {
	struct trail *trail;
	struct trail_head *head_r;
	struct trail_cursor *cursor_r;
	uint64_t sequence;
	struct buf *bytes;
};

static enum err look_at_head(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;

	return trail_get_head(txn, &look->trail->tables, look->head_r);
}

enum err trail_head(struct trail *trail, struct trail_head *head_r)
{
	struct look look = { .trail = trail, .head_r = head_r };

	return store_view(trail->store, look_at_head, &look);
}

static enum err look_at_begin(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;

	return trail_get_begin(txn, &look->trail->tables, look->head_r);
}

enum err trail_begin(struct trail *trail, struct trail_head *begin_r)
{
	struct look look = { .trail = trail, .head_r = begin_r };

	return store_view(trail->store, look_at_begin, &look);
}

static enum err look_at_cursor(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;

	return trail_get_cursor(txn, &look->trail->tables, look->cursor_r);
}

enum err trail_exported(struct trail *trail, struct trail_cursor *cursor_r)
{
	struct look look = { .trail = trail, .cursor_r = cursor_r };

	return store_view(trail->store, look_at_cursor, &look);
}

static enum err look_at_record(struct store_txn *txn, void *arg)
{
	const struct look *look = arg;
	uint8_t key[RECORD_KEY];

	record_key(look->sequence, key);
	return store_get(txn, look->trail->tables.records, key, sizeof(key),
			 look->bytes);
}

enum err trail_read(struct trail *trail, uint64_t sequence, struct buf *bytes)
{
	struct look look = { .trail = trail,
			     .sequence = sequence,
			     .bytes = bytes };

	return store_view(trail->store, look_at_record, &look);
}

struct walk {
	struct trail *trail;
	uint64_t from;
	trail_row_fn *visit;
	void *arg;
	bool is_bad;
};

static bool visit_record(const struct store_record *stored, void *arg)
{
	struct walk *walk = arg;
	struct audit_record record;
	struct trail_row row = { &record, stored->value, stored->value_len };

	if (!audit_record_decode(stored->value, stored->value_len, &record) ||
	    stored->key_len != RECORD_KEY ||
	    record_key_number(stored->key) != record.sequence) {
		walk->is_bad = true;
		return false;
	}
	/* After a deadlock the walk begins anew: what was seen is passed. */
	if (record.sequence < walk->from)
		return true;
	walk->from = record.sequence + 1;
	return walk->visit(&row, walk->arg);
}

static enum err walk_records(struct store_txn *txn, void *arg)
{
	struct walk *walk = arg;
	uint8_t key[RECORD_KEY];

	record_key(walk->from, key);
	return store_scan(txn, walk->trail->tables.records, key, sizeof(key),
			  visit_record, walk);
}

enum err trail_walk_rows(struct trail *trail, uint64_t from,
			 trail_row_fn *visit, void *arg)
{
	struct walk walk = { trail, from, visit, arg, false };
	enum err e = store_view(trail->store, walk_records, &walk);

	return e == ERR_OK && walk.is_bad ? ERR_CORRUPT : e;
}

struct plain_walk {
	trail_visit_fn *visit;
	void *arg;
};

static bool visit_plainly(const struct trail_row *row, void *arg)
{
	const struct plain_walk *plain = arg;

	return plain->visit(row->record, plain->arg);
}

enum err trail_walk(struct trail *trail, uint64_t from, trail_visit_fn *visit,
		    void *arg)
{
	struct plain_walk plain = { visit, arg };

	return trail_walk_rows(trail, from, visit_plainly, &plain);
}

void trail_bound(struct trail *trail, uint64_t most)
{
	atomic_store(&trail->lag.most, most);
}

void trail_follow(struct trail *trail, uint64_t sequence)
{
	lag_follow(&trail->lag, sequence);
}

void trail_stick(struct trail *trail, bool is_stuck)
{
	lag_stick(&trail->lag, is_stuck);
}

void trail_on_haste(struct trail *trail, void (*hurry)(void *arg), void *arg)
{
	trail->lag.hurry = hurry;
	trail->lag.arg = arg;
}

void trail_pace(struct trail *trail)
{
	lag_pace(&trail->lag);
}

bool trail_is_pressing(const struct trail *trail)
{
	return lag_is_pressing(&trail->lag);
}

enum err trail_waiting(struct trail *trail, uint64_t *count_r)
{
	uint64_t exported = atomic_load(&trail->lag.exported);
	struct trail_head head;
	enum err e = trail_head(trail, &head);

	*count_r = e == ERR_OK && head.sequence > exported
			   ? head.sequence - exported
			   : 0;
	return e;
}

struct advance {
	struct trail *trail;
	const struct trail_cursor *cursor;
};

static bool is_old(const struct store_record *record, void *arg)
{
	const uint64_t *last = arg;

	return record->key_len == RECORD_KEY &&
	       record_key_number(record->key) <= *last;
}

/*
 * The last record that goes is remembered by its hash. What is missing is for
 * audit_verify() to find, not for us to stop at.
 */
static enum err prune(struct store_txn *txn, struct trail *trail,
		      struct trail_head *begin, uint64_t last)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct look look = { .trail = trail,
			     .sequence = last,
			     .bytes = &bytes };
	struct audit_record record;
	uint8_t key[RECORD_KEY];
	enum err e = look_at_record(txn, &look);

	if (e != ERR_OK ||
	    !audit_record_decode(buf_at(&bytes), buf_len(&bytes), &record))
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	record_key(begin->sequence + 1, key);
	e = store_drop(txn, trail->tables.records, key, sizeof(key), false,
		       is_old, &last);
	if (e != ERR_OK)
		return e;
	begin->sequence = last;
	memcpy(begin->hash, record.hash, sizeof(begin->hash));
	return trail_put_begin(txn, &trail->tables, begin);
}

static enum err advance(struct store_txn *txn, void *arg)
{
	const struct advance *a = arg;
	struct trail *trail = a->trail;
	uint64_t exported = a->cursor->last.sequence;
	struct trail_head begin;
	enum err e = trail_put_cursor(txn, &trail->tables, a->cursor);

	if (e == ERR_OK)
		e = trail_get_begin(txn, &trail->tables, &begin);
	if (e != ERR_OK || exported <= begin.sequence + TRAIL_KEEP)
		return e;
	exported -= TRAIL_KEEP;
	if (exported > begin.sequence + PRUNED_AT_ONCE)
		exported = begin.sequence + PRUNED_AT_ONCE;
	return prune(txn, trail, &begin, exported);
}

enum err trail_advance(struct trail *trail, const struct trail_cursor *cursor)
{
	struct advance a = { trail, cursor };

	return store_run(trail->store, advance, &a);
}
