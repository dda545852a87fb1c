#include <inttypes.h>
#include <string.h>

#include "audit/archive_reader.h"
#include "audit/verify_fields.h"
#include "base/mem.h"

/* One file after the other. */
struct pass {
	struct verifier *v;
	const char *name; /* of the archive, without its folder */
	uint64_t number;  /* of the file at hand */
	bool is_last;
	struct archive_place end; /* of the file before; file 0: unknown */
	bool has_begin;           /* the record before the store's was seen, */
	bool has_cursor;          /* and the cursor's place */
};

static void find_in(struct pass *p, const char *format, ...) PRINTF(2, 3);

static void find_in(struct pass *p, const char *format, ...)
{
	AUTO(buf_fini) struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	buf_vprint(&text, format, args);
	va_end(args);
	verify_find(p->v, "%s.%08" PRIu64 ": %s", p->name, p->number,
		    buf_text(&text));
}

/* What comes next cannot be compared with what came before. */
static void lose_thread(struct pass *p)
{
	p->end.file = 0;
	p->v->is_last_known = false;
	verify_log_skip(p->v);
}

static void check_header(struct pass *p, const struct archive_header *header)
{
	struct verifier *v = p->v;
	static const uint8_t zeros[DIGEST_BYTES];
	const uint8_t *previous = p->number == 1 ? zeros : p->end.end;

	if ((p->number == 1 || p->end.file == p->number - 1) &&
	    memcmp(header->previous, previous, DIGEST_BYTES) != 0)
		find_in(p,
			"it does not begin where file %" PRIu64
			" ends: one of them was exchanged or cut",
			p->number - 1);
	if (v->is_last_known && header->first > v->last.sequence + 1)
		find_in(p,
			"records %" PRIu64 " to %" PRIu64 " are missing "
			"before it",
			v->last.sequence + 1, header->first - 1);
	else if (v->is_last_known && header->first == v->last.sequence + 1 &&
		 memcmp(header->before, v->last.hash, DIGEST_BYTES) != 0)
		find_in(p, "it does not follow record %" PRIu64,
			v->last.sequence);
}

/* A file may go back only where a backup was restored. */
static void check_first(struct pass *p, const struct archive_header *header,
			const struct audit_record *record)
{
	struct verifier *v = p->v;

	if (v->is_last_known && header->first <= v->last.sequence &&
	    strcmp(record->entry.action, AUDIT_RESTORE) != 0)
		find_in(p,
			"it goes back to record %" PRIu64
			" though no backup was restored",
			header->first);
	v->last.sequence = header->first - 1;
	memcpy(v->last.hash, header->before, DIGEST_BYTES);
	v->is_last_known = true;
}

static void check_joints(struct pass *p, const struct audit_record *record,
			 const struct archive_place *place)
{
	struct verifier *v = p->v;
	const struct trail_cursor *cursor = &v->cursor;

	/* The last one counts: a restored backup begins another trail. */
	if (record->sequence == v->begin.sequence)
		p->has_begin =
			memcmp(record->hash, v->begin.hash, DIGEST_BYTES) == 0;
	if (place->file != cursor->place.file ||
	    place->offset != cursor->place.offset)
		return;
	p->has_cursor = true;
	if (record->sequence != cursor->last.sequence ||
	    memcmp(record->hash, cursor->last.hash, DIGEST_BYTES) != 0 ||
	    memcmp(place->end, cursor->place.end, DIGEST_BYTES) != 0)
		find_in(p,
			"record %" PRIu64 " is not the one that was "
			"exported",
			record->sequence);
}

/* Everything up to the cursor was in both files when it was stored. */
static bool is_covered(const struct pass *p, const struct archive_place *place)
{
	const struct archive_place *cursor = &p->v->cursor.place;

	return place->file < cursor->file ||
	       (place->file == cursor->file && place->offset <= cursor->offset);
}

static void check_row(struct pass *p, const struct archive_row *row,
		      const struct archive_place *place)
{
	struct verifier *v = p->v;
	const struct audit_record *record = &row->record;

	if (record->sequence != v->last.sequence + 1 ||
	    !audit_record_follows(row->bytes, row->len, v->last.hash))
		find_in(p, "record %" PRIu64 " does not follow record %" PRIu64,
			record->sequence, v->last.sequence);
	v->last.sequence = record->sequence;
	memcpy(v->last.hash, record->hash, DIGEST_BYTES);
	v->extent->archived++;
	verify_known(v, record);
	check_joints(p, record, place);
	verify_log_record(v, record, is_covered(p, place));
}

/* What no cursor covers yet may end anyhow, until the next start cuts it. */
static bool may_be_unfinished(const struct pass *p, uint64_t offset)
{
	const struct archive_place *place = &p->v->cursor.place;

	return p->is_last &&
	       (p->number > place->file ||
		(p->number == place->file && offset >= place->offset));
}

static void check_end(struct pass *p, const struct archive_place *place,
		      enum err e)
{
	struct verifier *v = p->v;
	const char *words = e == ERR_AGAIN ? "is cut: the file ends within it"
			    : e == ERR_IO  ? "cannot be read"
					   : "was changed";

	p->end = *place;
	if (e == ERR_NOT_FOUND ||
	    (e != ERR_IO && may_be_unfinished(p, place->offset)))
		return;
	find_in(p,
		"record %" PRIu64 " (frame %" PRIu64 ", byte %" PRIu64 ") %s",
		v->last.sequence + 1, place->frames + 1, place->offset, words);
	lose_thread(p);
}

static void check_records(struct pass *p, struct archive_reader *reader)
{
	const struct archive_header *header = archive_reader_header(reader);
	const struct archive_place *place = archive_reader_place(reader);
	struct archive_row row;
	enum err e;

	check_header(p, header);
	while ((e = archive_reader_next(reader, &row)) == ERR_OK) {
		if (place->frames == 1)
			check_first(p, header, &row.record);
		check_row(p, &row, place);
	}
	check_end(p, place, e);
}

static const char *header_words(enum err e)
{
	switch (e) {
	case ERR_CORRUPT:
		return "its header was changed, or it was sealed with another "
		       "key";
	case ERR_AGAIN:
		return "it ends within its header";
	case ERR_NEWER:
		return "a newer program sealed it";
	default:
		return err_words(e);
	}
}

static void check_file(struct pass *p)
{
	struct verifier *v = p->v;
	struct archive_reader *reader;
	enum err e;

	if (v->key == NULL) {
		find_in(p, "it is not checked: there is no key to open it");
		lose_thread(p);
		return;
	}
	e = archive_reader_open(v->settings->archive, p->number, v->key,
				&reader);
	if (e != ERR_OK) {
		if (e == ERR_IO || !may_be_unfinished(p, 0))
			find_in(p, "%s", header_words(e));
		lose_thread(p);
		return;
	}
	v->extent->files++;
	check_records(p, reader);
	archive_reader_close(&reader);
}

static void check_missing(struct pass *p, uint64_t from, uint64_t next)
{
	for (p->number = from; p->number < next; p->number++)
		find_in(p, "it is missing");
	if (from < next)
		lose_thread(p);
}

static void check_files(struct pass *p, const uint64_t *numbers, size_t count)
{
	uint64_t next = 1;

	for (size_t i = 0; i < count; i++) {
		check_missing(p, next, numbers[i]);
		p->number = numbers[i];
		p->is_last = i == count - 1;
		check_file(p);
		next = numbers[i] + 1;
	}
	check_missing(p, next, p->v->cursor.place.file + 1);
}

/* Nothing may be missing at the end, nor where the store's records begin. */
static void check_extent(struct pass *p)
{
	struct verifier *v = p->v;

	if (v->findings > 0)
		return;
	p->number = v->cursor.place.file;
	if (v->cursor.place.file > 0 && !p->has_cursor)
		find_in(p,
			"its end was cut: up to record %" PRIu64
			" was exported",
			v->cursor.last.sequence);
	else if (v->begin.sequence > 0 && !p->has_begin)
		verify_find(v,
			    "record %" PRIu64 " is neither in the store nor "
			    "in the archive",
			    v->begin.sequence);
}

void verify_archive(struct verifier *v)
{
	const char *slash = strrchr(v->settings->archive, '/');
	struct pass p = { .v = v,
			  .name = slash == NULL ? v->settings->archive
						: slash + 1 };
	uint64_t *numbers;
	size_t count;
	enum err e = archive_list(v->settings->archive, &numbers, &count);

	v->is_last_known = true; /* nothing is before the first record */
	if (e == ERR_OK) {
		check_files(&p, numbers, count);
		check_extent(&p);
	} else {
		verify_find(v, "the folder of %s cannot be read: %s",
			    v->settings->archive, err_words(e));
	}
	mem_free(numbers);
}
