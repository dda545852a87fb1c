/*
 * Standing orders: payments that a user wants made again and again. A record
 * for each, an index of when the scheduler has to look at it next, and one by
 * user. They shape no balance, so they are no entries of the journal; adding
 * and ending one leaves an audit record in the same transaction.
 *
 * Jobs and start-up only. Besides what is named, the errors of store_run().
 */
#ifndef RIALTO_BANK_STANDING_H
#define RIALTO_BANK_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/trail.h"
#include "bank/account.h"
#include "bank/entry.h"
#include "bank/money.h"
#include "bank/order.h"
#include "bank/schedule/recurrence.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/uuid.h"
#include "store/store.h"

/* The tables that must be in the store's options. */
#define STANDING_TABLES "bank_standing", "bank_standing_index"

enum {
	STANDING_MOST = 20,  /* of a user */
	STANDING_NEWS = 480, /* bytes, with the NUL */
};

struct standing {
	uint64_t number;
	user_id user;   /* who pays */
	struct uuid id; /* what the client called it; may be none */
	account_id from;
	account_id to;
	money amount;
	struct recurrence recurrence;
	char memo[MEMO];
	int64_t made_ms;

	int64_t due;     /* the day of the payment that comes next */
	int64_t look;    /* the day on which it is tried: that one, or later */
	uint32_t tries;  /* of it, that were refused */
	uint64_t paid;   /* payments until now */
	uint64_t last;   /* the entry of the last one; 0: none */
	bool is_claimed; /* the scheduler is at it */
	bool is_ended;   /* only its news is left */
	char news[STANDING_NEWS]; /* what the user was not told; "" : nothing */

	/* In what words it was asked for, see order.h; zeros: not known. */
	uint8_t wording[ORDER_WORDING];
};

void standing_encode(const struct standing *standing, struct buf *out);
/* False, and nothing changed, for what standing_encode() cannot have made. */
NODISCARD bool standing_decode(const void *bytes, size_t len,
			       struct standing *standing_r);

/* Where they are. Borrowed. */
struct standings {
	struct store *store;
	struct trail *trail;
};

/* Do both pay the same? */
bool standing_is_same(const struct standing *a, const struct standing *b);

/* The user's of that id, which is not none. ERR_NOT_FOUND. */
NODISCARD enum err standing_asked(const struct standings *s, user_id user,
				  const struct uuid *id,
				  struct standing *standing_r);

/*
 * Gives it a number. When the user has one with its id, which is not none, that
 * one is *standing afterwards; ERR_ID_CONFLICT when it pays something else.
 * ERR_LIMIT: the user has STANDING_MOST.
 */
NODISCARD enum err standing_add(const struct standings *s,
				struct standing *standing,
				const struct audit_entry *entry);

/* Those of a user by number, with ended ones; the caller frees list_r. */
NODISCARD enum err standing_list(const struct standings *s, user_id user,
				 struct standing **list_r, size_t *count_r);

/*
 * Takes out one of the user's; *standing_r is what it was. ERR_NOT_FOUND;
 * ERR_BUSY while it is being paid.
 */
NODISCARD enum err standing_cancel(const struct standings *s, user_id user,
				   uint64_t number,
				   const struct audit_entry *entry,
				   struct standing *standing_r);

/* Takes out all of a user's. */
NODISCARD enum err standing_forget(const struct standings *s, user_id user);

/*
 * Claims the one to be looked at first, of those that are to be by that day:
 * nobody cancels it meanwhile. After a crash it is claimed again. *is_there_r
 * says whether there is one.
 */
NODISCARD enum err standing_claim(const struct standings *s, int64_t day,
				  struct standing *standing_r,
				  bool *is_there_r);

/*
 * What has become of one that was claimed; it is not claimed any more. Without
 * news it keeps what it has. When it is gone meanwhile, nothing. entry may be
 * NULL.
 */
NODISCARD enum err standing_settle(const struct standings *s,
				   const struct standing *standing,
				   const struct audit_entry *entry);

/* The user was told this news: it is forgotten, with one that has ended. */
NODISCARD enum err standing_heard(const struct standings *s,
				  const struct standing *standing);

#endif
