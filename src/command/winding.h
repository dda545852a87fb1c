/*
 * Winding up: the orders by which all that a user has in the bank ends: what
 * is asked for is called off, what others have set aside goes back to them,
 * and accounts are closed, or left to their other holders. They are given as
 * one group, so all of it is done, or nothing.
 */
#ifndef RIALTO_COMMAND_WINDING_H
#define RIALTO_COMMAND_WINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "bank/account.h"
#include "bank/order.h"
#include "base/attr.h"
#include "base/err.h"
#include "command/releases.h"
#include "command/task.h"

/* Who goes, and in whose name. */
struct winding {
	struct task *task;
	const struct user *user;
	struct releases *releases; /* what was given back is added to it */
};

/* Is the account nobody else's? Then it ends with the user. */
bool winding_ends(const struct account *account);

/* The order by which the user has the account no longer. */
void winding_order(const struct winding *winding, const struct account *account,
		   struct order *order_r);

/*
 * Jobs only. ERR_AGAIN, with words, when something has changed meanwhile, or
 * there was too much for one time: the accounts are to be listed again. Else
 * errors of ledger_run().
 */
NODISCARD enum err winding_run(const struct winding *winding,
			       const struct account *accounts, size_t count);

#endif
