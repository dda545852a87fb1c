#include "user/lockout.h"

#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/thread.h"
#include "user/tag_table.h"

enum { BUCKETS = 8192, FREE_FAILURES = 3, DOUBLINGS_MOST = 40 };

struct entry {
	int64_t since_ms; /* of the last failure or granted try */
	uint32_t failures;
	bool is_trying; /* a try was granted and has not ended */
};

struct lockout {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct tag_table *entries GUARDED_BY(lock);
	int64_t longest_s GUARDED_BY(lock);
};

struct lockout *lockout_new(int64_t longest_s)
{
	struct lockout *l = mem_zero(sizeof(*l));

	mutex_init(&l->lock, LOCK_TABLE);
	l->entries = tag_table_new(BUCKETS, sizeof(struct entry));
	l->longest_s = longest_s;
	return l;
}

void lockout_free(struct lockout **lockout)
{
	if (*lockout == NULL)
		return;
	tag_table_free(&(*lockout)->entries);
	mutex_fini(&(*lockout)->lock);
	mem_free(*lockout);
	*lockout = NULL;
}

void lockout_set_longest(struct lockout *lockout, int64_t longest_s)
{
	mutex_lock(&lockout->lock);
	lockout->longest_s = longest_s;
	mutex_unlock(&lockout->lock);
}

/* How long a pair with so many failures waits after the last of them. */
static int64_t pause_s(uint32_t failures, int64_t longest_s)
{
	uint32_t doublings;
	int64_t pause;

	if (failures <= FREE_FAILURES || longest_s <= 0)
		return 0;
	doublings = failures - FREE_FAILURES - 1;
	if (doublings > DOUBLINGS_MOST)
		return longest_s;
	pause = (int64_t)1 << doublings;
	return pause < longest_s ? pause : longest_s;
}

static int64_t try_locked(struct lockout *l, const char *key,
			  const char *address) REQUIRES(l->lock)
{
	struct entry *entry = tag_table_find(l->entries, key, address);
	int64_t now = clock_mono_ms();
	uint32_t failures;
	int64_t left_ms;

	if (entry == NULL)
		return 0;
	failures = entry->failures + (entry->is_trying ? 1 : 0);
	left_ms =
		entry->since_ms + pause_s(failures, l->longest_s) * 1000 - now;
	if (left_ms > 0)
		return (left_ms + 999) / 1000;
	if (entry->failures >= FREE_FAILURES) {
		entry->is_trying = true;
		entry->since_ms = now;
	}
	return 0;
}

int64_t lockout_try(struct lockout *lockout, const char *name,
		    const char *address)
{
	char key[NAME_MOST + 1];
	int64_t wait_s;

	name_key(name, key);
	mutex_lock(&lockout->lock);
	wait_s = try_locked(lockout, key, address);
	mutex_unlock(&lockout->lock);
	return wait_s;
}

void lockout_failed(struct lockout *lockout, const char *name,
		    const char *address)
{
	char key[NAME_MOST + 1];
	struct entry *entry;

	name_key(name, key);
	mutex_lock(&lockout->lock);
	entry = tag_table_touch(lockout->entries, key, address);
	if (entry->failures < UINT32_MAX - 1)
		entry->failures++;
	entry->is_trying = false;
	entry->since_ms = clock_mono_ms();
	mutex_unlock(&lockout->lock);
}

void lockout_clear(struct lockout *lockout, const char *name,
		   const char *address)
{
	char key[NAME_MOST + 1];

	name_key(name, key);
	mutex_lock(&lockout->lock);
	tag_table_drop(lockout->entries, key, address);
	mutex_unlock(&lockout->lock);
}
