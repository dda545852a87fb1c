#include "log/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_SYSTEMD
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#endif

#include "base/text.h"
#include "log/fields.h"

/* Below PIPE_BUF, so that lines of several threads never mix in a pipe. */
enum { TEXT_MOST = 2048, LINE_MOST = TEXT_MOST + 128 };

static const char *const level_words[] = {
	[LOG_ERROR] = "error",   [LOG_WARNING] = "warning",
	[LOG_NOTICE] = "notice", [LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

static atomic_bool is_journal;
static atomic_int least_level = LOG_INFO;
static atomic_uint dropped;

static bool leads_to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char here[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	snprintf(here, sizeof(here), "%ju:%ju", (uintmax_t)st.st_dev,
		 (uintmax_t)st.st_ino);
	return strcmp(stream, here) == 0;
}

void log_open(void)
{
	atomic_store(&is_journal, leads_to_journal());
}

void log_set_level(enum log_level least)
{
	atomic_store(&least_level, (int)least);
}

/*
 * Writes the line unless that would block: a reader of standard error that
 * fell asleep must not put the daemon to sleep as well.
 */
static bool write_line(enum log_level level, const char *event,
		       const char *text)
{
	struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };
	char line[LINE_MOST];
	ssize_t done;
	int n = snprintf(line, sizeof(line), "%s: %.64s: %s\n",
			 level_words[level], event, text);

	if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0)
		return false;
	do
		done = write(STDERR_FILENO, line, (size_t)n);
	while (done < 0 && errno == EINTR);
	return done == n;
}

static void to_stderr(enum log_level level, const char *event, const char *text)
{
	unsigned missing = atomic_exchange(&dropped, 0);
	char note[64];

	if (missing > 0) {
		snprintf(note, sizeof(note),
			 "some lines could not be written lines=%u", missing);
		if (!write_line(LOG_WARNING, "log", note)) {
			atomic_fetch_add(&dropped, missing + 1);
			return;
		}
	}
	if (!write_line(level, event, text))
		atomic_fetch_add(&dropped, 1);
}

#ifdef HAVE_SYSTEMD
struct entry {
	struct iovec parts[3 + FIELDS_MOST];
	int count;
	char bytes[2 * LINE_MOST + FIELDS_MOST * sizeof("RIALTO_=")];
	size_t used;
};

static void add_part(struct entry *e, const char *name, size_t name_len,
		     const char *value, size_t value_len)
{
	char *at = e->bytes + e->used;
	int n = snprintf(at, sizeof(e->bytes) - e->used, "%.*s=%.*s",
			 (int)name_len, name, (int)value_len, value);

	e->parts[e->count].iov_base = at;
	e->parts[e->count].iov_len = (size_t)n;
	e->count++;
	e->used += (size_t)n;
}

static void add_field(struct entry *e, const struct field *field)
{
	char name[sizeof("RIALTO_") + FIELD_KEY_MOST] = "RIALTO_";
	size_t prefix = strlen(name);

	for (size_t i = 0; i < field->key_len; i++) {
		char c = field->key[i];

		name[prefix + i] =
			c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	add_part(e, name, prefix + field->key_len, field->value,
		 field->value_len);
}

static bool to_journal(enum log_level level, const char *event,
		       const char *text)
{
	struct field fields[FIELDS_MOST];
	size_t count = fields_find(text, fields);
	struct entry e = { .count = 0 };
	char message[LINE_MOST];
	char priority[] = { (char)('0' + level), '\0' };

	snprintf(message, sizeof(message), "%.64s: %s", event, text);
	add_part(&e, "MESSAGE", 7, message, strlen(message));
	add_part(&e, "PRIORITY", 8, priority, 1);
	add_part(&e, "RIALTO_EVENT", 12, event, strnlen(event, 64));
	for (size_t i = 0; i < count; i++)
		add_field(&e, &fields[i]);
	return sd_journal_sendv(e.parts, e.count) == 0;
}
#else
/* Standard error may lead to the journal, which reads lines as well. */
static bool to_journal(enum log_level level, const char *event,
		       const char *text)
{
	(void)level;
	(void)event;
	(void)text;
	return false;
}
#endif

void log_event(enum log_level level, const char *event, const char *format, ...)
{
	int saved_errno = errno;
	char text[TEXT_MOST];
	va_list args;
	int n;

	if ((int)level > atomic_load(&least_level))
		return;
	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n < 0)
		snprintf(text, sizeof(text), "(cannot be shown)");
	else if ((size_t)n >= sizeof(text))
		memcpy(text + sizeof(text) - 4, "...", 4);
	text_clean(text, strlen(text));
	if (!atomic_load(&is_journal) || !to_journal(level, event, text))
		to_stderr(level, event, text);
	errno = saved_errno;
}
