/* Commands about the clock, by which the bank does what is due. */
#include <string.h>

#include "bank/schedule/trust.h"
#include "base/mem.h"
#include "command/families.h"
#include "command/sign.h"
#include "command/task.h"

static void stage_look(struct task *task)
{
	struct trust trust;
	enum err e = trust_look(task->realm->store, &trust);

	if (e == ERR_OK) {
		trust_print(&trust, &task->text);
		buf_add_text(&task->text,
			     trust.is_doubted
				     ? ": what is due by it waits. If it is "
				       "right: /bank clock accept.\n"
				     : ".\n");
	}
	task_answer(task, e);
}

static void stage_accept(struct task *task)
{
	struct realm *realm = task->realm;
	struct audit_entry entry;
	struct trust trust;
	enum err e;

	sign_entry(&task->actor, "bank.clock", &entry);
	e = trust_accept(realm->store, realm->trail, &entry, &trust);
	if (e == ERR_EXISTS)
		e = refusal_give(&task->why, e,
				 "The clock is believed as it is.");
	else if (e == ERR_OK)
		buf_add_text(&task->text, "The clock is believed: what is due "
					  "by it is done from now on.\n");
	task_answer(task, e);
}

/* [accept] */
static enum err cmd_clock(struct call *call)
{
	bool accepts = call->argc > 0;
	struct task *task;

	if (accepts && strcmp(call->argv[0], "accept") != 0)
		return call_usage(call);
	if (accepts && !caller_has_role(call->caller, ROLE_ADMIN))
		return call_fail(call, ERR_NOT_ALLOWED);
	task = mem_zero(sizeof(*task));
	return task_start(call, task, TASK_JOBS,
			  accepts ? stage_accept : stage_look, NULL, NULL);
}

const struct command commands_bank_clock[] = {
	{ "bank clock", 0, 1, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_clock,
	  "[accept]", "whether the bank believes the clock" },
	{ 0 },
};
