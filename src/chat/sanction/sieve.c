#include "chat/sanction/sieve.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "chat/sanction/pattern.h"

/*
 * Each pattern is filed under a hash of the first three bytes of its longest
 * run without a star. A message is looked through three bytes at a time: a bit
 * for each hash says whether any pattern is filed there, and only then the
 * pattern is tried, once for each message.
 */
enum { SLOT_BITS = 16, SLOTS = 1 << SLOT_BITS, WORD_BITS = 64 };

struct row {
	struct needle needle;
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
		needle_fini(&s->rows[i].needle);
	mem_free(s->rows);
	mem_free(s->folded);
	mem_free(s);
}

void sieve_add(struct sieve *sieve, const struct sanction *s)
{
	struct row row = { .sanction = s };
	uint32_t three = 0;

	needle_init(&row.needle, s->mask.text);
	for (size_t i = 0; i < NEEDLE_LEAST; i++)
		three = push(three, row.needle.folded[row.needle.from + i]);
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

static bool is_taken(const struct sieve *sieve, uint16_t slot)
{
	return (sieve->taken[slot / WORD_BITS] >> slot % WORD_BITS & 1) != 0;
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
		    needle_catches(&row->needle, sieve->folded, len))
			return row->sanction;
	}
	return NULL;
}

/* Into room that grows to what the longest message takes. */
static size_t fold(struct sieve *sieve, const char *text)
{
	size_t len = strlen(text);

	if (FOLD_GROWTH * len > sieve->size) {
		sieve->size = FOLD_GROWTH * len;
		sieve->folded = mem_resize(sieve->folded, sieve->size);
	}
	return fold_text(text, len, sieve->folded);
}

const struct sanction *sieve_catch(struct sieve *sieve, const char *text,
				   int64_t now_ms)
{
	size_t len = fold(sieve, text);
	const struct sanction *found = NULL;
	uint32_t three = 0;

	sieve->messages++;
	for (size_t i = 0; found == NULL && i < len; i++) {
		uint16_t slot;

		three = push(three, sieve->folded[i]);
		slot = slot_of(three);
		if (i + 1 >= NEEDLE_LEAST && is_taken(sieve, slot))
			found = try_slot(sieve, slot, len, now_ms);
	}
	return found;
}
