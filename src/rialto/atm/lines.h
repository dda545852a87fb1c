/*
 * Text in lines that are no wider than the terminal, and as many of them as it
 * has room for. Any thread.
 */
#ifndef RIALTO_RIALTO_ATM_LINES_H
#define RIALTO_RIALTO_ATM_LINES_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Adds text, which is safe to show, in lines of that many columns at most:
 * broken at spaces, and within a word that is wider than a line. All but the
 * first begin with so many spaces; or, with LINES_WHOLE_WORDS, with none, and
 * a word is never broken, so that it can be copied.
 */
enum { LINES_WHOLE_WORDS = 0 };
void lines_add(const char *text, size_t columns, size_t indent,
	       struct buf *out);

/* How many columns the text takes. */
size_t lines_columns(const char *text, size_t len);

/* What an item says, in one line without its end; nth counts from 0. */
typedef void lines_item_fn(const void *context, const json_t *item, size_t nth,
			   struct buf *line_r);

/* Where items go. */
struct lines_space {
	size_t columns;
	size_t indent;
	size_t rows;
	size_t most; /* items */
};

/*
 * Adds items from the one at first on, as many as there is space for, but one
 * at least, if there is one; returns how many.
 */
size_t lines_fit(const json_t *items, size_t first,
		 const struct lines_space *space, lines_item_fn *print,
		 const void *context, struct buf *out);

#endif
