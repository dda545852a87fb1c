#include "audit/lag.h"

#include "base/clock.h"

enum { PATIENCE_MS = 1000, NUDGE_MS = 5 };

void lag_init(struct lag *lag, uint64_t most)
{
	atomic_init(&lag->asked, 0);
	atomic_init(&lag->exported, UINT64_MAX);
	atomic_init(&lag->most, most);
	atomic_init(&lag->is_hurried, false);
	mutex_init(&lag->lock, LOCK_TABLE);
	cond_init(&lag->moved);
	lag->is_stuck = false;
}

void lag_fini(struct lag *lag)
{
	cond_fini(&lag->moved);
	mutex_fini(&lag->lock);
}

/* By how much the exporter is behind this record. */
static uint64_t behind(const struct lag *lag, uint64_t sequence)
{
	uint64_t exported = atomic_load(&lag->exported);

	return sequence > exported ? sequence - exported : 0;
}

static bool is_too_far(const struct lag *lag, uint64_t sequence)
{
	return behind(lag, sequence) > atomic_load(&lag->most);
}

bool lag_ask(struct lag *lag, uint64_t sequence)
{
	atomic_store(&lag->asked, sequence);
	return !is_too_far(lag, sequence);
}

bool lag_is_too_far(const struct lag *lag)
{
	return is_too_far(lag, atomic_load(&lag->asked));
}

void lag_follow(struct lag *lag, uint64_t sequence)
{
	mutex_lock(&lag->lock);
	atomic_store(&lag->exported, sequence);
	atomic_store(&lag->is_hurried, false);
	cond_wake_all(&lag->moved);
	mutex_unlock(&lag->lock);
}

void lag_stick(struct lag *lag, bool is_stuck)
{
	mutex_lock(&lag->lock);
	lag->is_stuck = is_stuck;
	cond_wake_all(&lag->moved);
	mutex_unlock(&lag->lock);
}

static bool is_far(const struct lag *lag, unsigned share)
{
	return behind(lag, atomic_load(&lag->asked)) >
	       atomic_load(&lag->most) / share;
}

/*
 * What an exporter finds when it is hurried may be too young to be durable; so
 * it is hurried again.
 */
static void wait_for(struct lag *lag)
{
	int64_t until_ms = clock_mono_ms() + PATIENCE_MS;

	mutex_lock(&lag->lock);
	while (!lag->is_stuck && is_far(lag, 2) && clock_mono_ms() < until_ms) {
		if (lag->hurry != NULL)
			lag->hurry(lag->arg);
		(void)cond_wait_ms(&lag->moved, &lag->lock, NUDGE_MS);
	}
	mutex_unlock(&lag->lock);
}

bool lag_is_pressing(const struct lag *lag)
{
	return is_far(lag, 4);
}

void lag_pace(struct lag *lag)
{
	if (!lag_is_pressing(lag))
		return;
	if (lag->hurry != NULL && !atomic_exchange(&lag->is_hurried, true))
		lag->hurry(lag->arg);
	if (is_far(lag, 2))
		wait_for(lag);
}
