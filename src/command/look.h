/*
 * Something of the bank that a user reads: a task that others embed as their
 * first field.
 */
#ifndef RIALTO_COMMAND_LOOK_H
#define RIALTO_COMMAND_LOOK_H

#include "bank/account.h"
#include "base/attr.h"
#include "base/err.h"
#include "command/bank_text.h"
#include "command/deal.h"
#include "command/task.h"

struct look {
	struct task task;
	struct bank_text text;
	const char *const *ways; /* the caller's, see caller.h */
	char account[DEAL_WORD]; /* as it was written; "": the main one */
};

/* Of the caller; size bytes that begin with it, for task_start(). */
struct look *look_new(struct call *call, size_t size);

/* Takes over the name of an account; when it refuses, look is freed. */
NODISCARD enum err look_take_account(struct call *call, struct look *look,
				     const char *text);

/* In a stage: the account, which is the caller's. ERR_NO_SUCH_ACCOUNT. */
NODISCARD enum err look_find(struct look *look, struct account *account_r);

#endif
