/* The op about what is set aside; those that do it are ops_money. */
#include "command/hold_list.h"
#include "front/atm/answer.h"
#include "front/atm/op.h"
#include "front/atm/op_finish.h"

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

static enum err run_holds(struct call *call, struct atm_session *as)
{
	struct hold_list *list = hold_list_new(call, show);

	(void)as;
	return task_start(call, &list->task, TASK_JOBS, stage,
			  op_finish_members, NULL);
}

const struct op ops_hold[] = {
	{ "holds", "", false, run_holds },
	{ 0 },
};
