/*
 * A change of a room's lists, and of who is a member because of it: first
 * written in an act's transaction, then made in memory. With chat's change
 * lock held from the look at the room on.
 */
#ifndef RIALTO_CHAT_SANCTION_CHANGE_H
#define RIALTO_CHAT_SANCTION_CHANGE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/sanction/sanctions.h"
#include "store/store.h"

struct room;

struct sanction_change {
	struct store *store;
	struct room *room;
	struct sanction *added;  /* NULL: none; gets its number */
	const uint64_t *dropped; /* numbers */
	size_t drop_count;
	const user_id *leavers; /* users who are no members any more; 0: none */
	size_t leaver_count;
};

/* A store_fn: arg is the change. */
NODISCARD enum err sanction_change_write(struct store_txn *txn, void *arg);

/* Takes the room's lock; tells nobody. */
void sanction_change_apply(const struct sanction_change *change);

#endif
