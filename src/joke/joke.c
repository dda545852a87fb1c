#include "joke/joke.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Writes text to out with one space between words; the byte after its NUL. */
static char *put_words(char *out, const char *text)
{
	char *start = out;

	for (; *text != '\0'; text++) {
		if (!is_space(*text))
			*out++ = *text;
		else if (out > start && out[-1] != ' ')
			*out++ = ' ';
	}
	if (out > start && out[-1] == ' ')
		out--;
	*out++ = '\0';
	return out;
}

static bool is_tellable(const char *line)
{
	size_t len = strlen(line);

	return len > 0 && len <= JOKE_LINE && text_flaw(line, len) == NULL;
}

struct joke *joke_new(const char *setup, const char *punchline)
{
	size_t more = punchline == NULL ? 0 : strlen(punchline) + 1;
	struct joke *joke = mem_alloc(sizeof(*joke) + strlen(setup) + 1 + more);
	char *text = (char *)(joke + 1);
	char *behind = put_words(text, setup);

	joke->setup = text;
	joke->punchline = NULL;
	if (punchline != NULL) {
		put_words(behind, punchline);
		joke->punchline = behind;
	}
	if (!is_tellable(joke->setup) ||
	    (punchline != NULL && !is_tellable(joke->punchline)))
		joke_free(&joke);
	return joke;
}

void joke_free(struct joke **joke)
{
	mem_free(*joke);
	*joke = NULL;
}

bool joke_is_same(const struct joke *a, const struct joke *b)
{
	const char *x = a->punchline == NULL ? "" : a->punchline;
	const char *y = b->punchline == NULL ? "" : b->punchline;

	return strcmp(a->setup, b->setup) == 0 && strcmp(x, y) == 0;
}
