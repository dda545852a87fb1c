#include "conf/document.h"

#include <stdint.h>
#include <string.h>
#include <yaml.h>

#include "base/mem.h"
#include "base/text.h"

enum { DEPTH_MOST = 16, NODES_MOST = 10000, SHOWN_MOST = 60 };

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one */
	const char *text;
	size_t len;
	size_t nodes;
	struct complaints *complaints;
};

static struct mark mark_of(yaml_mark_t at)
{
	return (struct mark){ (unsigned)at.line + 1, (unsigned)at.column + 1 };
}

/* Returns false, so that a reader can end with it. */
static bool refuse(struct reader *r, const char *why)
{
	complaints_add(r->complaints, mark_of(r->event.start_mark), "%s", why);
	return false;
}

/* Where the byte at offset stands, for mistakes libyaml gives no mark for. */
static struct mark mark_of_byte(const struct reader *r, size_t offset)
{
	struct mark mark = { 1, 1 };

	for (size_t i = 0; i < offset && i < r->len; i++) {
		mark.column++;
		if (r->text[i] == '\n')
			mark = (struct mark){ mark.line + 1, 1 };
	}
	return mark;
}

static bool is_tab(const struct reader *r, yaml_mark_t at)
{
	const char *line = r->text;
	const char *end = r->text + r->len;

	for (size_t i = 0; i < at.line && line != NULL; i++) {
		line = memchr(line, '\n', (size_t)(end - line));
		if (line != NULL)
			line++;
	}
	return line != NULL && at.column < (size_t)(end - line) &&
	       line[at.column] == '\t';
}

static void explain(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem != NULL ? p->problem : "no memory";

	if (p->error == YAML_READER_ERROR) {
		complaints_add(r->complaints,
			       mark_of_byte(r, p->problem_offset),
			       "cannot be read: %s; write UTF-8", problem);
	} else if (is_tab(r, p->problem_mark)) {
		complaints_add(r->complaints, mark_of(p->problem_mark),
			       "cannot be read: there is a tab; indent with "
			       "spaces");
	} else if (p->context != NULL) {
		complaints_add(r->complaints, mark_of(p->problem_mark),
			       "cannot be read: %s, %s that begins on line %zu",
			       problem, p->context, p->context_mark.line + 1);
	} else {
		complaints_add(r->complaints, mark_of(p->problem_mark),
			       "cannot be read: %s", problem);
	}
}

/* Moves on to the next event; false when the text is broken there. */
static bool next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event) == 1)
		return true;
	explain(r);
	return false;
}

/* Copies the current event, a scalar. NULL, with a complaint, if unfit. */
static char *take_text(struct reader *r)
{
	const char *text = (const char *)r->event.data.scalar.value;
	size_t len = r->event.data.scalar.length;
	const char *flaw = text_flaw(text, len);

	if (flaw == NULL)
		return mem_text(text);
	complaints_add(r->complaints, mark_of(r->event.start_mark),
		       "a setting may not hold %s", flaw);
	return NULL;
}

static bool is_decorated(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor != NULL ||
		       e->data.scalar.tag != NULL;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor != NULL ||
		       e->data.sequence_start.tag != NULL;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor != NULL ||
		       e->data.mapping_start.tag != NULL;
	default:
		return e->type == YAML_ALIAS_EVENT;
	}
}

static struct node *add_child(struct node *node)
{
	/* Room grows at 1, 2, 4, 8 … children. */
	if ((node->count & (node->count - 1)) == 0)
		node->children =
			mem_resize(node->children,
				   (node->count > 0 ? 2 * node->count : 1) *
					   sizeof(*node->children));
	memset(&node->children[node->count], 0, sizeof(*node->children));
	return &node->children[node->count++];
}

static bool read_key(struct reader *r, struct node *node)
{
	if (is_decorated(&r->event) || r->event.type != YAML_SCALAR_EVENT)
		return refuse(r, "a name must stand before the colon");
	node->key_mark = mark_of(r->event.start_mark);
	node->key = take_text(r);
	return node->key != NULL && next(r);
}

static bool read_node(struct reader *r, unsigned depth, struct node *node);

/* Reads children up to the event that ends the collection. */
static bool read_children(struct reader *r, unsigned depth, struct node *node,
			  yaml_event_type_t end)
{
	while (next(r)) {
		struct node *child;

		if (r->event.type == end)
			return true;
		child = add_child(node);
		if (node->kind == NODE_MAP && !read_key(r, child))
			return false;
		if (!read_node(r, depth, child))
			return false;
	}
	return false;
}

/* Reads the node that begins with the current event. */
static bool read_node(struct reader *r, unsigned depth, struct node *node)
{
	node->mark = mark_of(r->event.start_mark);
	if (is_decorated(&r->event))
		return refuse(r, "anchors, aliases and tags are not "
				 "supported; write the plain value");
	if (depth >= DEPTH_MOST)
		return refuse(r, "this is nested too deep");
	if (r->nodes++ >= NODES_MOST)
		return refuse(r, "there are too many values");
	switch (r->event.type) {
	case YAML_MAPPING_START_EVENT:
		node->kind = NODE_MAP;
		return read_children(r, depth + 1, node,
				     YAML_MAPPING_END_EVENT);
	case YAML_SEQUENCE_START_EVENT:
		node->kind = NODE_LIST;
		return read_children(r, depth + 1, node,
				     YAML_SEQUENCE_END_EVENT);
	default:
		node->kind = NODE_SCALAR;
		node->is_quoted =
			r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		node->text = take_text(r);
		return node->text != NULL;
	}
}

static bool read_stream(struct reader *r, struct node *root)
{
	if (!next(r) || !next(r))
		return false;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		root->kind = NODE_SCALAR;
		root->mark = (struct mark){ 1, 1 };
		root->text = mem_text("");
		return true;
	}
	if (!next(r) || !read_node(r, 0, root) || !next(r) || !next(r))
		return false;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return refuse(r, "a second document begins here; write one");
	return true;
}

bool document_read(const char *text, size_t len, struct node *root_r,
		   struct complaints *complaints)
{
	struct reader r = { .text = text,
			    .len = len,
			    .complaints = complaints };
	bool is_read;

	memset(root_r, 0, sizeof(*root_r));
	if (yaml_parser_initialize(&r.parser) != 1) {
		complaints_add(complaints, (struct mark){ 0, 0 }, "no memory");
		return false;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text,
				     len);
	is_read = read_stream(&r, root_r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	if (!is_read)
		document_free(root_r);
	return is_read;
}

void document_free(struct node *root)
{
	for (size_t i = 0; i < root->count; i++)
		document_free(&root->children[i]);
	mem_free(root->children);
	mem_free(root->key);
	mem_free(root->text);
	memset(root, 0, sizeof(*root));
}

const struct node *node_child(const struct node *map, const char *key,
			      size_t key_len)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++) {
		const struct node *child = &map->children[i];

		if (strncmp(child->key, key, key_len) == 0 &&
		    child->key[key_len] == '\0')
			return child;
	}
	return NULL;
}

bool node_is_empty(const struct node *node)
{
	return node->kind == NODE_SCALAR && !node->is_quoted &&
	       (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
		strcmp(node->text, "null") == 0);
}

struct mark node_mark(const struct node *node)
{
	if (node->kind != NODE_SCALAR && node->key != NULL)
		return node->key_mark;
	return node->mark;
}

void node_describe(const struct node *node, struct buf *out)
{
	char shown[SHOWN_MOST + 1];
	size_t len;

	if (node->kind == NODE_MAP) {
		buf_add_text(out, "a map");
	} else if (node->kind == NODE_LIST) {
		buf_add_text(out, "a list");
	} else if (node->text[0] == '\0') {
		buf_add_text(out, "empty");
	} else {
		len = strnlen(node->text, SHOWN_MOST);
		memcpy(shown, node->text, len);
		/* The cut may have gone through a character. */
		text_clean(shown, len);
		buf_add(out, shown, len);
		if (node->text[len] != '\0')
			buf_add_text(out, "...");
	}
}
