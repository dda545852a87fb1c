/*
 * A worker's deadlines: a wheel of coarse slots, so that setting and clearing
 * cost next to nothing. Deadlines are met up to TIMERS_TICK_MS late. One
 * owner, no lock.
 */
#ifndef RIALTO_NET_TIMERS_H
#define RIALTO_NET_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

enum { TIMERS_SLOTS = 256, TIMERS_TICK_MS = 250 };

struct timer {
	struct list link;
	int64_t due_ms; /* on the monotonic clock */
};

struct timers {
	struct list slots[TIMERS_SLOTS];
	int64_t tick; /* all slots up to this tick were looked at */
	size_t count;
};

void timers_init(struct timers *t, int64_t now_ms);

void timer_init(struct timer *timer);
bool timer_is_set(const struct timer *timer);

/* Sets, or sets anew. */
void timers_set(struct timers *t, struct timer *timer, int64_t due_ms);
void timers_clear(struct timers *t, struct timer *timer);

/*
 * Clears the timers that are due and calls fn for each; fn may set and clear
 * any timer.
 */
void timers_run(struct timers *t, int64_t now_ms,
		void (*fn)(struct timer *timer, void *arg), void *arg);

/* How long a worker may sleep: -1 when no timer is set. */
int timers_wait_ms(const struct timers *t, int64_t now_ms);

#endif
