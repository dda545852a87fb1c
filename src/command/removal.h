/* The end of a user: in rooms, in the bank, and in all sessions. */
#ifndef RIALTO_COMMAND_REMOVAL_H
#define RIALTO_COMMAND_REMOVAL_H

#include "audit/trail.h"
#include "base/attr.h"
#include "base/err.h"
#include "command/realm.h"
#include "command/releases.h"
#include "command/task.h"
#include "user/user.h"

/*
 * Nobody comes in as the user any more, what it leaves goes, and all who are
 * here are sent away; entry is the act's record. What was given back to others
 * is added to releases. A job, with realm->acts held. ERR_NOT_EMPTY, with words
 * in task->why, while the user has money; errors of heritage_remove(),
 * ledger_run() and takings_forget().
 *
 * A mark says that it is under way: killed amid it, the next start goes on.
 */
NODISCARD enum err removal_run(struct task *task, const struct user *user,
			       const struct audit_entry *entry,
			       struct releases *releases);

/* Start-up, before anybody is served: finishes what was broken off. */
void removal_resume(struct realm *realm);

#endif
