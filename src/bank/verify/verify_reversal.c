/* What was taken back: the entries that did it, and the records of it. */
#include <inttypes.h>
#include <string.h>

#include "bank/reversal.h"
#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "store/record.h"

/* The legs of the original the other way round: all, or the first alone. */
static bool is_reverse(const struct entry *entry, const struct entry *original)
{
	unsigned count = entry->leg_count;

	if (count != original->leg_count && count != 1)
		return false;
	if (original->leg_count == 0)
		return false;
	for (unsigned i = 0; i < count; i++) {
		const struct leg *leg = &entry->legs[i];
		const struct leg *back = &original->legs[count - 1 - i];

		if (leg->debit != back->credit || leg->credit != back->debit ||
		    leg->amount != back->amount)
			return false;
	}
	return true;
}

static enum err check_original(struct verify *v, const struct entry *entry)
{
	struct entry original;
	enum err e = verify_entry(v, entry->reference, &original);

	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK && !is_reverse(entry, &original)))
		verify_tell(v,
			    "entry #%" PRIu64 " does not take back what "
			    "#%" PRIu64 " has moved",
			    entry->seq, entry->reference);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err verify_reversal_entry(struct verify *v, const struct entry *entry)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint64_t by;
	enum err e;

	if (entry->kind != ENTRY_REVERSE)
		return ERR_OK;
	e = check_original(v, entry);
	if (e != ERR_OK)
		return e;
	e = verify_get_at(v, v->tables.reversals, entry->reference, &value);
	if (e == ERR_NOT_FOUND)
		verify_tell(v,
			    "entry #%" PRIu64 " takes back #%" PRIu64
			    ", but no record says so",
			    entry->seq, entry->reference);
	else if (e == ERR_OK &&
		 (!reversal_decode(buf_at(&value), buf_len(&value), &by) ||
		  by != entry->seq))
		verify_tell(v,
			    "entry #%" PRIu64 " takes back #%" PRIu64
			    ", but its record says something else",
			    entry->seq, entry->reference);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err verify_reversal_row(struct verify *v,
			     const struct store_record *record)
{
	struct entry entry;
	uint64_t seq;
	uint64_t by;
	enum err e;

	if (record->key_len != RECORD_KEY ||
	    !reversal_decode(record->value, record->value_len, &by)) {
		verify_tell(v, "bank_reversals: a record cannot be read");
		return ERR_OK;
	}
	seq = record_key_number(record->key);
	e = verify_entry(v, by, &entry);
	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
	     (entry.kind != ENTRY_REVERSE || entry.reference != seq)))
		verify_tell(v,
			    "a record says that #%" PRIu64 " was taken back by "
			    "#%" PRIu64 ", which did not",
			    seq, by);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}
