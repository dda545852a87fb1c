#include "front/atm/op_finish.h"

#include "front/atm/answer.h"
#include "front/atm/atm_session.h"

enum err op_finish_value(struct call *call, struct task *task, const char *name)
{
	struct atm_session *as = atm_session_of(call->caller);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	answer_raw(&as->answer, name, buf_at(&task->text),
		   buf_len(&task->text));
	return ERR_OK;
}

enum err op_finish_members(struct call *call, struct task *task)
{
	return op_finish_value(call, task, NULL);
}
