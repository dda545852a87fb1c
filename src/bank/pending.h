/*
 * Reading what waits for somebody: holds and requests. Jobs only; each call is
 * a view of its own, as book.h has it. Besides what is named, the errors of
 * store_view(), and ERR_CORRUPT.
 */
#ifndef RIALTO_BANK_PENDING_H
#define RIALTO_BANK_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/hold.h"
#include "bank/request.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/* At most so many of one account are listed. */
enum { PENDING_MOST = 100 };

/* ERR_NO_SUCH_HOLD. */
NODISCARD enum err pending_hold(struct store *store, uint64_t seq,
				struct hold *hold_r);

/*
 * Open ones that have not ended by now_ms, the first to end first: those that
 * the account pays (is_payer), or that are for it.
 */
NODISCARD enum err pending_holds(struct store *store, account_id account,
				 bool is_payer, int64_t now_ms,
				 struct hold list_r[PENDING_MOST],
				 size_t *count_r);

/* ERR_NO_SUCH_REQUEST. */
NODISCARD enum err pending_request(struct store *store, uint64_t number,
				   struct request *request_r);

/* As pending_holds(): those that wait for the account, or that it has made. */
NODISCARD enum err pending_requests(struct store *store, account_id account,
				    bool is_payer, int64_t now_ms,
				    struct request list_r[PENDING_MOST],
				    size_t *count_r);

/* How many wait for an account: holds for it, requests that it pays. */
struct pending_counts {
	size_t holds;
	size_t requests;
};

/* Adds those of the account, at most PENDING_MOST of each kind. */
NODISCARD enum err pending_count(struct store *store, account_id account,
				 int64_t now_ms, struct pending_counts *counts);

#endif
