#include "user/shares.h"

#include <stdint.h>

#include "base/mem.h"
#include "base/thread.h"
#include "user/tag_table.h"

enum { BUCKETS = 4096 };

struct entry {
	uint64_t held;
};

struct shares {
	size_t most;                                /* immutable */
	struct mutex lock;                          /* rank: LOCK_TABLE */
	struct tag_table *entries GUARDED_BY(lock); /* of who holds any */
};

struct shares *shares_new(size_t total, size_t most)
{
	struct shares *s = mem_zero(sizeof(*s));

	s->most = most < total / 4 ? most : total / 4;
	if (s->most == 0)
		s->most = 1;
	mutex_init(&s->lock, LOCK_TABLE);
	s->entries = tag_table_new(BUCKETS, sizeof(struct entry));
	return s;
}

void shares_free(struct shares **shares)
{
	if (*shares == NULL)
		return;
	tag_table_free(&(*shares)->entries);
	mutex_fini(&(*shares)->lock);
	mem_free(*shares);
	*shares = NULL;
}

bool shares_take(struct shares *shares, const char *key)
{
	struct entry *entry;
	bool is_taken;

	mutex_lock(&shares->lock);
	entry = tag_table_touch(shares->entries, key, "");
	is_taken = entry->held < shares->most;
	entry->held += is_taken;
	mutex_unlock(&shares->lock);
	return is_taken;
}

void shares_give(struct shares *shares, const char *key)
{
	struct entry *entry;

	mutex_lock(&shares->lock);
	entry = tag_table_find(shares->entries, key, "");
	/* It may have made room for others; then it begins anew. */
	if (entry != NULL && --entry->held == 0)
		tag_table_drop(shares->entries, key, "");
	mutex_unlock(&shares->lock);
}
