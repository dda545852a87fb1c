/*
 * Needles: words that a text must have, all of them, however they are written;
 * see base/fold.h. One owner.
 */
#ifndef RIALTO_CHAT_NEEDLES_H
#define RIALTO_CHAT_NEEDLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"

struct needles {
	struct buf words; /* folded, one behind the other */
	size_t *ends;     /* where each ends */
	size_t count;
	struct buf folded; /* the text that is looked at */
};

/* False when there is nothing in the word: then it was not added. */
NODISCARD bool needles_add(struct needles *needles, const char *word);
void needles_fini(struct needles *needles);

bool needles_fit(struct needles *needles, const char *text, size_t len);

#endif
