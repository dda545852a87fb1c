/*
 * Talk that looks like people's: words of which few are frequent and most are
 * rare, in lines of a word or of many. The same from the same seed.
 */
#ifndef RIALTO_BENCH_BABBLE_H
#define RIALTO_BENCH_BABBLE_H

#include <stddef.h>
#include <stdint.h>

enum { BABBLE_WORDS = 4096, BABBLE_MOST = 512, BABBLE_RARE_EACH = 9973 };

/* Words to search for: in most lines, in every so manyth, in none. */
#define BABBLE_COMMON "and"
#define BABBLE_RARE "quinquereme"
#define BABBLE_ABSENT "zeppelin"

struct babble {
	uint64_t random;
	uint64_t lines;
	char words[BABBLE_WORDS][16];
};

void babble_init(struct babble *b, uint64_t seed);

/* The next line, without its end; its length. */
size_t babble_line(struct babble *b, char line_r[BABBLE_MOST]);

/* A number below the bound. */
unsigned babble_dice(struct babble *b, unsigned bound);

#endif
