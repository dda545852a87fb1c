/* How long to wait before the next try: 1, 2, 4 … 30 s, a little off. */
#ifndef RIALTO_RIALTO_BACKOFF_H
#define RIALTO_RIALTO_BACKOFF_H

#include <stdint.h>

/* All zero to start with, and again after a success. */
struct backoff {
	unsigned tries;
};

/*
 * The next wait. A quarter of it, either way, is left to chance, so that a
 * thousand clients do not come back in the same instant.
 */
int64_t backoff_next_ms(struct backoff *b);

#endif
