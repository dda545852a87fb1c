#include "rialto/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void colour_line(const char *text, struct buf *out)
{
	struct line line;
	size_t len;

	line_parse(text, &line);
	if (shades[line.kind].start == NULL) {
		buf_add_text(out, text);
		return;
	}
	len = shades[line.kind].whole ? strlen(text)
				      : (size_t)(line.words - text);
	buf_add_text(out, shades[line.kind].start);
	buf_add(out, text, len);
	buf_add_text(out, "\033[0m");
	buf_add_text(out, text + len);
}
