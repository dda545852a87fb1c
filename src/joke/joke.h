/* A joke as it may be told in a room. */
#ifndef RIALTO_JOKE_JOKE_H
#define RIALTO_JOKE_JOKE_H

#include <stdbool.h>

#include "base/attr.h"

/* The longest line of a joke, in bytes. */
enum { JOKE_LINE = 1000 };

struct joke {
	const char *setup;
	const char *punchline; /* NULL when the setup is all of it */
};

/*
 * A joke for joke_free(), made from text that anybody may have written: white
 * space, lines' ends among it, becomes one space between words. NULL when a
 * line is then empty or longer than JOKE_LINE, or holds what text_flaw()
 * objects to. A NULL punchline is none.
 */
struct joke *joke_new(const char *setup, const char *punchline);

/* Frees *joke and sets it to NULL. A NULL *joke is left alone. */
void joke_free(struct joke **joke);

bool joke_is_same(const struct joke *a, const struct joke *b);

#endif
