#include "audit/verify.h"

#include <inttypes.h>
#include <string.h>

#include "audit/verify_fields.h"

enum { ROWS_AT_ONCE = 1000 };

void verify_find(struct verifier *v, const char *format, ...)
{
	va_list args;

	if (v->findings++ >= VERIFY_FINDINGS)
		return;
	va_start(args, format);
	buf_add_text(v->report, "audit: ");
	buf_vprint(v->report, format, args);
	buf_add_char(v->report, '\n');
	va_end(args);
}

/* Some of the records; a walk holds no lock for long. */
struct batch {
	struct verifier *v;
	unsigned count;
	bool is_behind; /* a record is not the next: has begin moved? */
};

static void set_last(struct verifier *v, const struct audit_record *record)
{
	v->last.sequence = record->sequence;
	memcpy(v->last.hash, record->hash, sizeof(v->last.hash));
	v->is_last_known = true;
}

void verify_known(struct verifier *v, const struct audit_record *record)
{
	if (v->known != NULL && record->sequence == v->known->sequence &&
	    memcmp(record->hash, v->known->hash, DIGEST_BYTES) == 0)
		v->known = NULL;
}

static void compare_hash(struct verifier *v, const struct audit_record *record,
			 const struct trail_head *with, const char *words)
{
	if (record->sequence == with->sequence &&
	    memcmp(record->hash, with->hash, sizeof(with->hash)) != 0)
		verify_find(v,
			    "record %" PRIu64 " in the store is not the one "
			    "that %s",
			    record->sequence, words);
}

static bool check_row(const struct trail_row *row, void *arg)
{
	struct batch *b = arg;
	struct verifier *v = b->v;
	uint64_t sequence = row->record->sequence;

	if (b->count == ROWS_AT_ONCE)
		return false;
	if (v->is_last_known && sequence != v->last.sequence + 1) {
		b->is_behind = true;
		return false;
	}
	if (v->is_last_known &&
	    !audit_record_follows(row->bytes, row->len, v->last.hash))
		verify_find(v, "record %" PRIu64 " in the store was changed",
			    sequence);
	compare_hash(v, row->record, &v->head, "the store's head names");
	compare_hash(v, row->record, &v->cursor.last, "was exported");
	verify_known(v, row->record);
	set_last(v, row->record);
	v->extent->stored++;
	b->count++;
	return true;
}

/* Either old records were taken out meanwhile, or some are missing. */
static enum err look_again(struct verifier *v)
{
	struct trail_head begin;
	enum err e = trail_begin(v->trail, &begin);

	if (e != ERR_OK)
		return e;
	if (begin.sequence > v->last.sequence) {
		v->last = begin;
		return ERR_OK;
	}
	verify_find(v, "record %" PRIu64 " is missing in the store",
		    v->last.sequence + 1);
	v->is_last_known = false;
	return ERR_OK;
}

static enum err check_batch(struct verifier *v, uint64_t *next, bool *is_end_r)
{
	struct batch b = { v, 0, false };
	enum err e = trail_walk_rows(v->trail, *next, check_row, &b);

	*is_end_r = e == ERR_OK && b.count < ROWS_AT_ONCE && !b.is_behind;
	if (b.count > 0 || b.is_behind)
		*next = v->last.sequence + 1;
	if (e == ERR_CORRUPT) {
		verify_find(v, "record %" PRIu64 " in the store cannot be read",
			    *next);
		v->is_last_known = false;
		++*next;
		return ERR_OK;
	}
	if (e == ERR_OK && b.is_behind)
		e = look_again(v);
	return e;
}

static enum err verify_store(struct verifier *v)
{
	uint64_t next = v->begin.sequence + 1;
	bool is_end = false;
	enum err e = ERR_OK;

	v->last = v->begin;
	v->is_last_known = true;
	while (e == ERR_OK && !is_end && v->findings < VERIFY_FINDINGS)
		e = check_batch(v, &next, &is_end);
	if (e == ERR_OK && is_end && v->last.sequence < v->head.sequence)
		verify_find(v,
			    "the store's records end at %" PRIu64
			    ", but there were %" PRIu64,
			    v->last.sequence, v->head.sequence);
	if (e == ERR_OK && v->head.sequence < v->cursor.last.sequence)
		verify_find(v,
			    "the trail ends at record %" PRIu64 ", but %" PRIu64
			    " were exported",
			    v->head.sequence, v->cursor.last.sequence);
	return e;
}

static enum err read_states(struct verifier *v)
{
	enum err e = trail_exported(v->trail, &v->cursor);

	if (e == ERR_OK)
		e = trail_begin(v->trail, &v->begin);
	if (e == ERR_OK)
		e = trail_head(v->trail, &v->head);
	if (e == ERR_CORRUPT)
		verify_find(v, "the states of the trail cannot be read");
	return e;
}

static enum err verify_files(struct verifier *v)
{
	enum err e;

	verify_log_open(v);
	verify_archive(v);
	e = verify_log_end(v);
	verify_log_close(v);
	return e;
}

enum err audit_verify(struct trail *trail, const struct audit_scope *scope,
		      struct buf *report, struct audit_extent *extent_r)
{
	struct verifier v = { .trail = trail,
			      .settings = scope->settings,
			      .key = scope->key,
			      .known = scope->known,
			      .extent = extent_r,
			      .report = report };
	enum err e = read_states(&v);

	memset(extent_r, 0, sizeof(*extent_r));
	extent_r->head = v.head;
	if (e == ERR_OK)
		e = verify_files(&v);
	if (e == ERR_OK)
		e = verify_store(&v);
	if (e == ERR_OK && v.known != NULL)
		verify_find(&v,
			    "record %" PRIu64 " with that hash is nowhere: it "
			    "was cut off or changed",
			    v.known->sequence);
	if (v.findings > VERIFY_FINDINGS)
		buf_print(report, "audit: and more\n");
	return e == ERR_OK && v.findings > 0 ? ERR_CORRUPT : e;
}

void audit_print_extent(const struct audit_extent *extent, struct buf *out)
{
	char hex[DIGEST_TEXT];

	digest_print(extent->head.hash, hex);
	buf_print(out,
		  "%" PRIu64 " records in the store, %" PRIu64
		  " in the archive (files: %" PRIu64 "), %" PRIu64
		  " lines; head seq=%" PRIu64 " hash=%s\n",
		  extent->stored, extent->archived, extent->files,
		  extent->lines, extent->head.sequence, hex);
}
