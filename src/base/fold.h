/*
 * Folding: what text looks like, so that two texts that differ only by how
 * they are written are the same. Capitals and small letters fold together, and
 * so do full and half width, letters with and without accents, and ligatures,
 * styles and circles of them; what takes no place (zero-width spaces, soft
 * hyphens, selectors, marks of direction) is left out.
 *
 * Each character folds by itself, whatever is beside it. Any thread.
 */
#ifndef RIALTO_BASE_FOLD_H
#define RIALTO_BASE_FOLD_H

#include <stddef.h>

/* No character grows by more: folded text has at most so many times len. */
enum { FOLD_GROWTH = 12 };

/*
 * Writes the folded form of text, which is UTF-8, without a NUL, and returns
 * its length. There must be room for FOLD_GROWTH * len bytes.
 */
size_t fold_text(const char *text, size_t len, char *folded_r);

#endif
