/*
 * How much of something bounded, such as a queue, each key holds now, so that
 * one alone cannot fill it. A key is any text; where it is an address, that of
 * an IPv6 peer is its /64. A table of fixed size, in memory: far more keys
 * than can hold anything at once. Any thread.
 */
#ifndef RIALTO_USER_SHARES_H
#define RIALTO_USER_SHARES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct shares;

/* A key may hold most, but no more than a quarter of total, and one at least.
 */
struct shares *shares_new(size_t total, size_t most);
void shares_free(struct shares **shares);

/* Takes one; false when the key holds all that it may. */
NODISCARD bool shares_take(struct shares *shares, const char *key);

/* Gives one back that was taken. */
void shares_give(struct shares *shares, const char *key);

#endif
