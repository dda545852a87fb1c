#include "net/census.h"

#include <assert.h>
#include <search.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"

struct site {
	char name[ADDRESS_TEXT];
	size_t count;
};

struct census {
	atomic_uint_least64_t number;
	struct mutex lock;            /* rank: LOCK_SERVER */
	void *sites GUARDED_BY(lock); /* a tsearch() tree of struct site */
	size_t count GUARDED_BY(lock);
};

static int compare_sites(const void *a, const void *b)
{
	return strcmp(((const struct site *)a)->name,
		      ((const struct site *)b)->name);
}

struct census *census_new(void)
{
	struct census *census = mem_zero(sizeof(*census));

	mutex_init(&census->lock, LOCK_SERVER);
	return census;
}

void census_free(struct census **census)
{
	if (*census == NULL)
		return;
	tdestroy((*census)->sites, mem_free);
	mutex_fini(&(*census)->lock);
	mem_free(*census);
	*census = NULL;
}

static struct site *find_site(struct census *census, const struct site *key)
{
	void *node = tfind(key, &census->sites, compare_sites);

	return node == NULL ? NULL : *(struct site **)node;
}

static enum err enter_locked(struct census *census, const struct address *a,
			     int64_t most, int64_t most_per_site)
{
	struct site key = { .count = 0 };
	struct site *site;

	if (most >= 0 && census->count >= (size_t)most)
		return ERR_TOO_MANY_SESSIONS;
	if (!address_is_unix(a)) {
		address_print_site(a, key.name);
		site = find_site(census, &key);
		if (most_per_site >= 0 &&
		    (site == NULL ? 0 : site->count) >= (size_t)most_per_site)
			return ERR_TOO_MANY_SESSIONS;
		if (site == NULL) {
			void *node;

			site = mem_copy(&key, sizeof(key));
			node = tsearch(site, &census->sites, compare_sites);
			assert(node != NULL); /* out of memory */
			(void)node;
		}
		site->count++;
	}
	census->count++;
	return ERR_OK;
}

enum err census_enter(struct census *census, const struct address *a,
		      int64_t most, int64_t most_per_site)
{
	enum err e;

	mutex_lock(&census->lock);
	e = enter_locked(census, a, most, most_per_site);
	mutex_unlock(&census->lock);
	return e;
}

void census_leave(struct census *census, const struct address *a)
{
	struct site key = { .count = 0 };
	struct site *site = NULL;

	if (!address_is_unix(a))
		address_print_site(a, key.name);
	mutex_lock(&census->lock);
	census->count--;
	if (key.name[0] != '\0')
		site = find_site(census, &key);
	if (site != NULL && --site->count == 0) {
		tdelete(site, &census->sites, compare_sites);
		mem_free(site);
	}
	mutex_unlock(&census->lock);
}

size_t census_count(struct census *census)
{
	size_t count;

	mutex_lock(&census->lock);
	count = census->count;
	mutex_unlock(&census->lock);
	return count;
}

uint64_t census_number(struct census *census)
{
	return atomic_fetch_add(&census->number, 1) + 1;
}
