/*
 * How ops end whose task has written JSON into its text: the task's refusal, or
 * the text as a part of the session's answer. In the session's worker.
 */
#ifndef RIALTO_FRONT_ATM_OP_FINISH_H
#define RIALTO_FRONT_ATM_OP_FINISH_H

#include "command/command.h"
#include "command/task.h"

/* The text is the value of the member `name`. */
enum err op_finish_value(struct call *call, struct task *task,
			 const char *name);

/* The text is members. */
enum err op_finish_members(struct call *call, struct task *task);

#endif
