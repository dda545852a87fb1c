#include "conf/collection.h"

#include <string.h>

#include "base/mem.h"

enum { COLLECTION_MOST = 256, WORD_MOST = 64, PAIR_MOST = 4096 };

bool collection_is(const struct conf_item *item)
{
	return item->type == CONF_WORDS || item->type == CONF_PAIRS;
}

static const struct conf_words *words_in(const struct conf_item *item,
					 const void *section)
{
	return (const void *)((const char *)section + item->offset);
}

static struct conf_words *words_to_set(const struct conf_item *item,
				       void *section)
{
	return (void *)((char *)section + item->offset);
}

static const struct conf_pairs *pairs_in(const struct conf_item *item,
					 const void *section)
{
	return (const void *)((const char *)section + item->offset);
}

static struct conf_pairs *pairs_to_set(const struct conf_item *item,
				       void *section)
{
	return (void *)((char *)section + item->offset);
}

static bool is_word(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->text[0] != '\0' &&
	       strlen(node->text) <= WORD_MOST;
}

/* One word may stand by itself. */
static bool set_words(const struct node *node, struct conf_words *words)
{
	bool is_list = node->kind == NODE_LIST;
	size_t count = is_list ? node->count : 1;

	if (count > COLLECTION_MOST)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_word(is_list ? &node->children[i] : node))
			return false;
	}
	words->all = mem_array(count, sizeof(words->all[0]));
	words->count = count;
	for (size_t i = 0; i < count; i++)
		words->all[i] =
			mem_text(is_list ? node->children[i].text : node->text);
	return true;
}

static bool is_pair(const struct node *map, const struct node *node)
{
	size_t len = strlen(node->key);

	return node->kind == NODE_SCALAR && len > 0 && len <= WORD_MOST &&
	       strlen(node->text) <= PAIR_MOST &&
	       node_child(map, node->key, len) == node;
}

static bool set_pairs(const struct node *map, struct conf_pairs *pairs)
{
	if (map->kind != NODE_MAP || map->count > COLLECTION_MOST)
		return false;
	for (size_t i = 0; i < map->count; i++) {
		if (!is_pair(map, &map->children[i]))
			return false;
	}
	pairs->all = mem_array(map->count, sizeof(pairs->all[0]));
	pairs->count = map->count;
	for (size_t i = 0; i < map->count; i++) {
		const struct node *node = &map->children[i];

		pairs->all[i] = (struct conf_pair){ mem_text(node->key),
						    mem_text(node->text),
						    node->is_quoted };
	}
	return true;
}

static bool is_none(const struct conf_item *item, const struct node *node)
{
	return (item->flags & CONF_MAY_NONE) != 0 &&
	       node->kind == NODE_SCALAR && !node->is_quoted &&
	       strcmp(node->text, "none") == 0;
}

bool collection_set(const struct conf_item *item, const struct node *node,
		    void *section, struct buf *advice)
{
	if (is_none(item, node))
		return true;
	if (item->type == CONF_WORDS &&
	    set_words(node, words_to_set(item, section)))
		return true;
	if (item->type == CONF_PAIRS &&
	    set_pairs(node, pairs_to_set(item, section)))
		return true;
	buf_print(advice, "write %s, each at most %d bytes long%s",
		  item->type == CONF_WORDS
			  ? "a word, or a list of words such as [ a, b ]"
			  : "a map of different names to single values such "
			    "as { a: 1, b: x }",
		  item->type == CONF_WORDS ? WORD_MOST : PAIR_MOST,
		  (item->flags & CONF_MAY_NONE) != 0 ? ", or none" : "");
	return false;
}

static bool pair_equals(const struct conf_pair *a, const struct conf_pair *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->text, b->text) == 0 &&
	       a->is_quoted == b->is_quoted;
}

static bool words_equal(const struct conf_words *a, const struct conf_words *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->all[i], b->all[i]) != 0)
			return false;
	}
	return true;
}

static bool pairs_equal(const struct conf_pairs *a, const struct conf_pairs *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!pair_equals(&a->all[i], &b->all[i]))
			return false;
	}
	return true;
}

bool collection_equals(const struct conf_item *item, const void *a,
		       const void *b)
{
	if (item->type == CONF_WORDS)
		return words_equal(words_in(item, a), words_in(item, b));
	return pairs_equal(pairs_in(item, a), pairs_in(item, b));
}

static void free_words(struct conf_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		mem_free(words->all[i]);
	mem_free(words->all);
	memset(words, 0, sizeof(*words));
}

static void free_pairs(struct conf_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		mem_free(pairs->all[i].name);
		mem_free(pairs->all[i].text);
	}
	mem_free(pairs->all);
	memset(pairs, 0, sizeof(*pairs));
}

void collection_free(const struct conf_item *item, void *section)
{
	if (item->type == CONF_WORDS)
		free_words(words_to_set(item, section));
	else
		free_pairs(pairs_to_set(item, section));
}
