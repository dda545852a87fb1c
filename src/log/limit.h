/*
 * Keeps a peer from filling the log: lets some events of a kind through and
 * counts the rest. One owner, no lock.
 */
#ifndef RIALTO_LOG_LIMIT_H
#define RIALTO_LOG_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct log_limit {
	int64_t window_ms;   /* when the window began */
	unsigned passed;     /* in this window */
	unsigned suppressed; /* since the last that passed */
};

/* At most ten pass in ten seconds. *suppressed_r: how many did not, before. */
static inline bool log_limit_pass(struct log_limit *limit, int64_t now_ms,
				  unsigned *suppressed_r)
{
	enum { WINDOW_MS = 10000, MOST = 10 };

	if (now_ms - limit->window_ms >= WINDOW_MS) {
		limit->window_ms = now_ms;
		limit->passed = 0;
	}
	if (limit->passed >= MOST) {
		limit->suppressed++;
		return false;
	}
	limit->passed++;
	*suppressed_r = limit->suppressed;
	limit->suppressed = 0;
	return true;
}

#endif
