/*
 * Tidings: what others did, or the clock did, that concerns a user and is not
 * to be found in the user's accounts. Written in the transaction that did it,
 * for each whom it concerns; told at once to who is here, else on return. They
 * are kept for a while after that, for who looks back: see TIDING_RECENT_MS.
 * Jobs only, except where it says otherwise.
 */
#ifndef RIALTO_BANK_TIDING_H
#define RIALTO_BANK_TIDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/money.h"
#include "bank/order.h"
#include "bank/tiding_name.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"
#include "user/users.h"

struct tiding {
	user_id user; /* whom it concerns */
	struct tiding_name name;
	int64_t made_ms;
	bool is_told;
	user_id actor; /* 0: no user */
	char by[ENTRY_BY];
	account_id account; /* that was closed or left; 0: none */
};

/*
 * Of one user; when there are more, the oldest is forgotten of those that the
 * one has made who has made most.
 */
enum { TIDINGS_MOST = 50 };

/* What is told is kept so long at least, unless more than that come. */
enum { TIDING_RECENT_MS = 60 * 1000 };

/* What the order is to others, once it was obeyed; of no kind: nothing. */
void tiding_of_order(const struct order *order, struct tiding_name *name_r);

/*
 * Within a transaction: adds one, made now. *is_damaged_r: one of the user's
 * cannot be read; it stays as it is, and is in nobody's way.
 */
NODISCARD enum err tiding_put(struct store_txn *txn, struct store_table *table,
			      const struct tiding *tiding, bool *is_damaged_r);

/* Those of a user that can be read, told ones also, the oldest first. */
NODISCARD enum err tiding_list(struct store *store, user_id user,
			       struct tiding list_r[TIDINGS_MOST],
			       size_t *count_r);

/*
 * "ben declined your request #3 for 5.00 R (lunch)." Nothing when what it is
 * about is not there any more.
 */
NODISCARD enum err tiding_print(struct store *store, struct users *users,
				const struct currency *currency,
				const struct tiding *tiding, struct buf *out);

/*
 * Calls tell with the words of each that was not told; it is for tell to see
 * that tiding_heard() is called.
 */
typedef void tiding_tell_fn(void *arg, const struct tiding *tiding,
			    const char *text);
NODISCARD enum err tiding_tell(struct store *store, struct users *users,
			       const struct currency *currency, user_id user,
			       tiding_tell_fn *tell, void *arg);

/* Adds a line for each record that cannot be read: then ERR_CORRUPT. */
NODISCARD enum err tiding_verify(struct store *store, struct buf *report);

/* The stored form; the key says whose it is, and its name. */
void tiding_encode(const struct tiding *tiding, struct buf *out);
NODISCARD bool tiding_decode(const struct store_record *record,
			     struct tiding *tiding_r);

#endif
