/*
 * Up to where a user has read a room: the number of the last message, and
 * until when. In the store by user and room. Jobs and start-up only; besides
 * what is named, the errors of store_run().
 */
#ifndef RIALTO_CHAT_MARKER_H
#define RIALTO_CHAT_MARKER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "store/store.h"
#include "user/user.h"

/* The tables that must be in the store's options. */
#define MARKER_TABLES "markers"

/* Of one user: of more rooms than one can be in, since who left may return. */
enum { MARKERS_MOST = 200 };

struct marker {
	uint64_t id;     /* no message after it was read; 0: none was */
	int64_t time_ms; /* wall clock: until then all was read; 0: no marker */
};

/* Within a transaction. Beyond MARKERS_MOST the user's oldest one goes. */
NODISCARD enum err marker_put(struct store_txn *txn, struct store *store,
			      user_id user, const char *room,
			      const struct marker *marker);

/* No marker: its time is 0. ERR_CORRUPT. */
NODISCARD enum err marker_get(struct store *store, user_id user,
			      const char *room, struct marker *marker_r);

/* Visits the markers of a user by the keys of their rooms: ERR_CORRUPT. */
typedef void marker_fn(const char *key, const struct marker *marker, void *arg);
NODISCARD enum err marker_list(struct store *store, user_id user,
			       marker_fn *visit, void *arg);

/* Takes all markers of a user out. */
NODISCARD enum err marker_drop_user(struct store *store, user_id user);

/*
 * Checks that every record can be read, that its room is there, and that it is
 * not beyond what was said. Findings, a line each, are added to report and make
 * it ERR_CORRUPT.
 */
NODISCARD enum err marker_verify(struct store *store, struct buf *report);

#endif
