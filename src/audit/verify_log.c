/*
 * The readable lines against the archive's records, in the order that both
 * were written in. The log may begin anywhere, since it may be rotated; from
 * there on it must say the same, line by line.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/line.h"
#include "audit/verify_fields.h"

/* What is not ended by "\n" is being written, or was written by half. */
static bool next_line(struct verify_log *log)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(log->file)) != EOF && c != '\n') {
		if (len < sizeof(log->line))
			log->line[len] = (char)c;
		len++;
	}
	log->before = log->sequence;
	log->has_line = c == '\n';
	if (!log->has_line)
		return !ferror(log->file);
	log->number++;
	log->len = len < sizeof(log->line) ? len : 0;
	log->sequence = audit_line_sequence(log->line, log->len);
	return true;
}

static const char *log_name(const struct verifier *v)
{
	const char *slash = strrchr(v->settings->file, '/');

	return slash == NULL ? v->settings->file : slash + 1;
}

/* What cannot be read is a finding, and no lines. */
static void read_line(struct verifier *v)
{
	if (!next_line(&v->log))
		verify_find(v, "%s: it cannot be read behind line %" PRIu64,
			    log_name(v), v->log.number);
}

void verify_log_open(struct verifier *v)
{
	struct verify_log *log = &v->log;
	struct stat st;

	/* A pipe, for instance, cannot be read again. */
	if (stat(v->settings->file, &st) == 0 && !S_ISREG(st.st_mode))
		return;
	log->file = fopen(v->settings->file, "rbe");
	if (log->file != NULL)
		read_line(v);
	else if (errno != ENOENT)
		verify_find(v, "%s: it cannot be read: %s", log_name(v),
			    strerror(errno));
}

void verify_log_close(struct verifier *v)
{
	if (v->log.file != NULL)
		fclose(v->log.file);
	buf_fini(&v->log.again);
}

static bool is_line_of(struct verify_log *log,
		       const struct audit_record *record)
{
	buf_reset(&log->again);
	audit_print_line(record, &log->again);
	return buf_len(&log->again) == log->len + 1 &&
	       memcmp(buf_at(&log->again), log->line, log->len) == 0;
}

static void find_in_line(struct verifier *v, const char *what)
{
	struct verify_log *log = &v->log;

	if (log->sequence == 0)
		verify_find(v, "%s:%" PRIu64 ": it is no line of ours",
			    log_name(v), log->number);
	else
		verify_find(v, "%s:%" PRIu64 ": record %" PRIu64 " %s",
			    log_name(v), log->number, log->sequence, what);
}

static void take_line(struct verifier *v)
{
	v->log.has_begun = true;
	v->log.is_missing = false;
	v->extent->lines++;
	read_line(v);
}

/* The record has no line: there is an end, or a gap. */
static void miss_line(struct verifier *v, const struct audit_record *record,
		      bool is_covered)
{
	struct verify_log *log = &v->log;

	if (log->is_missing || (!log->has_line && !is_covered))
		return;
	log->is_missing = true;
	verify_find(v,
		    "%s:%" PRIu64 ": record %" PRIu64 " is missing %s this "
		    "line",
		    log_name(v), log->number, record->sequence,
		    log->has_line ? "before" : "after");
}

/*
 * A restored backup goes back. What was exported before it may have reached
 * the archive alone, when the daemon was killed just then.
 */
static bool is_restore(struct verify_log *log)
{
	static const char mark[] = " action=" AUDIT_RESTORE " ";

	return memmem(log->line, log->len, mark, sizeof(mark) - 1) != NULL;
}

/* Lines of records before this one. */
static void pass_lines(struct verifier *v, uint64_t sequence)
{
	struct verify_log *log = &v->log;

	while (log->has_line && log->sequence < sequence) {
		if (!log->is_adrift)
			find_in_line(v, "does not belong here");
		take_line(v);
	}
}

void verify_log_record(struct verifier *v, const struct audit_record *record,
		       bool is_covered)
{
	struct verify_log *log = &v->log;

	if (!log->has_begun &&
	    (!log->has_line || log->sequence != record->sequence ||
	     !is_line_of(log, record)))
		return;
	if (log->sequence < record->sequence && is_restore(log))
		return;
	pass_lines(v, record->sequence);
	log->is_adrift = false;
	if (!log->has_line || log->sequence > record->sequence) {
		miss_line(v, record, is_covered);
		return;
	}
	if (!is_line_of(log, record))
		find_in_line(v, "is not what the archive holds");
	take_line(v);
}

void verify_log_skip(struct verifier *v)
{
	v->log.is_adrift = true;
}

/*
 * Is the line what the store holds? Where the archive told nothing, lines
 * that the store has given up cannot be checked.
 */
static enum err check_with_store(struct verifier *v)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct verify_log *log = &v->log;
	struct audit_record record;
	enum err e;

	if (log->is_adrift && log->sequence != 0 &&
	    log->sequence <= v->begin.sequence)
		return ERR_OK;
	if (!log->is_adrift && log->before != 0 &&
	    log->sequence != log->before + 1) {
		find_in_line(v, "does not belong here");
		return ERR_OK;
	}
	e = trail_read(v->trail, log->sequence, &bytes);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_NOT_FOUND ||
	    !audit_record_decode(buf_at(&bytes), buf_len(&bytes), &record) ||
	    !is_line_of(log, &record))
		find_in_line(v, "is not what was exported");
	return ERR_OK;
}

enum err verify_log_end(struct verifier *v)
{
	struct verify_log *log = &v->log;
	enum err e = ERR_OK;

	while (e == ERR_OK && log->has_line && v->findings < VERIFY_FINDINGS) {
		e = check_with_store(v);
		take_line(v);
	}
	return e;
}
