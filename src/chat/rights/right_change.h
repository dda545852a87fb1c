/*
 * A change of who owns a room, succeeds the owner, is an op or voiced: first
 * written in an act's transaction, then made in memory. With chat's change
 * lock held from the look at the room on.
 */
#ifndef RIALTO_CHAT_RIGHT_CHANGE_H
#define RIALTO_CHAT_RIGHT_CHANGE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/rights/rights.h"
#include "chat/room.h"

struct right_change {
	struct store *store;
	struct room *room;
	const struct room_facts *facts; /* NULL: as they are */
	const struct right *right;      /* NULL: none is set */
	user_id dropped[2];             /* 0: none */
};

/* A store_fn: arg is the change. */
NODISCARD enum err right_change_write(struct store_txn *txn, void *arg);

/* Takes the room's lock; tells nobody. */
void right_change_apply(const struct right_change *change);

#endif
