/*
 * Which known word did somebody mean? Any thread.
 */
#ifndef RIALTO_BASE_NEAR_H
#define RIALTO_BASE_NEAR_H

#include <stddef.h>

/*
 * How many letters must be inserted, dropped, replaced or swapped with their
 * neighbour to make b of a, without case (Damerau-Levenshtein, restricted).
 * Words longer than 32 bytes are compared by their first 32.
 */
unsigned near_distance(const char *a, const char *b);

/*
 * Keeps the nearest of the words it is shown, as long as no more than a third
 * of the letters differ (one of two). Borrows every word.
 */
struct near {
	const char *word;
	const char *best; /* NULL when nothing was near enough; borrowed */
	unsigned distance;
};

void near_init(struct near *n, const char *word);
void near_show(struct near *n, const char *candidate);

#endif
