#include "audit/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/archive_reader.h"
#include "audit/line.h"
#include "base/file.h"
#include "base/mem.h"
#include "log/log.h"

/* No line of ours is longer. */
enum { TAIL = 16384 };

struct finder {
	struct trail *trail;
	const struct audit_settings *settings;
	const struct secret *key;
	struct trail_cursor cursor;
	bool is_forked; /* the archive holds another trail from here on */
	struct resume *r;
	struct buf *why;
};

enum err resume_has_archive(struct trail *trail,
			    const struct audit_settings *settings,
			    bool *has_archive_r)
{
	struct trail_cursor cursor;
	uint64_t *numbers = NULL;
	size_t count = 0;
	enum err e = trail_exported(trail, &cursor);

	if (e == ERR_OK)
		e = archive_list(settings->archive, &numbers, &count);
	mem_free(numbers);
	*has_archive_r = e == ERR_OK && (count > 0 || cursor.place.file > 0);
	return e;
}

/* Is this record the store's as well? */
static enum err compare(struct finder *f, const struct archive_row *row)
{
	AUTO(buf_fini) struct buf ours = { 0 };
	uint64_t sequence = row->record.sequence;
	enum err e;

	if (f->is_forked || sequence <= f->r->archived.sequence)
		return ERR_OK;
	e = trail_read(f->trail, sequence, &ours);
	if (e == ERR_OK && buf_len(&ours) == row->len &&
	    memcmp(buf_at(&ours), row->bytes, row->len) == 0) {
		f->r->archived.sequence = sequence;
		memcpy(f->r->archived.hash, row->record.hash, DIGEST_BYTES);
		return ERR_OK;
	}
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	f->is_forked = true;
	log_warning("audit",
		    "the archive holds another record %" PRIu64
		    ": the data is older than it (was a backup restored?)",
		    sequence);
	return ERR_OK;
}

static enum err cut(struct finder *f, uint64_t number, uint64_t offset)
{
	AUTO(mem_free_text)
	char *path = archive_path(f->settings->archive, number);

	log_notice("audit", "%s was written by half: cut at %" PRIu64, path,
		   offset);
	if (offset == 0 ? unlink(path) != 0
			: truncate(path, (off_t)offset) != 0) {
		buf_print(f->why, "%s cannot be cut: %s", path,
			  strerror(errno));
		return file_err(errno);
	}
	return ERR_OK;
}

/* Reads on to the end of a file; what no cursor covers may end anyhow. */
static enum err read_on(struct finder *f, struct archive_reader *reader,
			bool is_last)
{
	const struct archive_place *place = archive_reader_place(reader);
	struct archive_row row;
	enum err e = ERR_OK;
	enum err found;

	do {
		found = archive_reader_next(reader, &row);
		if (found == ERR_OK)
			e = compare(f, &row);
	} while (e == ERR_OK && found == ERR_OK);
	memcpy(f->r->previous, place->end, sizeof(place->end));
	if (e != ERR_OK || found == ERR_NOT_FOUND)
		return e;
	if (is_last &&
	    (found == ERR_AGAIN || (found == ERR_CORRUPT && !f->is_forked)))
		return cut(f, place->file, place->offset);
	log_error("audit",
		  "%s.%08" PRIu64 " is damaged at %" PRIu64
		  "; rialtod --verify says more",
		  f->settings->archive, place->file, place->offset);
	return ERR_OK;
}

/* Is the cursor's place one of this file? Else the file was tampered with. */
static enum err go_to_cursor(struct finder *f, struct archive_reader *reader)
{
	AUTO(mem_free_text)
	char *path = archive_path(f->settings->archive, f->cursor.place.file);
	struct stat st;

	if (stat(path, &st) == 0 &&
	    (uint64_t)st.st_size >= f->cursor.place.offset)
		return archive_reader_seek(reader, &f->cursor.place);
	log_error("audit",
		  "%s is shorter than it was; rialtod --verify says "
		  "more",
		  path);
	return ERR_OK;
}

static enum err refuse_file(struct finder *f, uint64_t number, enum err e)
{
	buf_print(f->why, "%s.%08" PRIu64 ": ", f->settings->archive, number);
	if (e == ERR_CORRUPT)
		buf_print(f->why,
			  "%s does not open it; put back the key that it was "
			  "sealed with, or move the archive and its key away",
			  f->settings->key);
	else if (e == ERR_NEWER)
		buf_add_text(f->why, "it was sealed by a newer program");
	else
		buf_add_text(f->why, err_words(e));
	return e;
}

static enum err read_file(struct finder *f, uint64_t number, bool is_last)
{
	struct archive_reader *reader;
	enum err e = archive_reader_open(f->settings->archive, number, f->key,
					 &reader);

	/* Only a header that no record follows can be unfinished. */
	if (e == ERR_AGAIN && is_last && number > f->cursor.place.file)
		return cut(f, number, 0);
	if (e != ERR_OK)
		return refuse_file(f, number, e);
	f->r->number = number + 1;
	if (number == f->cursor.place.file)
		e = go_to_cursor(f, reader);
	if (e == ERR_OK)
		e = read_on(f, reader, is_last);
	archive_reader_close(&reader);
	return e;
}

static enum err read_archive(struct finder *f)
{
	uint64_t *numbers;
	size_t count;
	enum err e = archive_list(f->settings->archive, &numbers, &count);

	if (e != ERR_OK) {
		buf_print(f->why, "the folder of %s cannot be read",
			  f->settings->archive);
		return e;
	}
	for (size_t i = 0; i < count && e == ERR_OK; i++) {
		if (numbers[i] >= f->cursor.place.file)
			e = read_file(f, numbers[i], i == count - 1);
	}
	mem_free(numbers);
	return e;
}

/* The last line that is whole; what follows it is cut off. */
static enum err read_tail(struct finder *f, int fd, struct buf *line)
{
	off_t size = lseek(fd, 0, SEEK_END);
	off_t start = size > TAIL ? size - TAIL : 0;
	size_t len = (size_t)(size - start);
	ssize_t n = pread(fd, buf_reserve(line, len + 1), len, start);
	const char *end;
	size_t whole;

	if (size < 0 || n < 0)
		return file_err(errno);
	buf_added(line, (size_t)n);
	end = n == 0 ? NULL : memrchr(buf_at(line), '\n', (size_t)n);
	whole = end == NULL ? 0 : (size_t)(end - buf_at(line)) + 1;
	if (whole < (size_t)n) {
		log_notice("audit",
			   "%s was written by half: the last line is "
			   "cut off",
			   f->settings->file);
		if (ftruncate(fd, start + (off_t)whole) != 0)
			return file_err(errno);
	}
	buf_cut(line, whole);
	end = whole < 2 ? NULL : memrchr(buf_at(line), '\n', whole - 1);
	if (end != NULL)
		buf_take(line, (size_t)(end - buf_at(line)) + 1);
	return ERR_OK;
}

/* Is this the line that we would write for the store's record? */
static enum err is_ours(struct finder *f, const struct buf *line,
			uint64_t sequence, bool *is_ours_r)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	AUTO(buf_fini) struct buf again = { 0 };
	struct audit_record record;
	enum err e = trail_read(f->trail, sequence, &bytes);

	*is_ours_r = false;
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (!audit_record_decode(buf_at(&bytes), buf_len(&bytes), &record))
		return ERR_OK;
	audit_print_line(&record, &again);
	*is_ours_r = buf_len(&again) == buf_len(line) &&
		     memcmp(buf_at(&again), buf_at(line), buf_len(line)) == 0;
	return ERR_OK;
}

/* A line of another trail is older than what the archive agrees with. */
static enum err compare_line(struct finder *f, const struct buf *line)
{
	uint64_t sequence = audit_line_sequence(buf_at(line), buf_len(line));
	bool is_same;
	enum err e;

	if (sequence <= f->r->logged)
		return ERR_OK;
	e = is_ours(f, line, sequence, &is_same);
	if (e == ERR_OK)
		f->r->logged = is_same ? sequence : f->r->archived.sequence;
	return e;
}

static enum err read_log(struct finder *f)
{
	AUTO(buf_fini) struct buf line = { 0 };
	struct stat st;
	enum err e = ERR_OK;
	int fd = open(f->settings->file, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		e = file_err(errno);
		if (e == ERR_NOT_FOUND)
			return ERR_OK;
	} else if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		e = read_tail(f, fd, &line);
	}
	if (e == ERR_OK && buf_len(&line) > 0)
		e = compare_line(f, &line);
	if (fd >= 0)
		close(fd);
	if (e != ERR_OK)
		buf_print(f->why, "%s: %s", f->settings->file, err_words(e));
	return e;
}

enum err resume_find(struct trail *trail, const struct audit_settings *settings,
		     const struct secret *key, struct resume *resume_r,
		     struct buf *why)
{
	struct finder f = { .trail = trail,
			    .settings = settings,
			    .key = key,
			    .r = resume_r,
			    .why = why };
	enum err e = trail_exported(trail, &f.cursor);

	memset(resume_r, 0, sizeof(*resume_r));
	if (e != ERR_OK) {
		buf_add_text(why, "the cursor of the audit trail cannot be "
				  "read; rialtod --verify says more");
		return e;
	}
	resume_r->archived = f.cursor.last;
	resume_r->logged = f.cursor.last.sequence;
	resume_r->number = f.cursor.place.file + 1;
	memcpy(resume_r->previous, f.cursor.place.end, DIGEST_BYTES);
	e = read_archive(&f);
	return e == ERR_OK ? read_log(&f) : e;
}
