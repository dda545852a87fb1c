/*
 * What a person reads of an account: which one, which month of it or all, and
 * the way back to newer pages. One owner.
 */
#ifndef RIALTO_RIALTO_ATM_STATEMENT_H
#define RIALTO_RIALTO_ATM_STATEMENT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STATEMENT_PAGES = 64, /* that lead back one by one */
	STATEMENT_MONTH = 8,  /* "2026-11" */
};

struct statement {
	char *account;               /* NULL: the main one */
	char month[STATEMENT_MONTH]; /* "": all */
	int64_t befores[STATEMENT_PAGES];
	size_t depth; /* the newer pages' are below it; its own is there */

	json_t *answer; /* the page as it came; NULL before the first */
	int64_t older;  /* what the page behind this one is before; 0: none */
};

/* Forgets all of it. */
void statement_fini(struct statement *s);

#endif
