/*
 * Erasures: what of a room was deleted, as what it has in common, since it may
 * be much. From when it was written on, readers leave out what it hits; it is
 * kept until all that has been taken out of the store. Lives under the room's
 * lock, and in the table "erasures".
 */
#ifndef RIALTO_CHAT_ERASURE_H
#define RIALTO_CHAT_ERASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/history/whose.h"
#include "chat/message.h"
#include "store/store.h"

/* The table that must be in the store's options. */
#define ERASURE_TABLES "erasures"

/* Of one room, at once. */
enum { ERASURES_MOST = 256 };

/* Hits what is all of this. */
struct erasure {
	uint64_t id;   /* set by erasure_put() when it is 0 */
	uint64_t from; /* numbers, both included */
	uint64_t upto;
	int64_t since_ms; /* said then or later; 0: whenever */
	int64_t until_ms; /* said before; 0: likewise */
	struct whose whose;
};

bool erasure_hits(const struct erasure *e, uint64_t id, int64_t time_ms,
		  user_id user, const char *from);

struct erasures {
	struct erasure *list;
	size_t count;
};

void erasures_add(struct erasures *all, const struct erasure *e);
struct erasure *erasures_find(const struct erasures *all, uint64_t id);
void erasures_drop(struct erasures *all, uint64_t id);
void erasures_copy(const struct erasures *all, struct erasures *copy_r);
void erasures_fini(struct erasures *all);

/* Does any hit it? */
bool erasures_hit(const struct erasures *all, uint64_t id, int64_t time_ms,
		  user_id user, const char *from);
bool erasures_hit_message(const struct erasures *all, const struct message *m);

/* Within a transaction: the errors of store_run(). */
NODISCARD enum err erasure_put(struct store_txn *txn, struct store *store,
			       const char *room, struct erasure *e);
NODISCARD enum err erasure_delete(struct store_txn *txn, struct store *store,
				  const char *room, uint64_t id);

/* Start-up: reads those of a room. ERR_CORRUPT. */
NODISCARD enum err erasures_load(struct store *store, const char *room,
				 struct erasures *all);

/* Checks that every record can be read; see room_records_verify(). */
NODISCARD enum err erasures_verify(struct store *store, struct buf *report);

#endif
