/*
 * How many sessions there are, in all and by site (an IPv4 address, an IPv6
 * /64). Any thread.
 */
#ifndef RIALTO_NET_CENSUS_H
#define RIALTO_NET_CENSUS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/address.h"

struct census;

struct census *census_new(void);
void census_free(struct census **census);

/*
 * Counts one more from a; below zero there is no limit. ERR_TOO_MANY_SESSIONS
 * and nothing counted when a limit is reached. Unix peers count in all only.
 */
NODISCARD enum err census_enter(struct census *census, const struct address *a,
				int64_t most, int64_t most_per_site);
void census_leave(struct census *census, const struct address *a);

size_t census_count(struct census *census);

/* 1, 2, 3 … for sessions to be known by. */
uint64_t census_number(struct census *census);

#endif
