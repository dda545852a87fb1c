/*
 * Two balanced trees: the lists by whose they are, and by whom they are about
 * how many ignore that one in rooms, so that a newcomer costs no search through
 * the lists.
 */
#include "chat/ignore/ignores.h"

#include <assert.h>
#include <search.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"

/* Somebody's list: of its entries there are count. */
struct ignorer {
	uint64_t who;
	size_t count;
	struct ignore list[];
};

/* A user by number, or guests by name, whom some do not hear in rooms. */
struct shunned {
	uint64_t number; /* 0: guests */
	char key[NAME_MOST + 1];
	size_t by; /* so many */
};

struct ignores {
	struct mutex lock;               /* rank: LOCK_TABLE */
	void *ignorers GUARDED_BY(lock); /* tsearch() trees */
	void *shunned GUARDED_BY(lock);
};

static int compare_ignorers(const void *a, const void *b)
{
	uint64_t x = ((const struct ignorer *)a)->who;
	uint64_t y = ((const struct ignorer *)b)->who;

	return (x > y) - (x < y);
}

static int compare_shunned(const void *a, const void *b)
{
	const struct shunned *x = a;
	const struct shunned *y = b;

	if (x->number != y->number)
		return x->number > y->number ? 1 : -1;
	return strcmp(x->key, y->key);
}

struct ignores *ignores_new(void)
{
	struct ignores *ignores = mem_zero(sizeof(*ignores));

	mutex_init(&ignores->lock, LOCK_TABLE);
	return ignores;
}

void ignores_free(struct ignores **ignores)
{
	if (*ignores == NULL)
		return;
	tdestroy((*ignores)->ignorers, mem_free);
	tdestroy((*ignores)->shunned, mem_free);
	mutex_fini(&(*ignores)->lock);
	mem_free(*ignores);
	*ignores = NULL;
}

static struct ignorer *find_locked(struct ignores *ignores, uint64_t who)
	REQUIRES(ignores->lock)
{
	struct ignorer key = { .who = who };
	void *node = tfind(&key, &ignores->ignorers, compare_ignorers);

	return node == NULL ? NULL : *(struct ignorer **)node;
}

static void make_key(uint64_t number, const char *guest, struct shunned *key_r)
{
	memset(key_r, 0, sizeof(*key_r));
	if (guest[0] != '\0')
		name_key(guest, key_r->key);
	else
		key_r->number = number;
}

static void shun_locked(struct ignores *ignores, const struct ignore *entry)
	REQUIRES(ignores->lock)
{
	struct shunned *shunned = mem_zero(sizeof(*shunned));
	struct shunned **there;

	make_key(entry->number, entry->guest, shunned);
	there = tsearch(shunned, &ignores->shunned, compare_shunned);
	assert(there != NULL);
	if (*there != shunned)
		mem_free(shunned);
	(*there)->by++;
}

static void spare_locked(struct ignores *ignores, const struct ignore *entry)
	REQUIRES(ignores->lock)
{
	struct shunned key;
	struct shunned **there;
	struct shunned *shunned;

	make_key(entry->number, entry->guest, &key);
	there = tfind(&key, &ignores->shunned, compare_shunned);
	assert(there != NULL);
	shunned = *there;
	if (--shunned->by > 0)
		return;
	tdelete(shunned, &ignores->shunned, compare_shunned);
	mem_free(shunned);
}

static void drop_locked(struct ignores *ignores, struct ignorer *ignorer)
	REQUIRES(ignores->lock)
{
	for (size_t i = 0; i < ignorer->count; i++) {
		if ((ignorer->list[i].kinds & IGNORE_ROOMS) != 0)
			spare_locked(ignores, &ignorer->list[i]);
	}
	tdelete(ignorer, &ignores->ignorers, compare_ignorers);
	mem_free(ignorer);
}

static void add_locked(struct ignores *ignores, uint64_t who,
		       const struct ignore_list *list) REQUIRES(ignores->lock)
{
	size_t size = list->count * sizeof(list->list[0]);
	struct ignorer *ignorer = mem_alloc(sizeof(*ignorer) + size);
	struct ignorer **there;

	ignorer->who = who;
	ignorer->count = list->count;
	memcpy(ignorer->list, list->list, size);
	for (size_t i = 0; i < list->count; i++) {
		if ((list->list[i].kinds & IGNORE_ROOMS) != 0)
			shun_locked(ignores, &list->list[i]);
	}
	there = tsearch(ignorer, &ignores->ignorers, compare_ignorers);
	assert(there != NULL && *there == ignorer);
	(void)there;
}

void ignores_get(struct ignores *ignores, uint64_t who,
		 struct ignore_list *list_r)
{
	const struct ignorer *ignorer;

	list_r->count = 0;
	mutex_lock(&ignores->lock);
	ignorer = find_locked(ignores, who);
	if (ignorer != NULL) {
		list_r->count = ignorer->count;
		memcpy(list_r->list, ignorer->list,
		       ignorer->count * sizeof(ignorer->list[0]));
	}
	mutex_unlock(&ignores->lock);
}

void ignores_set(struct ignores *ignores, uint64_t who,
		 const struct ignore_list *list)
{
	struct ignorer *before;

	mutex_lock(&ignores->lock);
	before = find_locked(ignores, who);
	if (before != NULL)
		drop_locked(ignores, before);
	if (list->count > 0)
		add_locked(ignores, who, list);
	mutex_unlock(&ignores->lock);
}

bool ignores_has(struct ignores *ignores, uint64_t who, uint64_t other,
		 const char *guest, enum ignore_kind kind)
{
	const struct ignorer *ignorer;
	bool has = false;

	mutex_lock(&ignores->lock);
	ignorer = find_locked(ignores, who);
	for (size_t i = 0; ignorer != NULL && !has && i < ignorer->count; i++)
		has = (ignorer->list[i].kinds & kind) != 0 &&
		      ignore_is_for(&ignorer->list[i], other, guest);
	mutex_unlock(&ignores->lock);
	return has;
}

bool ignores_shun(struct ignores *ignores, uint64_t other, const char *guest)
{
	struct shunned key;
	bool is_shunned;

	make_key(other, guest, &key);
	mutex_lock(&ignores->lock);
	is_shunned = tfind(&key, &ignores->shunned, compare_shunned) != NULL;
	mutex_unlock(&ignores->lock);
	return is_shunned;
}

struct gathering {
	uint64_t user;
	uint64_t *list;
	size_t count;
};

static void gather(const void *node, VISIT visit, void *arg)
{
	const struct ignorer *ignorer = *(struct ignorer *const *)node;
	struct gathering *g = arg;

	if (visit != postorder && visit != leaf)
		return;
	for (size_t i = 0; i < ignorer->count; i++) {
		if (!ignore_is_for(&ignorer->list[i], g->user, ""))
			continue;
		g->list = mem_resize(g->list,
				     (g->count + 1) * sizeof(g->list[0]));
		g->list[g->count++] = ignorer->who;
		return;
	}
}

uint64_t *ignores_of(struct ignores *ignores, uint64_t user, size_t *count_r)
{
	struct gathering g = { .user = user };

	mutex_lock(&ignores->lock);
	twalk_r(ignores->ignorers, gather, &g);
	mutex_unlock(&ignores->lock);
	*count_r = g.count;
	return g.list;
}
