/* The journal itself: every entry is there, readable, and chained. */
#include <inttypes.h>
#include <string.h>

#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "store/record.h"

static void find_gap(struct verify *v, uint64_t seq)
{
	uint64_t first = v->head.seq + 1;

	if (seq == first + 1)
		verify_tell(v, "entry #%" PRIu64 " is missing", first);
	else
		verify_tell(v,
			    "entries #%" PRIu64 " to #%" PRIu64 " are missing",
			    first, seq - 1);
}

static void check_chain(struct verify *v, const struct store_record *record,
			uint64_t seq)
{
	if (seq != v->head.seq + 1)
		find_gap(v, seq);
	else if (v->is_chained &&
		 !entry_follows(record->value, record->value_len, v->head.hash))
		verify_tell(v,
			    "entry #%" PRIu64 " was changed, or the one "
			    "before: its hash is another",
			    seq);
}

/* Where the next one goes on, whatever was found. */
static void move_head(struct verify *v, const struct store_record *record,
		      uint64_t seq)
{
	v->head.seq = seq;
	v->is_chained = record->value_len > DIGEST_BYTES;
	if (v->is_chained)
		memcpy(v->head.hash,
		       (const uint8_t *)record->value + record->value_len -
			       DIGEST_BYTES,
		       DIGEST_BYTES);
}

static bool read_entry(struct verify *v, const struct store_record *record,
		       uint64_t seq, struct entry *entry_r)
{
	bool is_read = entry_decode(record->value, record->value_len, entry_r);

	if (!is_read && v->is_first)
		verify_tell(v, "entry #%" PRIu64 " cannot be read", seq);
	if (is_read && entry_r->seq != seq && v->is_first)
		verify_tell(v,
			    "entry #%" PRIu64 " stands where #%" PRIu64
			    " should",
			    entry_r->seq, seq);
	return is_read && entry_r->seq == seq;
}

static void check_known(struct verify *v, const struct entry *entry)
{
	const struct book_head *known = v->scope->known;

	if (known != NULL && known->seq == entry->seq &&
	    memcmp(known->hash, entry->hash, sizeof(entry->hash)) != 0)
		verify_tell(v,
			    "entry #%" PRIu64 " has another hash than was "
			    "told: the journal was written anew",
			    entry->seq);
}

/* Looks at it alone, and beside what it refers to. */
static enum err check_entry(struct verify *v, const struct entry *entry)
{
	enum err e;

	verify_shape(v, entry);
	check_known(v, entry);
	verify_id_entry(v, entry);
	v->extent->entries++;
	e = verify_hold_entry(v, entry);
	if (e == ERR_OK)
		e = verify_reversal_entry(v, entry);
	if (e == ERR_OK)
		e = verify_request_entry(v, entry);
	return e;
}

static enum err take_row(struct verify *v, const struct store_record *record)
{
	struct entry entry;
	uint64_t seq;
	enum err e = ERR_OK;

	if (record->key_len != RECORD_KEY) {
		if (v->is_first)
			verify_tell(v,
				    "bank_entries: a number of %zu bytes "
				    "is no number",
				    record->key_len);
		return ERR_OK;
	}
	seq = record_key_number(record->key);
	if (v->is_first)
		check_chain(v, record, seq);
	move_head(v, record, seq);
	if (!read_entry(v, record, seq, &entry))
		return ERR_OK;
	v->head.time_ms = entry.time_ms;
	v->head.moves += entry.leg_count > 0;
	if (!meta_apply(&v->rules, &entry) && v->is_first)
		verify_tell(v, "entry #%" PRIu64 " makes no rules", seq);
	if (v->is_first)
		e = check_entry(v, &entry);
	return e == ERR_OK ? verify_fold(v, &entry) : e;
}

enum err verify_journal(struct verify *v, uint64_t upto)
{
	enum err e;

	do {
		e = verify_goes_on(v);
		if (e == ERR_OK)
			e = piece_read(&v->entries, v->scope->store,
				       v->tables.entries, PIECE_ROWS);
		for (size_t i = 0; e == ERR_OK && i < v->entries.count; i++) {
			struct store_record record = piece_row(&v->entries, i);

			e = take_row(v, &record);
		}
	} while (e == ERR_OK && !v->entries.is_last && v->head.seq < upto);
	return e;
}

enum err verify_journal_now(struct verify *v)
{
	struct book_head head;
	enum err e;

	if (v->scope->ledger == NULL)
		return verify_journal(v, UINT64_MAX);
	e = book_head(v->scope->store, &head);
	if (e == ERR_CORRUPT) /* which is found in the end */
		e = ERR_OK;
	return e == ERR_OK ? verify_journal(v, head.seq) : e;
}
