#include "chat/sieve.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "chat/fold.h"
#include "chat/mask.h"
#include "chat/sanction.h"

/*
 * Each pattern has a needle, the longest run of bytes without a star, and is
 * filed under a hash of the needle's first three bytes. A message is looked
 * through three bytes at a time: a bit for each hash says whether any pattern
 * is filed there, and only then the pattern is tried, once for each message.
 */
enum { SLOT_BITS = 16, SLOTS = 1 << SLOT_BITS, WORD_BITS = 64 };

struct row {
	char *pattern; /* folded */
	size_t len;
	bool is_glob;
	uint16_t slot;
	uint64_t tried; /* the number of the message */
	const struct sanction *sanction;
};

struct sieve {
	struct row *rows; /* by slot */
	size_t count;
	uint64_t messages;
	char *folded; /* room for a message */
	size_t size;
	uint64_t taken[SLOTS / WORD_BITS]; /* a bit for each slot */
};

static uint16_t slot_of(uint32_t three)
{
	return (uint16_t)(three * 2654435761U >> (32 - SLOT_BITS));
}

static uint32_t push(uint32_t three, char c)
{
	return (three << 8 | (uint8_t)c) & 0xffffff;
}

/* The longest run without a star. */
static const char *find_needle(const char *pattern, size_t *len_r)
{
	const char *needle = pattern;

	*len_r = 0;
	while (*pattern != '\0') {
		size_t len = strcspn(pattern, "*");

		if (len > *len_r) {
			needle = pattern;
			*len_r = len;
		}
		pattern += len;
		pattern += *pattern == '*';
	}
	return needle;
}

enum err sieve_check(const char *pattern, struct refusal *why)
{
	size_t len = strlen(pattern);
	size_t needle_len;
	const char *needle = find_needle(pattern, &needle_len);

	if (len > MASK_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A pattern has at most %d bytes.",
				    MASK_MOST);
	if (text_flaw(pattern, len) != NULL)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A pattern may not hold %s.",
				    text_flaw(pattern, len));
	if (needle_len < SIEVE_NEEDLE_LEAST ||
	    strspn(needle, " ") >= needle_len)
		return refusal_give(why, ERR_BAD_INPUT,
				    "\"%s\" would catch too much: a pattern "
				    "needs %d letters in a row.",
				    pattern, SIEVE_NEEDLE_LEAST);
	return ERR_OK;
}

struct sieve *sieve_new(void)
{
	return mem_zero(sizeof(struct sieve));
}

void sieve_free(struct sieve **sieve)
{
	struct sieve *s = *sieve;

	*sieve = NULL;
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		mem_free(s->rows[i].pattern);
	mem_free(s->rows);
	mem_free(s->folded);
	mem_free(s);
}

void sieve_add(struct sieve *sieve, const char *pattern,
	       const struct sanction *s)
{
	struct row row = { .len = strlen(pattern), .sanction = s };
	const char *needle;
	size_t needle_len;
	uint32_t three = 0;

	row.pattern = mem_text(pattern);
	fold_text(pattern, row.len, row.pattern);
	row.is_glob = strchr(pattern, '*') != NULL;
	needle = find_needle(row.pattern, &needle_len);
	for (size_t i = 0; i < SIEVE_NEEDLE_LEAST && i < needle_len; i++)
		three = push(three, needle[i]);
	row.slot = slot_of(three);
	sieve->rows = mem_resize(sieve->rows, (sieve->count + 1) * sizeof(row));
	sieve->rows[sieve->count++] = row;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	return (x->slot > y->slot) - (x->slot < y->slot);
}

void sieve_prepare(struct sieve *sieve)
{
	qsort(sieve->rows, sieve->count, sizeof(sieve->rows[0]), compare_rows);
	memset(sieve->taken, 0, sizeof(sieve->taken));
	for (size_t i = 0; i < sieve->count; i++) {
		uint16_t slot = sieve->rows[i].slot;

		sieve->taken[slot / WORD_BITS] |= UINT64_C(1)
						  << slot % WORD_BITS;
	}
}

/*
 * Each part between stars at its first place behind the part before, the last
 * one at the end: so it takes one walk through the text.
 */
static bool fits_whole(const struct row *row, const char *text, size_t len)
{
	const char *part = row->pattern;
	const char *end = text + len;
	size_t part_len = strcspn(part, "*");

	if (part_len > len || memcmp(part, text, part_len) != 0)
		return false;
	text += part_len;
	for (;;) {
		part += part_len;
		if (*part == '\0')
			return text == end;
		part++;
		part_len = strcspn(part, "*");
		if (part[part_len] == '\0')
			return (size_t)(end - text) >= part_len &&
			       memcmp(end - part_len, part, part_len) == 0;
		text = memmem(text, (size_t)(end - text), part, part_len);
		if (text == NULL)
			return false;
		text += part_len;
	}
}

static bool catches(const struct row *row, const char *text, size_t len)
{
	return row->is_glob ? fits_whole(row, text, len)
			    : memmem(text, len, row->pattern, row->len) != NULL;
}

static struct row *first_in_slot(struct sieve *sieve, uint16_t slot)
{
	size_t low = 0;
	size_t high = sieve->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sieve->rows[middle].slot < slot)
			low = middle + 1;
		else
			high = middle;
	}
	return &sieve->rows[low];
}

static const struct sanction *try_slot(struct sieve *sieve, uint16_t slot,
				       size_t len, int64_t now_ms)
{
	struct row *end = sieve->rows + sieve->count;

	for (struct row *row = first_in_slot(sieve, slot);
	     row < end && row->slot == slot; row++) {
		if (row->tried == sieve->messages)
			continue;
		row->tried = sieve->messages;
		if (!sanction_is_over(row->sanction, now_ms) &&
		    catches(row, sieve->folded, len))
			return row->sanction;
	}
	return NULL;
}

const struct sanction *sieve_catch(struct sieve *sieve, const char *text,
				   int64_t now_ms)
{
	size_t len = strlen(text);
	uint32_t three = 0;

	if (len > sieve->size) {
		sieve->folded = mem_resize(sieve->folded, len);
		sieve->size = len;
	}
	if (len < SIEVE_NEEDLE_LEAST)
		return NULL;
	fold_text(text, len, sieve->folded);
	sieve->messages++;
	for (size_t i = 0; i < len; i++) {
		const struct sanction *found;
		uint16_t slot;

		three = push(three, sieve->folded[i]);
		slot = slot_of(three);
		if ((sieve->taken[slot / WORD_BITS] >> slot % WORD_BITS & 1) ==
			    0 ||
		    i + 1 < SIEVE_NEEDLE_LEAST)
			continue;
		found = try_slot(sieve, slot, len, now_ms);
		if (found != NULL)
			return found;
	}
	return NULL;
}
