/*
 * Things found by a number: each begins with a struct numbered, is allocated
 * by mem_*, and belongs to the table until it is taken out. One owner.
 */
#ifndef RIALTO_BANK_NUMBERS_H
#define RIALTO_BANK_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

struct numbered {
	uint64_t number;
	struct numbered *next; /* the table's */
};

struct numbers {
	struct numbered **slots; /* NULL: none yet */
	size_t room;             /* a power of two */
	size_t count;
};

/* Empty it is all zero. Frees what is in it. */
void numbers_fini(struct numbers *n);

/* NULL when it is not there. */
void *numbers_find(const struct numbers *n, uint64_t number);

/* Takes a thing whose number is not there yet. */
void numbers_add(struct numbers *n, struct numbered *thing);

/* Takes it out, for the caller to free; NULL when it is not there. */
void *numbers_take(struct numbers *n, uint64_t number);

/* Calls fn for each, in no order. */
void numbers_each(const struct numbers *n,
		  void (*fn)(struct numbered *thing, void *arg), void *arg);

#endif
