/*
 * What the store knows of rooms and of who is a member of them: rooms by
 * name, memberships by user. Changes are committed but not yet durable when a
 * function returns. Jobs and start-up only; besides what is named, the errors
 * of store_run().
 */
#ifndef RIALTO_CHAT_ROSTER_H
#define RIALTO_CHAT_ROSTER_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/room.h"
#include "store/store.h"

/* The tables that must be in the store's options. */
#define ROSTER_TABLES "rooms", "members"

struct tally;

/* Names of rooms, in the order of the keys. */
struct room_names {
	char (*names)[NAME_MOST + 1];
	size_t count;
	int64_t *since_ms;     /* member of each since then; NULL: not known */
	int64_t user_ms;       /* the user is one since then; 0: not known */
	struct tally *tallies; /* see missed_load(); NULL: not known */
};

void room_names_fini(struct room_names *names);

/* Writes a new room and its owner's membership: ERR_EXISTS. */
NODISCARD enum err roster_add_room(struct store *store,
				   const struct room_facts *facts);

/* The same within a transaction. */
NODISCARD enum err roster_begin_room(struct store_txn *txn, struct store *store,
				     const struct room_facts *facts);

/* Writes the facts of a room that is there. */
NODISCARD enum err roster_put_room(struct store *store,
				   const struct room_facts *facts);

/* The same within a transaction. */
NODISCARD enum err roster_write_room(struct store_txn *txn, struct store *store,
				     const struct room_facts *facts);

/* Visits all rooms; a record that cannot be read makes it ERR_CORRUPT. */
typedef void roster_visit_fn(const struct room_facts *facts, void *arg);
NODISCARD enum err roster_walk(struct store *store, roster_visit_fn *visit,
			       void *arg);

NODISCARD enum err roster_add_member(struct store *store, user_id user,
				     const char *room);
/* ERR_OK also when it was not there. */
NODISCARD enum err roster_drop_member(struct store *store, user_id user,
				      const char *room);

/* The same within a transaction. */
NODISCARD enum err roster_erase_member(struct store_txn *txn,
				       struct store *store, user_id user,
				       const char *room);

/* Adds the rooms of a user to names. */
NODISCARD enum err roster_list(struct store *store, user_id user,
			       struct room_names *names);

/* Takes all memberships of a user out. */
NODISCARD enum err roster_drop_user(struct store *store, user_id user);

/*
 * Checks that every record can be read and that each membership's room is
 * there. Findings, a line each, are added to report and make it ERR_CORRUPT.
 */
NODISCARD enum err roster_verify(struct store *store, struct buf *report);

/* The stored form of a room, for the fuzzer. */
void room_facts_encode(const struct room_facts *facts, struct buf *out);
NODISCARD bool room_facts_decode(const void *bytes, size_t len,
				 struct room_facts *facts_r);

#endif
