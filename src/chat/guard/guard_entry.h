/*
 * An entry of the guard: who is banned from the whole server, or muted in all
 * of it; by whom, why and until when. As it is stored, and whom it hits.
 * Plain values; any thread.
 */
#ifndef RIALTO_CHAT_GUARD_ENTRY_H
#define RIALTO_CHAT_GUARD_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/text.h"
#include "chat/network.h"
#include "chat/rank.h"
#include "store/store.h"
#include "user/user.h"

/* The table that must be in the store's options. */
#define GUARD_TABLES "guards"

enum guard_kind {
	GUARD_BAN = 1,
	GUARD_MUTE,
};

/* Bytes of a reason. */
enum { GUARD_REASON_MOST = 256 };

struct guard_entry {
	uint64_t id; /* 1, 2, 3 …, never used again */
	enum guard_kind kind;
	user_id user;           /* 0: by network */
	struct network network; /* when user is 0 */
	/* Of the user, or of the guest whose network it is; "": none. */
	char name[NAME_MOST + 1];
	char by[NAME_MOST + 1];
	enum rank by_rank;
	int64_t since_ms; /* wall clock */
	int64_t until_ms; /* wall clock; 0: for good */
	char reason[GUARD_REASON_MOST + 1];
};

/* Who comes, or speaks. */
struct guard_subject {
	user_id user; /* 0: a guest, or nobody yet */
	role_set roles;
	struct network host; /* bits 0: none that is known */
	int64_t since_ms;    /* a user since then, wall clock; 0: long since */
};

/* address is as text; one that is no address ("local") is none. */
struct guard_subject guard_subject(user_id user, role_set roles,
				   const char *address);

/*
 * Whatever its time. Administrators, and ranks above the setter's, are hit by
 * user only. The network of a guest hits guests, and those who made themselves
 * users since; not its other users, for many live behind one address.
 */
bool guard_entry_hits(const struct guard_entry *entry,
		      const struct guard_subject *subject);

bool guard_entry_is_over(const struct guard_entry *entry, int64_t now_ms);

/* Does a last longer than b? */
bool guard_entry_outlasts(const struct guard_entry *a,
			  const struct guard_entry *b);

/* Writes the user's name, "192.0.2.0/24" or "guests of 192.0.2.7 (zoe)". */
enum { GUARD_WHOM_TEXT = NETWORK_TEXT + NAME_MOST + 16 };
void guard_entry_print_whom(const struct guard_entry *entry,
			    char text_r[GUARD_WHOM_TEXT]);

/* The stored form, version first; out is empty. */
void guard_entry_encode(const struct guard_entry *entry, struct buf *out);
NODISCARD bool guard_entry_decode(const void *bytes, size_t len,
				  struct guard_entry *entry_r);

/* Within a transaction: gives the entry its id, and adds it. */
NODISCARD enum err guard_entry_add(struct store_txn *txn, struct store *store,
				   struct guard_entry *entry);
/* ERR_OK also when it was not there. */
NODISCARD enum err guard_entry_delete(struct store_txn *txn,
				      struct store *store, uint64_t id);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err guard_verify(struct store *store, struct buf *report);

#endif
