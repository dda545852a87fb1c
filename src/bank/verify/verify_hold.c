/*
 * Holds made anew from their entries. The open ones are in memory; what is
 * stored of one that was closed never changes again, and is looked at there
 * and then.
 */
#include <inttypes.h>
#include <string.h>

#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "store/record.h"

/* A missing record is found here, or by verify_holds_end(). */
static bool is_same(const struct hold *made, const void *stored, size_t len)
{
	AUTO(buf_fini) struct buf bytes = { 0 };

	hold_encode(made, &bytes);
	return len == buf_len(&bytes) &&
	       memcmp(stored, buf_at(&bytes), len) == 0;
}

static void find_other(struct verify *v, uint64_t seq)
{
	verify_tell(v, "hold #%" PRIu64 " is not what its entries make of it",
		    seq);
}

static enum err check_closed(struct verify *v, const struct hold *hold)
{
	AUTO(buf_fini) struct buf value = { 0 };
	enum err e = verify_get_at(v, v->tables.holds.holds, hold->seq, &value);

	if (e == ERR_NOT_FOUND)
		verify_tell(v, "hold #%" PRIu64 " is missing", hold->seq);
	else if (e == ERR_OK && !is_same(hold, buf_at(&value), buf_len(&value)))
		find_other(v, hold->seq);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err close_hold(struct verify *v, const struct entry *entry)
{
	struct verify_hold *vh = numbers_take(&v->holds, entry->reference);
	enum err e = ERR_OK;

	if (vh == NULL) {
		verify_tell(v,
			    "entry #%" PRIu64 " closes hold #%" PRIu64
			    ", which is not open",
			    entry->seq, entry->reference);
		return ERR_OK;
	}
	if (!hold_apply(&vh->hold, entry) || vh->hold.captured < 0 ||
	    vh->hold.captured > vh->hold.amount)
		verify_tell(v, "entry #%" PRIu64 " does not fit hold #%" PRIu64,
			    entry->seq, entry->reference);
	else
		e = check_closed(v, &vh->hold);
	mem_free(vh);
	return e;
}

enum err verify_hold_entry(struct verify *v, const struct entry *entry)
{
	struct verify_hold *vh;

	switch (entry->kind) {
	case ENTRY_HOLD:
		vh = mem_zero(sizeof(*vh));
		vh->numbered.number = entry->seq;
		numbers_add(&v->holds, &vh->numbered);
		v->extent->holds++;
		return hold_apply(&vh->hold, entry) ? ERR_OK : ERR_CORRUPT;
	case ENTRY_CAPTURE:
	case ENTRY_RELEASE:
	case ENTRY_EXPIRE:
		return close_hold(v, entry);
	default:
		return ERR_OK;
	}
}

static enum err check_origin(struct verify *v, const struct hold *hold)
{
	struct entry entry;
	enum err e = verify_entry(v, hold->seq, &entry);

	if (e == ERR_NOT_FOUND || (e == ERR_OK && entry.kind != ENTRY_HOLD))
		verify_tell(v, "hold #%" PRIu64 " has no entry that made it",
			    hold->seq);
	else if (e == ERR_OK && hold->closed_by == 0)
		find_other(v, hold->seq); /* the entries have closed it */
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err verify_hold_row(struct verify *v, const struct store_record *record)
{
	struct verify_hold *vh;
	struct hold hold;
	struct due due;

	if (record->key_len != RECORD_KEY ||
	    !hold_decode(record->value, record->value_len, &hold) ||
	    hold.seq != record_key_number(record->key)) {
		verify_tell(v, "bank_holds: a record cannot be read");
		return ERR_OK;
	}
	vh = numbers_find(&v->holds, hold.seq);
	if (vh == NULL)
		return check_origin(v, &hold);
	vh->is_seen = true;
	if (!is_same(&vh->hold, record->value, record->value_len)) {
		find_other(v, hold.seq);
		return ERR_OK;
	}
	due = hold_due(&hold);
	return verify_due(v, v->tables.holds.index, "hold", &due);
}

static void look_for(struct numbered *thing, void *arg)
{
	const struct verify_hold *vh = (const struct verify_hold *)thing;

	if (!vh->is_seen)
		verify_tell(arg, "hold #%" PRIu64 " is missing", vh->hold.seq);
}

enum err verify_holds_end(struct verify *v)
{
	numbers_each(&v->holds, look_for, v);
	return ERR_OK;
}

enum err verify_hold_mark(struct verify *v, const struct store_record *record)
{
	const struct verify_hold *vh;
	struct due due;
	uint64_t seq;

	if (!due_number(record, &seq)) {
		verify_tell(v, "bank_hold_index: a record cannot be read");
		return ERR_OK;
	}
	vh = numbers_find(&v->holds, seq);
	if (vh != NULL) {
		due = hold_due(&vh->hold);
		if (due_has_mark(&due, record->key))
			return ERR_OK;
	}
	verify_tell(v,
		    "the index of holds has #%" PRIu64
		    " where no such hold is open",
		    seq);
	return ERR_OK;
}
