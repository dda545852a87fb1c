/*
 * Requests: somebody asks somebody else for money. They shape no balance, so
 * they are no entries; the entry that pays one names it. A record for each,
 * and for the open ones an index, see due.h. Plain values, any thread; the
 * tables within a transaction or view. Besides what is named, errors of the
 * store. Times are milliseconds UTC.
 */
#ifndef RIALTO_BANK_REQUEST_H
#define RIALTO_BANK_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/due.h"
#include "bank/entry.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/record.h"
#include "store/store.h"

enum request_state {
	REQUEST_OPEN = 1,
	REQUEST_PAID,
	REQUEST_DECLINED,
	REQUEST_CANCELLED,
	REQUEST_EXPIRED,
};

struct request {
	uint64_t number;  /* 1, 2, 3 … of all requests */
	account_id payer; /* the account that is to pay */
	account_id asker; /* the account that is to be paid */
	user_id by;       /* who has asked */
	money amount;
	int64_t made_ms;
	int64_t due_ms;
	enum request_state state;
	uint64_t entry; /* that has paid it; 0: none */
	char memo[MEMO];
};

/*
 * How many may be open that one account has made, and that wait for one; and
 * how many of these one user may have made.
 */
enum { REQUESTS_MOST = 100, REQUESTS_OF_ONE = 20 };

struct request_tables {
	struct store_table *requests;
	struct store_table *index;
};

/*
 * Puts record and index, as the state says. ERR_CORRUPT when the index did not
 * have one that was closed.
 */
NODISCARD enum err request_put(struct store_txn *txn,
			       const struct request_tables *tables,
			       const struct request *request);

/* ERR_NO_SUCH_REQUEST, ERR_CORRUPT. */
NODISCARD enum err request_get(struct store_txn *txn,
			       const struct request_tables *tables,
			       uint64_t number, struct request *request_r);

/* Of open requests, as due_list(): those that it is to pay, or has made. */
NODISCARD enum err request_list(struct store_txn *txn,
				const struct request_tables *tables,
				account_id account, bool is_payer,
				int64_t then_ms, uint64_t *numbers_r,
				size_t most, size_t *count_r);

/* Where the index has it, while it is open. */
struct due request_due(const struct request *request);

/* The stored form, version first; out is empty. */
void request_encode(const struct request *request, struct buf *out);
/* False, and nothing changed, for what request_encode() cannot have made. */
NODISCARD bool request_decode(const void *bytes, size_t len,
			      struct request *request_r);

#endif
