/*
 * A YAML text as a tree of nodes that know where they were written. Maps,
 * lists and scalars only: anchors, aliases, tags and further documents are
 * refused, and so are values that hold control characters.
 */
#ifndef RIALTO_CONF_DOCUMENT_H
#define RIALTO_CONF_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "conf/complaints.h"

enum node_kind { NODE_SCALAR = 1, NODE_MAP, NODE_LIST };

struct node {
	enum node_kind kind;
	char *key; /* in a map; else NULL */
	struct mark key_mark;
	struct mark mark; /* of the value */
	char *text;       /* of a scalar; else NULL */
	bool is_quoted;
	struct node *children; /* of a map or a list */
	size_t count;
};

/*
 * Reads the text into *root_r, for document_free(). An empty text is an empty
 * scalar. What makes it unreadable is added to complaints; then there is
 * nothing to free and the result is false.
 */
NODISCARD bool document_read(const char *text, size_t len, struct node *root_r,
			     struct complaints *complaints);

/* Frees what is in root, not root itself. */
void document_free(struct node *root);

/* The first child of a map with this key; NULL without one or for no map. */
const struct node *node_child(const struct node *map, const char *key,
			      size_t key_len);

/* A scalar without anything written: "", ~ or null, without quotes. */
bool node_is_empty(const struct node *node);

/* Where a person would look for it: the value, or the name of a collection. */
struct mark node_mark(const struct node *node);

/* Adds "a map", "a list", "empty" or the scalar, shortened, to out. */
void node_describe(const struct node *node, struct buf *out);

#endif
