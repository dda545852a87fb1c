/* The jokes of jokes.txt, which are always there. */
#ifndef RIALTO_JOKE_BUNDLE_H
#define RIALTO_JOKE_BUNDLE_H

#include <stddef.h>

#include "joke/joke.h"

/* jokes.txt, joke by joke. Generated. */
extern const struct joke bundle_jokes[];
extern const size_t bundle_count;

/* An order in which to tell them. */
struct bundle;

struct bundle *bundle_new(void);

/* Frees *bundle and sets it to NULL. A NULL *bundle is left alone. */
void bundle_free(struct bundle **bundle);

/*
 * The next joke, borrowed: none comes again before all were told, nor the
 * same one twice in a row.
 */
const struct joke *bundle_next(struct bundle *bundle);

#endif
