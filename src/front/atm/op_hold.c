/* The op about what is set aside; those that do it are ops_money. */
#include "command/hold_list.h"
#include "front/atm/answer.h"
#include "front/atm/op.h"

static void show(struct hold_list *list, const struct hold_seen *seen)
{
	struct buf *out = &list->task.text;

	answer_open(out, NULL, '{');
	answer_number(out, "hold", (int64_t)seen->hold->seq);
	answer_text(out, "side", seen->is_mine ? "receiver" : "payer");
	answer_text(out, "from", seen->from);
	answer_text(out, "to", seen->to);
	answer_money(out, "amount", seen->hold->amount, &list->text.currency);
	answer_time(out, "expires_ms", seen->hold->due_ms);
	answer_text(out, "memo", seen->memo);
	answer_close(out, '}');
}

static void stage(struct task *task)
{
	struct hold_list *list = CONTAINER(task, struct hold_list, task);
	enum err e;

	answer_open(&task->text, "holds", '[');
	e = hold_list_read(list);
	answer_close(&task->text, ']');
	answer_bool(&task->text, "more", list->has_more);
	task_answer(task, e);
}

/* The task's text is members of the answer. */
static enum err finish(struct call *call, struct task *task)
{
	struct atm_session *as = atm_session_of(call->caller);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	answer_raw(&as->answer, NULL, buf_at(&task->text),
		   buf_len(&task->text));
	return ERR_OK;
}

static enum err run_holds(struct call *call, struct atm_session *as)
{
	struct hold_list *list = hold_list_new(call, show);

	(void)as;
	return task_start(call, &list->task, TASK_JOBS, stage, finish, NULL);
}

const struct op ops_hold[] = {
	{ "holds", "", false, run_holds },
	{ 0 },
};
