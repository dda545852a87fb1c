/* The end of a user: in rooms, in the bank, and in all sessions. */
#ifndef RIALTO_COMMAND_REMOVAL_H
#define RIALTO_COMMAND_REMOVAL_H

#include "audit/trail.h"
#include "base/attr.h"
#include "base/err.h"
#include "command/task.h"
#include "user/user.h"

/*
 * Nobody comes in as the user any more, what it leaves goes, and all who are
 * here are sent away; entry is the act's record. A job, with realm->acts held.
 * ERR_NOT_EMPTY, with words in task->why, while the user has money; errors of
 * heritage_remove(), ledger_run() and takings_forget().
 */
NODISCARD enum err removal_run(struct task *task, const struct user *user,
			       const struct audit_entry *entry);

#endif
