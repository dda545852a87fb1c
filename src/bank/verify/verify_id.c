/*
 * The ids of entries and what is remembered under them. Both are only added
 * up; when that differs each is looked up, which takes minutes where there are
 * millions.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/judge/repeat.h"
#include "bank/verify/verify_fields.h"
#include "base/mem.h"
#include "crypto/random.h"
#include "store/record.h"

static uint64_t stir(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

/* Whoever does not know the secret cannot make two that add up to the same. */
static uint64_t weigh(const struct verify *v, const struct verify_id *r)
{
	const uint64_t words[] = {
		record_key_number(r->id.bytes),
		record_key_number(r->id.bytes + RECORD_KEY),
		r->user,
		r->seq,
		(uint64_t)r->time_ms,
	};
	uint64_t sum = v->ids.secret[COUNT(words)];

	for (size_t i = 0; i < COUNT(words); i++)
		sum = stir(sum + words[i] * v->ids.secret[i]);
	return sum;
}

void verify_ids_init(struct verify *v)
{
	random_bytes(v->ids.secret, sizeof(v->ids.secret));
	for (size_t i = 0; i < COUNT(v->ids.secret); i++)
		v->ids.secret[i] |= 1;
}

static struct verify_id of_entry(const struct entry *entry)
{
	return (struct verify_id){ entry->id, entry->actor, entry->seq,
				   entry->time_ms };
}

void verify_id_entry(struct verify *v, const struct entry *entry)
{
	struct verify_id r = of_entry(entry);

	if (!uuid_is_none(&entry->id))
		v->ids.of_entries += weigh(v, &r);
}

static void print_id(const struct verify_id *r, char text_r[VERIFY_NAME])
{
	char id[UUID_TEXT];

	uuid_print(&r->id, id);
	(void)snprintf(text_r, VERIFY_NAME, "id %s of user %" PRIu64, id,
		       r->user);
}

static bool read_row(const struct store_record *record, struct repeat *repeat_r,
		     struct verify_id *id_r)
{
	const uint8_t *key = record->key;

	if (record->key_len != REPEAT_KEY ||
	    !repeat_decode(record->value, record->value_len, repeat_r))
		return false;
	memcpy(id_r->id.bytes, key, UUID_BYTES);
	id_r->user = record_key_number(key + UUID_BYTES);
	id_r->seq = repeat_r->seq;
	id_r->time_ms = repeat_r->time_ms;
	return true;
}

static void find_orphan(struct verify *v, const struct verify_id *r)
{
	char name[VERIFY_NAME];

	print_id(r, name);
	verify_tell(v,
		    "%s is remembered for entry #%" PRIu64
		    ", which does not carry it",
		    name, r->seq);
}

/* While orders are carried out, more may come than was read before. */
static void keep_ahead(struct verify *v, const struct verify_id *r)
{
	if (v->scope->ledger == NULL)
		find_orphan(v, r);
	else if (r->seq > v->ids.ahead.seq)
		v->ids.ahead = *r;
}

static enum err add_row(struct verify *v, const struct store_record *record)
{
	struct verify_id r;
	struct repeat repeat;

	if (!read_row(record, &repeat, &r)) {
		verify_tell(v, "bank_ids: a record cannot be read");
		return ERR_OK;
	}
	v->extent->ids++;
	if (repeat.number > v->ids.request)
		v->ids.request = repeat.number;
	if (r.seq == 0)
		return ERR_OK;
	if (r.seq > v->head.seq)
		keep_ahead(v, &r);
	else if (repeat.result == ERR_OK)
		v->ids.remembered += weigh(v, &r);
	else
		find_orphan(v, &r);
	return ERR_OK;
}

/* Something differs: now each is looked up, to say which. */
static enum err name_row(struct verify *v, const struct store_record *record)
{
	struct repeat repeat;
	struct verify_id r;
	struct entry entry;
	enum err e;

	if (!read_row(record, &repeat, &r) || r.seq == 0 || r.seq > v->head.seq)
		return ERR_OK;
	e = verify_entry(v, r.seq, &entry);
	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
	     (!uuid_equal(&entry.id, &r.id) || entry.actor != r.user ||
	      entry.time_ms != r.time_ms)))
		find_orphan(v, &r);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err name_entry(struct verify *v, const struct store_record *record)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct repeat repeat = { .seq = 0 };
	uint8_t key[REPEAT_KEY];
	char name[VERIFY_NAME];
	struct entry entry;
	struct verify_id r;
	enum err e;

	if (!entry_decode(record->value, record->value_len, &entry) ||
	    uuid_is_none(&entry.id) || entry.seq > v->head.seq)
		return ERR_OK;
	repeat_key(&entry.id, entry.actor, key);
	e = verify_get(v, v->tables.ids, key, sizeof(key), &value);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_OK &&
	    repeat_decode(buf_at(&value), buf_len(&value), &repeat) &&
	    repeat.seq == entry.seq)
		return ERR_OK;
	r = of_entry(&entry);
	print_id(&r, name);
	if (repeat.seq == 0)
		verify_tell(v,
			    "entry #%" PRIu64 " carries the %s, which is not "
			    "remembered",
			    entry.seq, name);
	else
		verify_tell(v,
			    "entry #%" PRIu64 " carries the %s, which is "
			    "remembered for #%" PRIu64,
			    entry.seq, name, repeat.seq);
	return ERR_OK;
}

enum err verify_ids(struct verify *v)
{
	unsigned before;
	enum err e = verify_scan(v, v->tables.ids, add_row);

	if (e != ERR_OK || v->ids.remembered == v->ids.of_entries)
		return e;
	before = v->findings;
	e = verify_scan(v, v->tables.ids, name_row);
	if (e == ERR_OK)
		e = verify_scan(v, v->tables.entries, name_entry);
	if (e == ERR_OK && v->findings == before)
		verify_tell(v, "the ids of entries and those that are "
			       "remembered differ");
	return e;
}

void verify_ids_end(struct verify *v)
{
	if (v->ids.ahead.seq > v->head.seq)
		find_orphan(v, &v->ids.ahead);
	if (v->ids.request > v->request)
		verify_tell(v,
			    "an id is remembered for request #%" PRIu64
			    ", which is not there",
			    v->ids.request);
}
