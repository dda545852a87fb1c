/*
 * Instead of a count of tokens an entry keeps the time at which its bucket
 * will be full again (the generic cell rate algorithm): one number, nothing
 * to refill, and a new rate applies to what was taken before.
 */
#include "user/quota.h"

#include <assert.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "user/tag_table.h"

enum { BUCKETS = 4096, SECOND_US = 1000000 };

/* Long enough for anybody, and far from where microseconds overflow. */
static const int64_t period_most_s = (int64_t)10 * 365 * 24 * 60 * 60;

struct entry {
	int64_t full_us; /* 0: never taken from */
};

struct quota {
	struct mutex lock; /* rank: LOCK_TABLE */
	struct tag_table *entries GUARDED_BY(lock);
	struct rate rate GUARDED_BY(lock);
};

static struct rate checked(struct rate rate)
{
	assert(rate.count < 0 || (rate.count > 0 && rate.period_s > 0));
	if (rate.period_s > period_most_s)
		rate.period_s = period_most_s;
	return rate;
}

struct quota *quota_new(struct rate rate)
{
	struct quota *q = mem_zero(sizeof(*q));

	mutex_init(&q->lock, LOCK_TABLE);
	q->entries = tag_table_new(BUCKETS, sizeof(struct entry));
	q->rate = checked(rate);
	return q;
}

void quota_free(struct quota **quota)
{
	if (*quota == NULL)
		return;
	tag_table_free(&(*quota)->entries);
	mutex_fini(&(*quota)->lock);
	mem_free(*quota);
	*quota = NULL;
}

void quota_set_rate(struct quota *quota, struct rate rate)
{
	mutex_lock(&quota->lock);
	quota->rate = checked(rate);
	mutex_unlock(&quota->lock);
}

static bool take_locked(struct quota *q, const char *key, int64_t *wait_s_r)
	REQUIRES(q->lock)
{
	struct entry *entry = tag_table_touch(q->entries, key, "");
	int64_t now = clock_mono_us();
	int64_t period_us = q->rate.period_s * SECOND_US;
	int64_t each_us = period_us / q->rate.count;
	int64_t full_us = entry->full_us > now ? entry->full_us : now;
	int64_t wait_us = full_us + each_us - now - each_us * q->rate.count;

	if (wait_us > 0) {
		*wait_s_r = (wait_us + SECOND_US - 1) / SECOND_US;
		return false;
	}
	entry->full_us = full_us + each_us;
	return true;
}

bool quota_take(struct quota *quota, const char *key, int64_t *wait_s_r)
{
	bool is_taken = true;

	mutex_lock(&quota->lock);
	if (quota->rate.count > 0)
		is_taken = take_locked(quota, key, wait_s_r);
	mutex_unlock(&quota->lock);
	return is_taken;
}
