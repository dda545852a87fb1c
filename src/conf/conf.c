#include "conf/conf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "conf/collection.h"
#include "conf/complaints.h"
#include "conf/document.h"
#include "conf/names.h"
#include "conf/value.h"

enum { FILE_MOST = 1 << 20 };

/* One load under way. */
struct load {
	const struct conf_section *schema;
	const char *path;
	struct complaints complaints;
};

struct conf_check {
	const struct node *root;
	struct complaints *complaints;
};

static void *section_of(const struct conf_section *section, void *settings)
{
	return (char *)settings + section->offset;
}

static const void *section_in(const struct conf_section *section,
			      const void *settings)
{
	return (const char *)settings + section->offset;
}

/* Element i of a list section. */
static void *element_of(const struct conf_section *section,
			const struct conf_list *list, size_t i)
{
	return (char *)list->items + i * section->size;
}

/* The node with a dotted name below root; NULL without one. */
static const struct node *find(const struct node *root, const char *name)
{
	const struct node *node = root;

	while (node != NULL && *name != '\0') {
		size_t len = strcspn(name, ".");

		node = node_child(node, name, len);
		name += len;
		name += *name == '.';
	}
	return node;
}

static void complain_value(struct load *l, const char *where, const char *name,
			   const struct node *node, struct buf *advice)
{
	struct buf found;

	buf_init(&found);
	node_describe(node, &found);
	complaints_add(&l->complaints, node_mark(node), "%s.%s is %s; %s",
		       where, name, buf_text(&found), buf_text(advice));
	buf_fini(&found);
}

/* False, after a complaint, when the node does not fit the item. */
static bool set_from_node(struct load *l, const char *where,
			  const struct conf_item *item, const struct node *node,
			  void *section)
{
	struct value_text from = { node->text, node->is_quoted, l->path };
	struct buf advice;
	bool is_set = false;

	buf_init(&advice);
	if (collection_is(item))
		is_set = collection_set(item, node, section, &advice);
	else if (node->kind != NODE_SCALAR || node_is_empty(node))
		value_advise(item, &advice);
	else
		is_set = value_set(item, &from, section, &advice);
	if (!is_set)
		complain_value(l, where, item->name, node, &advice);
	buf_fini(&advice);
	return is_set;
}

static void set_preset(struct load *l, const struct conf_item *item,
		       void *section)
{
	struct value_text from = { item->preset, false, l->path };
	bool is_set;

	/* A collection is empty at first. */
	if (item->preset == NULL || collection_is(item))
		return;
	is_set = value_set(item, &from, section, NULL);
	assert(is_set);
	(void)is_set;
}

/* Fills a section's struct from map, which may be NULL. */
static void fill(struct load *l, const char *where,
		 const struct conf_item *items, const struct node *map,
		 void *section)
{
	for (const struct conf_item *item = items; item->name != NULL; item++) {
		const struct node *node = NULL;

		if (map != NULL)
			node = node_child(map, item->name, strlen(item->name));
		if (node != NULL &&
		    set_from_node(l, where, item, node, section))
			continue;
		if (node == NULL && (item->flags & CONF_REQUIRED) != 0 &&
		    map != NULL)
			complaints_add(&l->complaints, node_mark(map),
				       "%s has no %s; add one", where,
				       item->name);
		set_preset(l, item, section);
	}
}

static void fill_list(struct load *l, const struct conf_section *section,
		      const struct node *node, struct conf_list *list)
{
	list->items = mem_array(node->count, section->size);
	list->count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		AUTO(mem_free_text)
		char *where = mem_print("%s[%zu]", section->name, i);

		if (node->children[i].kind == NODE_MAP)
			fill(l, where, section->items, &node->children[i],
			     element_of(section, list, i));
	}
}

static void fill_list_preset(struct load *l, const struct conf_section *section,
			     struct conf_list *list)
{
	size_t mistakes = l->complaints.count;
	struct node node;
	bool is_read;

	if (section->preset == NULL)
		return;
	is_read = document_read(section->preset, strlen(section->preset), &node,
				&l->complaints);
	assert(is_read);
	(void)is_read;
	fill_list(l, section, &node, list);
	assert(l->complaints.count == mistakes);
	(void)mistakes;
	document_free(&node);
}

static void fill_section(struct load *l, const struct conf_section *section,
			 const struct node *root, void *settings)
{
	const struct node *node = find(root, section->name);
	void *at = section_of(section, settings);

	if (section->kind == CONF_MAP)
		fill(l, section->name, section->items, node, at);
	else if (node != NULL && node->kind == NODE_LIST)
		fill_list(l, section, node, at);
	else
		fill_list_preset(l, section, at);
}

static void load_text(struct load *l, conf_check_fn *check, const char *text,
		      size_t len, void *settings)
{
	struct node root;
	struct conf_check own = { &root, &l->complaints };

	if (!document_read(text, len, &root, &l->complaints))
		return;
	names_check(l->schema, &root, &l->complaints);
	for (const struct conf_section *s = l->schema; s->name != NULL; s++)
		fill_section(l, s, &root, settings);
	if (check != NULL && l->complaints.count == 0)
		check(&own, settings);
	document_free(&root);
}

enum err conf_parse(const struct conf_section *schema, conf_check_fn *check,
		    const char *path, const char *text, size_t len,
		    void *settings, struct buf *complaints)
{
	struct load l = { .schema = schema, .path = path };
	enum err e = ERR_OK;

	complaints_init(&l.complaints, path);
	load_text(&l, check, text, len, settings);
	if (l.complaints.count > 0) {
		complaints_print(&l.complaints, complaints);
		conf_free(schema, settings);
		e = ERR_BAD_INPUT;
	}
	complaints_fini(&l.complaints);
	return e;
}

static const char *why_unread(enum err e)
{
	switch (e) {
	case ERR_NOT_FOUND:
		return "there is no such file";
	case ERR_NOT_ALLOWED:
		return "may not be read; check its owner and mode";
	case ERR_BAD_INPUT:
		return "is no settings file; it must be a regular file of at "
		       "most 1M";
	default:
		return "cannot be read; the disk reports an error";
	}
}

enum err conf_load(const struct conf_section *schema, conf_check_fn *check,
		   const char *path, void *settings, struct buf *complaints)
{
	struct buf text;
	enum err e;

	buf_init(&text);
	e = file_read(path, FILE_MOST, &text);
	if (e != ERR_OK)
		buf_print(complaints, "%s: %s\n", path, why_unread(e));
	else
		e = conf_parse(schema, check, path, buf_text(&text),
			       buf_len(&text), settings, complaints);
	buf_fini(&text);
	return e;
}

/* Moves *node to the child that where begins with; the rest of where. */
static const char *descend(const struct node **node, const char *where)
{
	size_t len = strcspn(where, ".[");
	const struct node *child = NULL;
	char *end = NULL;
	unsigned long i;

	if (*where == '[') {
		i = strtoul(where + 1, &end, 10);
		if ((*node)->kind == NODE_LIST && i < (*node)->count)
			child = &(*node)->children[i];
		where = end + (*end == ']');
	} else {
		child = node_child(*node, where, len);
		where += len;
	}
	*node = child;
	return where + (*where == '.');
}

void conf_complain(struct conf_check *check, const char *where,
		   const char *format, ...)
{
	const struct node *node = check->root;
	struct mark mark = { 1, 1 };
	const char *rest = where;
	struct buf text;
	va_list args;

	while (*rest != '\0') {
		rest = descend(&node, rest);
		if (node == NULL)
			break;
		mark = node_mark(node);
	}
	buf_init(&text);
	va_start(args, format);
	buf_vprint(&text, format, args);
	va_end(args);
	complaints_add(check->complaints, mark, "%s %s", where,
		       buf_text(&text));
	buf_fini(&text);
}

static bool struct_equals(const struct conf_item *items, const void *a,
			  const void *b)
{
	for (const struct conf_item *item = items; item->name != NULL; item++) {
		if (!value_equals(item, a, b))
			return false;
	}
	return true;
}

static bool list_equals(const struct conf_section *section,
			const struct conf_list *a, const struct conf_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!struct_equals(section->items, element_of(section, a, i),
				   element_of(section, b, i)))
			return false;
	}
	return true;
}

static bool all_live(const struct conf_item *items)
{
	for (const struct conf_item *item = items; item->name != NULL; item++) {
		if ((item->flags & CONF_LIVE) == 0)
			return false;
	}
	return true;
}

void conf_compare(const struct conf_section *schema, const void *a,
		  const void *b,
		  void (*changed)(void *arg, const char *name, bool is_live),
		  void *arg)
{
	for (const struct conf_section *s = schema; s->name != NULL; s++) {
		const void *x = section_in(s, a);
		const void *y = section_in(s, b);

		if (s->kind == CONF_LIST) {
			if (!list_equals(s, x, y))
				changed(arg, s->name, all_live(s->items));
			continue;
		}
		for (const struct conf_item *i = s->items; i->name != NULL;
		     i++) {
			AUTO(mem_free_text)
			char *name = mem_print("%s.%s", s->name, i->name);

			if (!value_equals(i, x, y))
				changed(arg, name, (i->flags & CONF_LIVE) != 0);
		}
	}
}

static void free_struct(const struct conf_item *items, void *section)
{
	for (const struct conf_item *item = items; item->name != NULL; item++)
		value_free(item, section);
}

void conf_free(const struct conf_section *schema, void *settings)
{
	for (const struct conf_section *s = schema; s->name != NULL; s++) {
		struct conf_list *list = section_of(s, settings);

		if (s->kind == CONF_MAP) {
			free_struct(s->items, section_of(s, settings));
			continue;
		}
		for (size_t i = 0; i < list->count; i++)
			free_struct(s->items, element_of(s, list, i));
		mem_free(list->items);
		list->items = NULL;
		list->count = 0;
	}
	for (const struct conf_section *s = schema; s->name != NULL; s++) {
		if (s->kind == CONF_MAP)
			memset(section_of(s, settings), 0, s->size);
	}
}
