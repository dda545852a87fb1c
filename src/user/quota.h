/*
 * How often something may happen per key: rate.count times at once, and then
 * once more each time a rate.count-th of rate.period_s has passed (a token
 * bucket that fills up in one period). A table of fixed size, in memory,
 * whose oldest entries make room. A key is any text; where it is an address,
 * that of an IPv6 peer is its /64. Any thread.
 */
#ifndef RIALTO_USER_QUOTA_H
#define RIALTO_USER_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/quantity.h"

struct quota;

/* A rate.count below zero is no limit; else both parts are above zero. */
struct quota *quota_new(struct rate rate);
void quota_free(struct quota **quota);
void quota_set_rate(struct quota *quota, struct rate rate);

/*
 * Takes one; false when none is left, then *wait_s_r says for how long,
 * rounded up.
 */
NODISCARD bool quota_take(struct quota *quota, const char *key,
			  int64_t *wait_s_r);

#endif
