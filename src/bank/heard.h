/*
 * How far a user has heard of what others did to the accounts: of everything
 * up to an entry, and of some behind it. Who is told of entries as they come
 * may be told of them in another order, and not of all. Plain values; any
 * thread; what reads or writes the store in jobs only.
 */
#ifndef RIALTO_BANK_HEARD_H
#define RIALTO_BANK_HEARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"
#include "user/user.h"

#define HEARD_TABLES "bank_heard"

enum { HEARD_SINGLE = 64 };

struct heard {
	uint64_t upto;                 /* of all entries up to this one */
	uint64_t single[HEARD_SINGLE]; /* and of these behind it, in order */
	unsigned count;
};

/* Was the user told of the entry? */
bool heard_has(const struct heard *heard, uint64_t seq);

/* When there are too many, all up to the first of them counts as heard. */
void heard_add(struct heard *heard, uint64_t seq);
/* All up to that entry counts as heard; never goes back. */
void heard_advance(struct heard *heard, uint64_t upto);

/* Zeros when there is none. ERR_CORRUPT; else as store_view(). */
NODISCARD enum err heard_get(struct store *store, user_id user,
			     struct heard *heard_r);

/* Within a transaction; errors of the store. */
NODISCARD enum err heard_put(struct store_txn *txn, struct store *store,
			     user_id user, const struct heard *heard);

/* The user is no more; ERR_OK also when there is none. As store_run(). */
NODISCARD enum err heard_drop(struct store *store, user_id user);

/* Adds a line for each record that cannot be read: then ERR_CORRUPT. */
NODISCARD enum err heard_verify(struct store *store, struct buf *report);

#endif
