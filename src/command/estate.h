/*
 * The estate: what a user who is removed has in the bank. Jobs only.
 */
#ifndef RIALTO_COMMAND_ESTATE_H
#define RIALTO_COMMAND_ESTATE_H

#include "base/attr.h"
#include "base/err.h"
#include "command/releases.h"
#include "command/task.h"
#include "user/user.h"

/*
 * Before the user is removed, whom departures.h has: calls requests off, gives
 * back what is held for the user, which is added to releases, closes the
 * accounts, and takes the user from the holders of shared ones; all of it, or
 * nothing. ERR_NOT_EMPTY, in words in task->why, while there is money, or a
 * hold that the user pays, in one that ends with the user, or the user has a
 * till open. Else errors of ledger_run().
 */
NODISCARD enum err estate_close(struct task *task, const struct user *user,
				struct releases *releases);

/* Afterwards: what waits in the user's name goes. */
NODISCARD enum err estate_forget(struct task *task, const struct user *user);

#endif
