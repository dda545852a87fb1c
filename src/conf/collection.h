/*
 * A setting that holds several values: words, or names with values. As
 * value.h, from a node of the document. Any thread.
 */
#ifndef RIALTO_CONF_COLLECTION_H
#define RIALTO_CONF_COLLECTION_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "conf/document.h"

/* Is the item of such a type? */
bool collection_is(const struct conf_item *item);

/*
 * Sets the item's field in the section's struct, which holds no value yet.
 * False, with nothing set, when the node does not fit; then what would be
 * right is added to advice.
 */
NODISCARD bool collection_set(const struct conf_item *item,
			      const struct node *node, void *section,
			      struct buf *advice);

bool collection_equals(const struct conf_item *item, const void *a,
		       const void *b);

/* Frees what the field owns, and empties it. */
void collection_free(const struct conf_item *item, void *section);

#endif
