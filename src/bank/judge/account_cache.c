#include "bank/judge/account_cache.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

enum {
	SLOTS = 1 << 16,         /* a power of two */
	ACCOUNTS_MOST = 1 << 17, /* 50 MB */
};

struct account_cache {
	struct cached_account *slots[SLOTS];
	struct cached_account *seen;
	size_t count;
};

static struct cached_account **slot_of(struct account_cache *cache,
				       account_id id)
{
	return &cache->slots[id & (SLOTS - 1)];
}

static void forget(struct account_cache *cache, struct cached_account *one)
{
	struct cached_account **at = slot_of(cache, one->account.id);

	while (*at != one)
		at = &(*at)->next;
	*at = one->next;
	cache->count--;
	mem_free(one);
}

static void forget_all(struct account_cache *cache)
{
	for (size_t i = 0; i < SLOTS && cache->count > 0; i++)
		while (cache->slots[i] != NULL)
			forget(cache, cache->slots[i]);
}

struct account_cache *account_cache_new(void)
{
	return mem_zero(sizeof(struct account_cache));
}

void account_cache_free(struct account_cache **cache)
{
	struct account_cache *c = *cache;

	*cache = NULL;
	if (c == NULL)
		return;
	forget_all(c);
	mem_free(c);
}

void account_cache_begin(struct account_cache *cache)
{
	while (cache->seen != NULL) {
		struct cached_account *one = cache->seen;

		cache->seen = one->seen;
		forget(cache, one);
	}
	if (cache->count >= ACCOUNTS_MOST)
		forget_all(cache);
}

void account_cache_keep(struct account_cache *cache)
{
	while (cache->seen != NULL) {
		struct cached_account *one = cache->seen;

		cache->seen = one->seen;
		one->seen = NULL;
		one->is_seen = false;
		one->is_dirty = false;
	}
}

struct cached_account *account_cache_find(struct account_cache *cache,
					  account_id id)
{
	struct cached_account *one = *slot_of(cache, id);

	while (one != NULL && one->account.id != id)
		one = one->next;
	return one;
}

struct cached_account *account_cache_add(struct account_cache *cache,
					 account_id id)
{
	struct cached_account **slot = slot_of(cache, id);
	struct cached_account *one = mem_zero(sizeof(*one));

	one->account.id = id;
	one->next = *slot;
	*slot = one;
	cache->count++;
	account_cache_see(cache, one);
	return one;
}

void account_cache_see(struct account_cache *cache, struct cached_account *one)
{
	assert(!one->is_seen);
	one->is_seen = true;
	one->seen = cache->seen;
	cache->seen = one;
}

struct cached_account *account_cache_seen(const struct account_cache *cache)
{
	return cache->seen;
}
