#include "chat/mention/roll.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

enum {
	FILTER_LEAST = 64,
	FILTER_TIMES = 16, /* as large as the number of names, or more */
};

static uint8_t *cell(const struct roll *roll, uint32_t hash)
{
	hash *= 0x9e3779b1u; /* its upper bits depend on all of the hash */
	return &roll->filter[(hash >> 8) & (roll->size - 1)];
}

static void count_name(struct roll *roll, const char *name)
{
	uint8_t *c = cell(roll, mention_hash(name, strlen(name)));

	if (*c < UINT8_MAX)
		++*c; /* once full it stays */
}

static void count_key(const char *key, void *arg)
{
	count_name(arg, key);
}

static void grow(struct roll *roll)
{
	size_t size = roll->size == 0 ? (size_t)FILTER_LEAST : roll->size;

	while (size < (name_index_count(&roll->names) + 1) * FILTER_TIMES)
		size *= 2;
	if (size == roll->size)
		return;
	mem_free(roll->filter);
	roll->filter = mem_array(size, sizeof(roll->filter[0]));
	roll->size = size;
	name_index_walk_keys(&roll->names, count_key, roll);
}

void roll_fini(struct roll *roll)
{
	assert(name_index_count(&roll->names) == 0);
	mem_free(roll->filter);
	memset(roll, 0, sizeof(*roll));
}

void roll_add(struct roll *roll, const char *name, void *what)
{
	grow(roll);
	name_index_add(&roll->names, name, what);
	count_name(roll, name);
}

void roll_drop(struct roll *roll, const char *name)
{
	uint8_t *c = cell(roll, mention_hash(name, strlen(name)));

	name_index_drop(&roll->names, name);
	if (*c < UINT8_MAX)
		--*c;
}

void *roll_find(const struct roll *roll, const struct mention *m)
{
	char name[NAME_MOST + 1];

	if (roll->size == 0 || *cell(roll, m->hash) == 0)
		return NULL;
	memcpy(name, m->name, m->len);
	name[m->len] = '\0';
	return name_index_find(&roll->names, name);
}
