#include "chat/name_index.h"

#include <assert.h>
#include <search.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"

struct named {
	char key[NAME_MOST + 1];
	void *what;
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->key,
		      ((const struct named *)b)->key);
}

static struct named *find(const struct name_index *index, const char *name)
{
	struct named key = { .what = NULL };
	void *node;

	name_key(name, key.key);
	node = tfind(&key, &index->root, compare);
	return node == NULL ? NULL : *(struct named **)node;
}

void *name_index_find(const struct name_index *index, const char *name)
{
	const struct named *named = find(index, name);

	return named == NULL ? NULL : named->what;
}

void name_index_add(struct name_index *index, const char *name, void *what)
{
	struct named *named = mem_zero(sizeof(*named));
	void *node;

	name_key(name, named->key);
	named->what = what;
	node = tsearch(named, &index->root, compare);
	assert(node != NULL && *(struct named **)node == named);
	(void)node;
	index->count++;
}

void name_index_drop(struct name_index *index, const char *name)
{
	struct named *named = find(index, name);

	assert(named != NULL);
	tdelete(named, &index->root, compare);
	mem_free(named);
	index->count--;
}

size_t name_index_count(const struct name_index *index)
{
	return index->count;
}

struct walk {
	void (*fn)(void *what, void *arg);
	void *arg;
};

static void visit_node(const void *node, VISIT visit, void *arg)
{
	const struct named *named = *(struct named *const *)node;
	const struct walk *walk = arg;

	if (visit == postorder || visit == leaf)
		walk->fn(named->what, walk->arg);
}

void name_index_walk(const struct name_index *index,
		     void (*fn)(void *what, void *arg), void *arg)
{
	struct walk walk = { fn, arg };

	twalk_r(index->root, visit_node, &walk);
}

struct key_walk {
	void (*fn)(const char *key, void *arg);
	void *arg;
};

static void visit_key(const void *node, VISIT visit, void *arg)
{
	const struct named *named = *(struct named *const *)node;
	const struct key_walk *walk = arg;

	if (visit == postorder || visit == leaf)
		walk->fn(named->key, walk->arg);
}

void name_index_walk_keys(const struct name_index *index,
			  void (*fn)(const char *key, void *arg), void *arg)
{
	struct key_walk walk = { fn, arg };

	twalk_r(index->root, visit_key, &walk);
}

void name_index_fini(struct name_index *index, void (*drop)(void *what))
{
	while (index->root != NULL) {
		struct named *named = *(struct named **)index->root;

		drop(named->what);
		tdelete(named, &index->root, compare);
		mem_free(named);
	}
	index->count = 0;
}
