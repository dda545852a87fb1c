/* Jokes that were fetched and not told yet, first in, first out. */
#ifndef RIALTO_JOKE_STOCK_H
#define RIALTO_JOKE_STOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "joke/joke.h"

/* What is never exceeded, whatever a server sends. */
enum { STOCK_MOST = 100 };

struct stock {
	struct joke *jokes[STOCK_MOST];
	size_t count;
};

/* All zero is an empty stock. */
void stock_fini(struct stock *s);

/*
 * Takes joke, for good. False, and the joke is gone, when it is here already
 * or nothing more fits.
 */
bool stock_add(struct stock *s, struct joke *joke);

/* The joke that is here longest, the caller's now; NULL when there is none. */
NODISCARD struct joke *stock_take(struct stock *s);

#endif
