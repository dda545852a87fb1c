#include "audit/export.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "audit/archive_reader.h"
#include "audit/line.h"
#include "base/file.h"
#include "base/mem.h"

struct exporting {
	const struct audit_settings *settings;
	const struct secret *key;
	FILE *out;
	struct buf *report;
	struct buf line;
	uint64_t count;
	bool is_damaged;
};

static void find(struct exporting *x, uint64_t number, const char *what)
{
	x->is_damaged = true;
	buf_print(x->report, "%s.%08" PRIu64 ": %s\n", x->settings->archive,
		  number, what);
}

static enum err put_record(struct exporting *x,
			   const struct audit_record *record)
{
	buf_reset(&x->line);
	audit_print_line(record, &x->line);
	if (fwrite(buf_at(&x->line), 1, buf_len(&x->line), x->out) !=
	    buf_len(&x->line))
		return file_err(errno);
	x->count++;
	return ERR_OK;
}

static enum err read_records(struct exporting *x, struct archive_reader *reader,
			     bool is_last)
{
	const struct archive_place *place = archive_reader_place(reader);
	struct archive_row row;
	enum err found = ERR_OK;
	enum err e = ERR_OK;
	char what[80];

	while (e == ERR_OK &&
	       (found = archive_reader_next(reader, &row)) == ERR_OK)
		e = put_record(x, &row.record);
	if (e != ERR_OK || found == ERR_IO)
		return e != ERR_OK ? e : found;
	if (found == ERR_NOT_FOUND || (found == ERR_AGAIN && is_last))
		return ERR_OK;
	snprintf(what, sizeof(what),
		 "it is damaged from byte %" PRIu64 " on; the rest is left out",
		 place->offset);
	find(x, place->file, what);
	return ERR_OK;
}

static enum err read_file(struct exporting *x, uint64_t number, bool is_last)
{
	struct archive_reader *reader;
	enum err e = archive_reader_open(x->settings->archive, number, x->key,
					 &reader);

	if (e == ERR_IO)
		return e;
	if (e == ERR_AGAIN && is_last)
		return ERR_OK;
	if (e != ERR_OK) {
		find(x, number,
		     e == ERR_CORRUPT ? "the key does not open it, or it is "
					"damaged"
				      : err_words(e));
		return ERR_OK;
	}
	e = read_records(x, reader, is_last);
	archive_reader_close(&reader);
	return e;
}

enum err audit_export(const struct audit_settings *settings,
		      const struct secret *key, FILE *out, struct buf *report,
		      uint64_t *count_r)
{
	struct exporting x = {
		.settings = settings, .key = key, .out = out, .report = report
	};
	uint64_t *numbers;
	size_t count;
	enum err e = archive_list(settings->archive, &numbers, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		e = read_file(&x, numbers[i], i == count - 1);
	if (e == ERR_OK && fflush(out) != 0)
		e = file_err(errno);
	mem_free(numbers);
	buf_fini(&x.line);
	*count_r = x.count;
	return e == ERR_OK && x.is_damaged ? ERR_CORRUPT : e;
}

/* The report tells how each file is; here the rest. */
static enum err explain(const char *path, enum err e, struct buf *report)
{
	buf_print(report, "%s: %s\n", path, err_words(e));
	return e;
}

enum err audit_export_file(const struct audit_settings *settings,
			   const struct secret *key, const char *path,
			   struct buf *report, uint64_t *count_r)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *out;
	enum err e;

	*count_r = 0;
	if (fd < 0)
		return explain(path, file_err(errno), report);
	out = fdopen(fd, "wb");
	e = audit_export(settings, key, out, report, count_r);
	if ((e == ERR_OK || e == ERR_CORRUPT) && fsync(fd) != 0)
		e = file_err(errno);
	if (fclose(out) != 0 && e == ERR_OK)
		e = file_err(errno);
	if (e == ERR_OK || (e == ERR_CORRUPT && *count_r > 0))
		return e;
	unlink(path);
	return e == ERR_CORRUPT ? e : explain(path, e, report);
}
