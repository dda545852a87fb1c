#include "babble.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"

/* Of a line: most are short, and a few are long. */
enum { SHORT_WORDS = 14, LONG_WORDS = 60, LONG_EACH = 25, SYLLABLES = 4 };

unsigned babble_dice(struct babble *b, unsigned bound)
{
	b->random ^= b->random << 13;
	b->random ^= b->random >> 7;
	b->random ^= b->random << 17;
	return (unsigned)((b->random >> 16) % bound);
}

static void make_word(struct babble *b, char word[16])
{
	static const char *const heads[] = { "b", "c",  "d",  "f",  "g", "l",
					     "m", "n",  "p",  "r",  "s", "t",
					     "v", "st", "tr", "th", "w", "pl" };
	static const char *const tails[] = { "a",  "e",  "i",  "o",  "u",  "an",
					     "en", "in", "on", "er", "or", "ea",
					     "ou", "al", "es", "at" };
	unsigned syllables = 1 + babble_dice(b, SYLLABLES);
	size_t len = 0;

	word[0] = '\0';
	for (unsigned i = 0; i < syllables && len < 12; i++)
		len += (size_t)snprintf(word + len, 16 - len, "%s%s",
					heads[babble_dice(b, COUNT(heads))],
					tails[babble_dice(b, COUNT(tails))]);
}

void babble_init(struct babble *b, uint64_t seed)
{
	memset(b, 0, sizeof(*b));
	b->random = seed * 2 + 1;
	snprintf(b->words[0], sizeof(b->words[0]), "%s", BABBLE_COMMON);
	for (unsigned i = 1; i < BABBLE_WORDS; i++)
		make_word(b, b->words[i]);
}

/* Half as likely for twice the place in the list, about as in a language. */
static const char *pick(struct babble *b)
{
	unsigned bound = 2u << babble_dice(b, 12);

	return b->words[babble_dice(b, bound)];
}

static size_t add(char *line, size_t len, const char *word)
{
	size_t more = strlen(word);

	if (len + more + 2 > BABBLE_MOST)
		return len;
	if (len > 0)
		line[len++] = ' ';
	memcpy(line + len, word, more + 1);
	return len + more;
}

size_t babble_line(struct babble *b, char line_r[BABBLE_MOST])
{
	bool is_long = babble_dice(b, LONG_EACH) == 0;
	unsigned words = 1 + babble_dice(b, is_long ? LONG_WORDS : SHORT_WORDS);
	size_t len = 0;

	for (unsigned i = 0; i < words; i++)
		len = add(line_r, len, pick(b));
	if (++b->lines % BABBLE_RARE_EACH == 0)
		len = add(line_r, len, BABBLE_RARE);
	return len;
}
