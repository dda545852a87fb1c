/*
 * The estate: what a user who is removed has in the bank. Jobs only.
 */
#ifndef RIALTO_COMMAND_ESTATE_H
#define RIALTO_COMMAND_ESTATE_H

#include "base/attr.h"
#include "base/err.h"
#include "command/task.h"
#include "user/user.h"

/*
 * Before the user is removed: calls requests off, closes the accounts, and
 * takes the user from the holders of shared ones. ERR_NOT_EMPTY, in words in
 * task->why, while there is money or a hold in one that ends with the user, or
 * the user has a till open: then nothing is closed. Else errors of
 * ledger_run().
 */
NODISCARD enum err estate_close(struct task *task, user_id user);

/*
 * Afterwards: what waits in the user's name goes, and so does an account that
 * was opened meanwhile. What money was paid into one stays there, as "user:17",
 * and is told to the log.
 */
NODISCARD enum err estate_forget(struct task *task, user_id user);

#endif
