#include "base/near.h"

#include <string.h>

enum { WORD_MOST = 32 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

unsigned near_distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MOST + 1];
	size_t a_len = strnlen(a, WORD_MOST);
	size_t b_len = strnlen(b, WORD_MOST);

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *two_above = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			char x = lower(a[i - 1]);
			char y = lower(b[j - 1]);

			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2]) &&
			    lower(a[i - 2]) == y)
				row[j] = least(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

void near_init(struct near *n, const char *word)
{
	size_t len = strnlen(word, WORD_MOST);

	n->word = word;
	n->best = NULL;
	/* A third of the letters may be wrong, and of two letters, one. */
	n->distance = (unsigned)(len == 2 ? 2 : len / 3 + 1);
}

void near_show(struct near *n, const char *candidate)
{
	unsigned distance = near_distance(n->word, candidate);

	if (distance < n->distance) {
		n->distance = distance;
		n->best = candidate;
	}
}
