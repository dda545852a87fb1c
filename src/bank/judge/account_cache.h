/*
 * Accounts as the last batches have left them, so that they need not be read
 * again: only batches change accounts, one at a time. Plain memory, bounded;
 * the caller's lock.
 */
#ifndef RIALTO_BANK_ACCOUNT_CACHE_H
#define RIALTO_BANK_ACCOUNT_CACHE_H

#include <stdbool.h>

#include "bank/account.h"

struct cached_account {
	struct cached_account *next; /* of the same hash; beside its number */
	struct cached_account *seen; /* that was seen before it */
	bool is_dirty;               /* this batch has changed it */
	bool is_seen;                /* by this batch */
	struct account account;
};

struct account_cache;

struct account_cache *account_cache_new(void);
void account_cache_free(struct account_cache **cache);

/*
 * Begins a batch, in which nothing was seen. What an earlier one has seen is
 * forgotten unless it was kept; all is when there is too much of it.
 */
void account_cache_begin(struct account_cache *cache);

/* What the batch has seen is durable, or will be before anything after it. */
void account_cache_keep(struct account_cache *cache);

/* NULL: not there. Valid until the next account_cache_begin(). */
struct cached_account *account_cache_find(struct account_cache *cache,
					  account_id id);

/* One that is not there: all zero but its id, and seen. */
struct cached_account *account_cache_add(struct account_cache *cache,
					 account_id id);

/* Counts it among what the batch has seen. */
void account_cache_see(struct account_cache *cache, struct cached_account *one);

/* What the batch has seen, the newest first; the next is in its `seen`. */
struct cached_account *account_cache_seen(const struct account_cache *cache);

#endif
