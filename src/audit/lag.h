/*
 * The lag of the export behind the trail: how far it is, and what it may be.
 * Writers that could always be faster than the exporter pace themselves by it;
 * those that only write now and then just look whether it is too far. Any
 * thread.
 */
#ifndef RIALTO_AUDIT_LAG_H
#define RIALTO_AUDIT_LAG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/thread.h"

struct lag {
	atomic_uint_fast64_t asked;    /* the last that was to be written */
	atomic_uint_fast64_t exported; /* UINT64_MAX: nobody exports */
	atomic_uint_fast64_t most;
	atomic_bool is_hurried; /* since the exporter was last seen to move */

	void (*hurry)(void *arg); /* immutable once anything is written */
	void *arg;

	struct mutex lock; /* rank: LOCK_TABLE */
	struct cond moved;
	bool is_stuck GUARDED_BY(lock);
};

void lag_init(struct lag *lag, uint64_t most);
void lag_fini(struct lag *lag);

/* A record of this number is to be written; false when it may not. */
bool lag_ask(struct lag *lag, uint64_t sequence);

/* Would lag_ask() say no to the last one again? */
bool lag_is_too_far(const struct lag *lag);

/* The exporter is here now. */
void lag_follow(struct lag *lag, uint64_t sequence);

/* The exporter cannot go on for now, or it can again. */
void lag_stick(struct lag *lag, bool is_stuck);

/* Is it so much that the exporter is hurried? */
bool lag_is_pressing(const struct lag *lag);

/* See trail_pace(). */
void lag_pace(struct lag *lag);

#endif
