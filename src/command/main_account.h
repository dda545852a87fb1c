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

/* Accounts of the house are called so; no user may be. */
bool main_account_is_reserved(const char *name);

#endif
