/* Everybody who has a login has a main account. */
#ifndef RIALTO_COMMAND_MAIN_ACCOUNT_H
#define RIALTO_COMMAND_MAIN_ACCOUNT_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "command/realm.h"

/*
 * Opens the user's main account, unless there is one; by whoever acts, or the
 * user. Jobs only. Besides the
 * errors of ledger_run(), those of book_find().
 */
NODISCARD enum err main_account_ensure(struct realm *realm,
				       const struct actor *by, user_id user,
				       const char *name);

/*
 * Start-up, before anybody is served: opens those of all users who have none,
 * in batches. How far that has come is remembered, so that only users who are
 * new since are looked at. What goes wrong is told to the log, and tried again
 * at the next start.
 */
void main_account_open_all(struct realm *realm);

/* Accounts of the house are called so; no user may be. */
bool main_account_is_reserved(const char *name);

#endif
