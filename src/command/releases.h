/*
 * Releases: holds that were given back because whom they were for is removed,
 * and what those who had set the money aside are told of it, once that is
 * durable. One owner.
 */
#ifndef RIALTO_COMMAND_RELEASES_H
#define RIALTO_COMMAND_RELEASES_H

#include "bank/order.h"
#include "base/attr.h"
#include "base/err.h"
#include "command/realm.h"

struct release;

/* All zero it is empty. */
struct releases {
	struct release *first;
	struct release *last;
};

/* Keeps what the carried out order has released. Jobs only. */
NODISCARD enum err releases_add(struct releases *releases, struct realm *realm,
				const struct order *order);

/* Tells those who are here, in order, and forgets it; or only forgets. */
void releases_tell(struct releases *releases, struct realm *realm);
void releases_fini(struct releases *releases);

#endif
