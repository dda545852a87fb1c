/*
 * A transaction: what an entry that one of the moves has made is to the one who
 * has made it, as members of an answer, and as a receipt. Both can be made
 * again at any time, from the entry. Plain values; any thread.
 */
#ifndef RIALTO_FRONT_ATM_TRANSACTION_H
#define RIALTO_FRONT_ATM_TRANSACTION_H

#include "bank/book.h"
#include "bank/entry.h"
#include "bank/money.h"
#include "base/buf.h"
#include "crypto/identity_key.h"

struct transaction {
	const struct entry *entry;
	const struct currency *currency;
	account_id own;    /* the actor's account; see move_sides() */
	money left;        /* that can be spent of it; MONEY_NONE: no bound */
	const char *name;  /* of that */
	const char *other; /* of the one on the other side */
};

/*
 * The leg about the money itself, of an entry that has legs: fees stand behind
 * it, or where all comes back before it.
 */
const struct leg *transaction_leg(const struct entry *entry);

/* What went to the house besides, from whoever paid it: below zero, it came
 * back. */
money transaction_fee(const struct entry *entry);

/* Adds "entry", "time", "expires_ms" of a hold, and "balance". */
void transaction_print(const struct transaction *t, struct buf *out);

/* Adds the receipt as a JWS, see doc/protocol.md; server is its name. */
void transaction_sign(const struct transaction *t,
		      const struct identity_key *key, const char *server,
		      struct buf *out);

#endif
