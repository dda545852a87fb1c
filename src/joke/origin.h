/* The server that a URL names. */
#ifndef RIALTO_JOKE_ORIGIN_H
#define RIALTO_JOKE_ORIGIN_H

#include <stdbool.h>

#include "base/attr.h"

struct origin {
	char *host;
	char *port; /* also when the URL leaves it to its scheme */
};

/*
 * Finds out whom url names. What is wrong with it, as words that fit behind
 * "the URL", when it is no http or https URL, is very long, or holds a name
 * and password; else NULL. Freed with origin_fini() in every case.
 */
NODISCARD const char *origin_parse(const char *url, struct origin *origin_r);

void origin_fini(struct origin *o);

bool origin_is_same(const struct origin *a, const struct origin *b);

#endif
