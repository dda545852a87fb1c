/* Ops about what is in one's accounts now. */
#include "base/mem.h"
#include "command/look.h"
#include "front/atm/answer.h"
#include "front/atm/op.h"
#include "front/atm/op_finish.h"

static void stage_balance(struct task *task)
{
	struct look *look = CONTAINER(task, struct look, task);
	struct account account;
	enum err e = look_find(look, &account);

	if (e == ERR_OK)
		answer_balance(&task->text, NULL, &look->text, &account);
	task_answer(task, e);
}

static enum err finish_balance(struct call *call, struct task *task)
{
	return op_finish_value(call, task, "balance");
}

static enum err run_balance(struct call *call, struct atm_session *as)
{
	struct look *look = look_new(call, sizeof(*look));
	enum err e = look_take_account(call, look, as->request->account);

	return e == ERR_OK ? task_start(call, &look->task, TASK_JOBS,
					stage_balance, finish_balance, NULL)
			   : e;
}

static void stage_accounts(struct task *task)
{
	struct look *look = CONTAINER(task, struct look, task);
	struct account *list;
	size_t count;
	enum err e = book_accounts_of(task->realm->store, task->actor.user,
				      &list, &count);

	answer_open(&task->text, NULL, '[');
	for (size_t i = 0; i < count; i++)
		answer_balance(&task->text, NULL, &look->text, &list[i]);
	answer_close(&task->text, ']');
	mem_free(list);
	task_answer(task, e);
}

static enum err finish_accounts(struct call *call, struct task *task)
{
	return op_finish_value(call, task, "accounts");
}

static enum err run_accounts(struct call *call, struct atm_session *as)
{
	struct look *look = look_new(call, sizeof(*look));

	(void)as;
	return task_start(call, &look->task, TASK_JOBS, stage_accounts,
			  finish_accounts, NULL);
}

const struct op ops_account[] = {
	{ "accounts", "", false, run_accounts },
	{ "balance", "account?", false, run_balance },
	{ 0 },
};
