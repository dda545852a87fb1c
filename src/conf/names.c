#include "conf/names.h"

#include <string.h>

#include "base/mem.h"
#include "base/near.h"

struct walk {
	const struct conf_section *schema;
	struct complaints *complaints;
};

/* The part of name below the section path; NULL when it is not below it. */
static const char *below(const char *name, const char *path)
{
	size_t len = strlen(path);

	if (len == 0)
		return name;
	if (strncmp(name, path, len) != 0 || name[len] != '.')
		return NULL;
	return name + len + 1;
}

static const struct conf_section *find_section(const struct walk *w,
					       const char *path)
{
	for (const struct conf_section *s = w->schema; s->name != NULL; s++) {
		if (strcmp(s->name, path) == 0)
			return s;
	}
	return NULL;
}

/* Some section lies below path: then path may be a map of them. */
static bool holds_sections(const struct walk *w, const char *path)
{
	for (const struct conf_section *s = w->schema; s->name != NULL; s++) {
		if (below(s->name, path) != NULL)
			return true;
	}
	return false;
}

static bool has_item(const struct conf_section *section, const char *name)
{
	if (section == NULL)
		return false;
	for (const struct conf_item *i = section->items; i->name != NULL; i++) {
		if (strcmp(i->name, name) == 0)
			return true;
	}
	return false;
}

static char *join(const char *path, const char *key)
{
	return path[0] == '\0' ? mem_text(key) : mem_print("%s.%s", path, key);
}

/* Shows near every name that may stand directly in the section at path. */
static void show_names(const struct walk *w, const char *path,
		       const struct conf_section *section, struct near *near)
{
	for (const struct conf_section *s = w->schema; s->name != NULL; s++) {
		const char *name = below(s->name, path);

		if (name != NULL && strchr(name, '.') == NULL)
			near_show(near, name);
	}
	if (section == NULL)
		return;
	for (const struct conf_item *i = section->items; i->name != NULL; i++)
		near_show(near, i->name);
}

/* A section that has this very name among its items, though elsewhere. */
static const char *owner_of(const struct walk *w, const char *name)
{
	for (const struct conf_section *s = w->schema; s->name != NULL; s++) {
		if (s->kind == CONF_MAP && has_item(s, name))
			return s->name;
	}
	return NULL;
}

static void complain_unknown(const struct walk *w, const char *path,
			     const struct conf_section *section,
			     const struct node *node)
{
	AUTO(mem_free_text) char *found = join(path, node->key);
	AUTO(mem_free_text) char *meant = NULL;
	const char *owner = owner_of(w, node->key);
	struct near near;

	near_init(&near, node->key);
	show_names(w, section != NULL ? section->name : path, section, &near);
	if (near.best != NULL)
		meant = join(path, near.best);
	else if (owner != NULL)
		meant = join(owner, node->key);
	if (meant != NULL)
		complaints_add(w->complaints, node->key_mark,
			       "unknown setting %.200s; did you mean %s?",
			       found, meant);
	else
		complaints_add(w->complaints, node->key_mark,
			       "unknown setting %.200s; remove it", found);
}

/* False, after a complaint, when an earlier child has the key already. */
static bool check_first(const struct walk *w, const char *path,
			const struct node *map, const struct node *child)
{
	const struct node *first =
		node_child(map, child->key, strlen(child->key));
	AUTO(mem_free_text) char *name = NULL;

	if (first == child)
		return true;
	name = join(path, child->key);
	complaints_add(w->complaints, child->key_mark,
		       "%.200s is given twice; keep this one or the one on "
		       "line %u",
		       name, first->key_mark.line);
	return false;
}

/* wanted: "a map" or the like; example: how one is written, or NULL. */
static void complain_shape(const struct walk *w, const char *path,
			   const struct node *node, const char *wanted,
			   const char *example)
{
	struct buf found;

	buf_init(&found);
	node_describe(node, &found);
	complaints_add(w->complaints, node_mark(node),
		       "%s is %s; it must be %s%s%s",
		       path[0] == '\0' ? "the file" : path, buf_text(&found),
		       wanted, example != NULL ? " such as " : "",
		       example != NULL ? example : "");
	buf_fini(&found);
}

/* A map of the section with one item, as text; the caller's. */
static char *example_of(const struct conf_section *section)
{
	const struct conf_item *first = section->items;

	if (first->name == NULL)
		return NULL;
	return mem_print("{ %s: %s }", first->name,
			 first->preset != NULL ? first->preset : "...");
}

/* The elements of a list section hold items only. */
static void check_element(const struct walk *w, const char *path,
			  const struct conf_section *section,
			  const struct node *element)
{
	AUTO(mem_free_text) char *example = example_of(section);

	if (element->kind != NODE_MAP) {
		complain_shape(w, path, element, "a map", example);
		return;
	}
	for (size_t i = 0; i < element->count; i++) {
		const struct node *child = &element->children[i];

		if (!has_item(section, child->key))
			complain_unknown(w, path, section, child);
		else
			check_first(w, path, element, child);
	}
}

static void check_list(const struct walk *w, const struct conf_section *section,
		       const struct node *list)
{
	AUTO(mem_free_text) char *element = example_of(section);
	AUTO(mem_free_text) char *example = NULL;

	if (list->kind != NODE_LIST) {
		example = mem_print("[ %s ]", element != NULL ? element : "");
		complain_shape(w, section->name, list, "a list of maps",
			       example);
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		AUTO(mem_free_text)
		char *path = mem_print("%s[%zu]", section->name, i);

		check_element(w, path, section, &list->children[i]);
	}
}

static void check_map(const struct walk *w, const char *path,
		      const struct node *map);

/* Checks one name in the map at path, and all below it. */
static void check_name(const struct walk *w, const char *path,
		       const struct conf_section *around,
		       const struct node *node)
{
	AUTO(mem_free_text) char *name = join(path, node->key);
	const struct conf_section *section = find_section(w, name);

	/* The schema's dots would else be found by names that hold one. */
	if (node->key[0] == '\0' || strchr(node->key, '.') != NULL)
		complaints_add(w->complaints, node->key_mark,
			       "\"%.200s\" is no name; nest names, as "
			       "a: { b: c }",
			       node->key);
	else if (section != NULL && section->kind == CONF_LIST) {
		if (!node_is_empty(node))
			check_list(w, section, node);
	} else if (section != NULL || holds_sections(w, name))
		check_map(w, name, node);
	else if (!has_item(around, node->key))
		complain_unknown(w, path, around, node);
}

static void check_map(const struct walk *w, const char *path,
		      const struct node *map)
{
	const struct conf_section *section = find_section(w, path);
	AUTO(mem_free_text) char *example = NULL;

	if (node_is_empty(map))
		return;
	if (map->kind != NODE_MAP) {
		example = section != NULL ? example_of(section) : NULL;
		complain_shape(w, path, map, "a map", example);
		return;
	}
	for (size_t i = 0; i < map->count; i++) {
		const struct node *child = &map->children[i];

		if (check_first(w, path, map, child))
			check_name(w, path, section, child);
	}
}

void names_check(const struct conf_section *schema, const struct node *root,
		 struct complaints *complaints)
{
	const struct walk w = { schema, complaints };

	check_map(&w, "", root);
}
