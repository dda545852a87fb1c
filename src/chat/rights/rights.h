/*
 * Rights: which users are ops or voiced in a room, for how long, and by whom.
 * (The owner and the successor are facts of the room.) The list of one room
 * in memory, and its records in the store.
 *
 * A list has one owner, who locks.
 */
#ifndef RIALTO_CHAT_RIGHTS_H
#define RIALTO_CHAT_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "chat/rank.h"
#include "store/store.h"

/* The table that must be in the store's options. */
#define RIGHTS_TABLES "rights"

/* In one room. */
enum { RIGHTS_MOST = 1000 };

struct right {
	user_id user;
	enum rank rank; /* RANK_VOICED or RANK_OP */
	int64_t since_ms;
	char by[NAME_MOST + 1];
	enum rank by_rank;
};

struct rights {
	struct right *list; /* by user */
	size_t count;
};

void rights_fini(struct rights *rights);

/* Borrowed until the next change; NULL: a plain member. */
const struct right *rights_find(const struct rights *rights, user_id user);

/* Adds or replaces. The caller has looked at RIGHTS_MOST. */
void rights_set(struct rights *rights, const struct right *right);
void rights_drop(struct rights *rights, user_id user);

/* The op who is so for longest; NULL when there is none. */
const struct right *rights_eldest(const struct rights *rights);

/* Within a transaction; room is the room's name. */
NODISCARD enum err rights_put(struct store_txn *txn, struct store *store,
			      const char *room, const struct right *right);
/* ERR_OK also when it was not there. */
NODISCARD enum err rights_delete(struct store_txn *txn, struct store *store,
				 const char *room, user_id user);

/* Start-up. Adds the records of a room to rights: ERR_CORRUPT. */
NODISCARD enum err rights_load(struct store *store, const char *room,
			       struct rights *rights);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err rights_verify(struct store *store, struct buf *report);

/* The stored form, for the fuzzer. */
void right_encode(const struct right *right, struct buf *out);
NODISCARD bool right_decode(const void *bytes, size_t len,
			    struct right *right_r);

#endif
