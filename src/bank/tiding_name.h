/* A tiding by its name, for who need know no more of it: see tiding.h. */
#ifndef RIALTO_BANK_TIDING_NAME_H
#define RIALTO_BANK_TIDING_NAME_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"
#include "user/user.h"

/* The table that must be in the store's options. */
#define TIDING_TABLES "bank_tidings"

/* Stored: only ever add at the end. */
enum tiding_kind {
	TIDING_NONE = 0,
	TIDING_DECLINED,     /* a request: number */
	TIDING_CANCELLED,    /* likewise */
	TIDING_EXPIRED,      /* likewise */
	TIDING_HOLD_EXPIRED, /* a hold: number */
	TIDING_HOLDER_OUT,   /* an entry: number */
	TIDING_CLOSED,       /* likewise */
	TIDING_KINDS,
};

/* A user has one of each name. */
struct tiding_name {
	enum tiding_kind kind;
	uint64_t number;
};

/* Within a transaction: it was told; ERR_OK also when it is not there. */
NODISCARD enum err tiding_heard(struct store_txn *txn,
				struct store_table *table, user_id user,
				const struct tiding_name *name);

/* The user is no more. */
NODISCARD enum err tiding_forget(struct store *store, user_id user);

#endif
