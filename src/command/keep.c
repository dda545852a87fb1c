#include "command/keep.h"

#include <stdio.h>

#include "base/mem.h"
#include "chat/mail/mail_box.h"
#include "command/task.h"

struct keep {
	struct task task;
	struct parcel parcel;
	char to[NAME_MOST + 1];
	char *text;
	struct buf away; /* what the sender hears of the receiver */
};

static void drop(struct task *task)
{
	struct keep *keep = CONTAINER(task, struct keep, task);

	buf_fini(&keep->away);
	mem_free(keep->text);
}

static void stage(struct task *task)
{
	struct keep *keep = CONTAINER(task, struct keep, task);

	task_answer(task, mail_keep(task->realm->chat, &task->actor,
				    &keep->parcel, &task->why));
}

/* It was told, whatever has come of the keeping. */
static enum err finish_copy(struct call *call, struct keep *keep)
{
	const struct task *task = &keep->task;

	if (buf_len(&keep->away) > 0)
		call_say(call, "%s is away: %s", keep->to,
			 buf_text(&keep->away));
	if (task->result != ERR_OK)
		call_say(call, "That was told, but is not kept: %s",
			 task->why.text[0] != '\0' ? task->why.text
						   : err_words(task->result));
	return ERR_OK;
}

static enum err finish(struct call *call, struct task *task)
{
	struct keep *keep = CONTAINER(task, struct keep, task);

	if (keep->parcel.is_copy)
		return finish_copy(call, keep);
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s is not here; kept until read.", keep->parcel.name_r);
	return ERR_OK;
}

enum err keep_start(struct call *call, const char *to, const char *text,
		    struct told *told)
{
	struct keep *keep = mem_zero(sizeof(*keep));

	snprintf(keep->to, sizeof(keep->to), "%s", to);
	keep->parcel.to = keep->to;
	keep->text = mem_text(text);
	keep->parcel.text = keep->text;
	keep->parcel.is_copy = told != NULL;
	if (told != NULL)
		buf_add_text(&keep->away, buf_text(&told->away));
	return task_start(call, &keep->task, TASK_JOBS, stage, finish, drop);
}
