#include "audit/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

static const char sequence_mark[] = "Z seq=";

void audit_print_time(int64_t wall_ms, char text_r[AUDIT_TIME])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	size_t len = 0;

	if (wall_ms >= 0 && gmtime_r(&seconds, &tm) != NULL)
		len = strftime(text_r, AUDIT_TIME, "%Y-%m-%dT%H:%M:%S", &tm);
	if (len == 0)
		len = (size_t)snprintf(text_r, AUDIT_TIME, "?");
	snprintf(text_r + len, AUDIT_TIME - len, ".%03dZ",
		 wall_ms < 0 ? 0 : (int)(wall_ms % 1000));
}

/* Nothing in it looks like a quote, the end of a value or the lack of one. */
static bool is_plain(const char *text)
{
	return text[0] != '\0' && strcmp(text, "-") != 0 &&
	       strpbrk(text, " \"\\=") == NULL;
}

static void add_quoted(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void add_field(struct buf *out, const char *key, const char *text)
{
	char clean[AUDIT_DETAIL];

	snprintf(clean, sizeof(clean), "%s", text);
	text_clean(clean, strlen(clean));
	buf_print(out, " %s=", key);
	if (clean[0] == '\0')
		buf_add_char(out, '-');
	else if (is_plain(clean))
		buf_add_text(out, clean);
	else
		add_quoted(out, clean);
}

static void add_number(struct buf *out, const char *key, uint64_t number)
{
	if (number == 0)
		buf_print(out, " %s=-", key);
	else
		buf_print(out, " %s=%" PRIu64, key, number);
}

void audit_print_line(const struct audit_record *record, struct buf *out)
{
	const struct audit_entry *entry = &record->entry;
	char time[AUDIT_TIME];

	audit_print_time(record->time_ms, time);
	buf_add_text(out, time);
	add_number(out, "seq", record->sequence);
	add_field(out, "action", entry->action);
	add_field(out, "actor", entry->actor);
	add_number(out, "user", entry->user);
	add_number(out, "session", entry->session);
	add_field(out, "address", entry->address);
	add_field(out, "room", entry->room);
	add_field(out, "target", entry->target);
	add_field(out, "outcome", entry->outcome);
	add_field(out, "detail", entry->detail);
	buf_add_char(out, '\n');
}

uint64_t audit_line_sequence(const char *line, size_t len)
{
	const char *at = len == 0 ? NULL : memchr(line, 'Z', len);
	size_t mark = strlen(sequence_mark);
	uint64_t number = 0;

	if (at == NULL || (size_t)(line + len - at) < mark ||
	    memcmp(at, sequence_mark, mark) != 0)
		return 0;
	for (at += mark; at < line + len && *at >= '0' && *at <= '9'; at++) {
		if (number > UINT64_MAX / 10 - 1)
			return 0;
		number = number * 10 + (uint64_t)(*at - '0');
	}
	return at < line + len && *at == ' ' ? number : 0;
}
