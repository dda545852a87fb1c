#include "client/line.h"

#include <string.h>

#include "base/text.h"
#include "client/filter.h"

bool line_take(struct buf *in, struct buf *text_r)
{
	size_t most = buf_len(in) < LINE_MOST ? buf_len(in) : LINE_MOST;
	const char *bytes, *end;
	size_t len;

	if (most == 0)
		return false;
	bytes = buf_at(in);
	end = memchr(bytes, '\n', most);
	if (end == NULL && most < LINE_MOST)
		return false;
	len = end != NULL ? (size_t)(end - bytes) : most;
	buf_reset(text_r);
	filter_text(bytes,
		    len > 0 && end != NULL && bytes[len - 1] == '\r' ? len - 1
								     : len,
		    text_r);
	buf_take(in, end != NULL ? len + 1 : len);
	return true;
}

bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

struct span line_name(const char *text)
{
	char name[NAME_MOST + 1];
	struct span s = { text, 0 };

	s.len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_");
	if (s.len == 0 || s.len > NAME_MOST) {
		s.len = 0;
		return s;
	}
	memcpy(name, text, s.len);
	name[s.len] = '\0';
	if (!name_is_valid(name))
		s.len = 0;
	return s;
}

/* Skips lead in *text, if it is there. */
static bool skip(const char **text, const char *lead)
{
	size_t len = strlen(lead);

	if (strncmp(*text, lead, len) != 0)
		return false;
	*text += len;
	return true;
}

/* Skips digits as in pattern, where 0 stands for any. */
static bool skip_digits(const char **text, const char *pattern)
{
	const char *t = *text;

	for (; *pattern != '\0'; pattern++, t++) {
		if (*pattern == '0' ? *t < '0' || *t > '9' : *t != *pattern)
			return false;
	}
	*text = t;
	return true;
}

static struct span word(const char **text)
{
	struct span s = { *text, strcspn(*text, " ") };

	*text += s.len;
	*text += strspn(*text, " ");
	return s;
}

/* What follows "[": "room] name: words" and its kin. */
static bool parse_room(const char *text, struct line *l)
{
	l->room = line_name(text);
	text += l->room.len;
	if (l->room.len == 0 || !skip(&text, "] "))
		return false;
	(void)skip_digits(&text, "0000-00-00 ");
	l->is_replayed = skip_digits(&text, "00:00 ");
	if (skip(&text, "-- "))
		l->kind = LINE_EVENT;
	else if (skip(&text, "* "))
		l->kind = LINE_ACTION;
	else
		l->kind = LINE_MESSAGE;
	l->name = line_name(text);
	text += l->name.len;
	if (l->kind == LINE_MESSAGE && !skip(&text, ":"))
		return false;
	l->words = text + strspn(text, " ");
	return true;
}

static bool parse_private(const char *text, struct line *l)
{
	struct span to;

	l->name = line_name(text);
	text += l->name.len;
	if (l->name.len == 0 || !skip(&text, " -> "))
		return false;
	to = line_name(text);
	text += to.len;
	if (to.len == 0 || !skip(&text, ":"))
		return false;
	l->kind = LINE_PRIVATE;
	l->words = text + strspn(text, " ");
	return true;
}

static void parse_end(const char *text, struct line *l)
{
	struct span first = word(&text);

	l->kind = LINE_END;
	l->code = span_is(first, "error") ? word(&text) : first;
	l->words = text;
}

void line_parse(const char *text, struct line *line_r)
{
	struct line none = { .words = text };
	struct line l = none;

	if (skip(&text, "-- ")) {
		l.kind = LINE_ANSWER;
		l.words = text;
	} else if (skip(&text, "~~ ")) {
		l.kind = LINE_NOTICE;
		l.words = text;
	} else if (skip(&text, "!! ")) {
		l.kind = LINE_REFUSAL;
		l.code = word(&text);
		l.words = text;
	} else if (skip(&text, "== ")) {
		parse_end(text, &l);
	} else if (skip(&text, "[")) {
		if (!parse_room(text, &l))
			l = none;
	} else if (!parse_private(text, &l)) {
		l = none;
	}
	*line_r = l;
}
