#include "rialto/colour.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mention.h"
#include "client/line.h"

bool colour_when_parse(const char *word, enum colour_when *when_r)
{
	static const char *const words[] = { "auto", "always", "never" };

	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(word, words[i]) == 0) {
			*when_r = (enum colour_when)i;
			return true;
		}
	}
	return false;
}

bool colour_is_wanted(enum colour_when when, int fd)
{
	const char *refusal = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (when != COLOUR_AUTO)
		return when == COLOUR_ALWAYS;
	return isatty(fd) && (refusal == NULL || refusal[0] == '\0') &&
	       terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/* "Select graphic rendition" (ECMA-48 8.3.117) for a kind of line. */
static const struct shade {
	const char *start; /* NULL: as it is */
	bool whole;        /* the words too, not only what is before them */
} shades[] = {
	[LINE_OTHER] = { NULL, false },
	[LINE_MESSAGE] = { "\033[36m", false },
	[LINE_ACTION] = { "\033[36m", true },
	[LINE_EVENT] = { "\033[2m", true },
	[LINE_PRIVATE] = { "\033[35m", false },
	[LINE_ANSWER] = { "\033[32m", false },
	[LINE_NOTICE] = { "\033[33m", true },
	[LINE_REFUSAL] = { "\033[31m", true },
	[LINE_END] = { "\033[2m", true },
};

static const char end[] = "\033[0m";
static const char own_name[] = "\033[1;33m";

/* The words, in shade ("" for none), and in them the name in its own. */
static void add_words(const char *words, const char *name, const char *shade,
		      struct buf *out)
{
	size_t name_len = strlen(name);
	struct mention_cursor c;
	struct mention m;

	mention_begin(&c, words, strlen(words));
	while (mention_next(&c, &m)) {
		if (m.name < words || m.len != name_len ||
		    strncasecmp(m.name, name, name_len) != 0)
			continue;
		buf_add(out, words, (size_t)(m.name - words));
		buf_print(out, "%s%.*s%s%s", own_name, (int)m.len, m.name, end,
			  shade);
		words = m.name + m.len;
	}
	buf_add_text(out, words);
}

/* Do others say something that may have the name in it? */
static bool may_name(const struct line *line, const char *name)
{
	return name != NULL &&
	       (line->kind == LINE_MESSAGE || line->kind == LINE_ACTION) &&
	       !span_is(line->name, name);
}

void colour_line(const char *text, const char *name, struct buf *out)
{
	const struct shade *shade;
	struct line line;
	const char *rest;

	line_parse(text, &line);
	shade = &shades[line.kind];
	if (shade->start == NULL) {
		buf_add_text(out, text);
		return;
	}
	buf_add_text(out, shade->start);
	buf_add(out, text, (size_t)(line.words - text));
	rest = shade->whole ? shade->start : "";
	if (!shade->whole)
		buf_add_text(out, end);
	if (may_name(&line, name))
		add_words(line.words, name, rest, out);
	else
		buf_add_text(out, line.words);
	if (shade->whole)
		buf_add_text(out, end);
}
