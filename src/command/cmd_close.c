/* Commands of moderators about a room as a whole. */
#include "base/mem.h"
#include "chat/guard/closing.h"
#include "chat/room_sheet.h"
#include "command/families.h"
#include "command/task.h"

enum { STAFF = ROLE_MODERATOR | ROLE_ADMIN };

struct closure {
	struct task task;
	struct room *room; /* a reference */
	char *reason;
};

static void drop(struct task *task)
{
	struct closure *c = CONTAINER(task, struct closure, task);

	room_unref(&c->room);
	mem_free(c->reason);
}

static enum err start(struct call *call, task_fn *stage,
		      enum err (*finish)(struct call *call, struct task *task))
{
	struct room *room = chat_room(call->realm->chat, call->argv[0]);
	struct closure *c;

	if (room == NULL)
		return call_refuse(call, ERR_NO_SUCH_ROOM,
				   "There is no room %.32s.", call->argv[0]);
	c = mem_zero(sizeof(*c));
	c->room = room;
	c->reason = mem_text(call->argc > 1 ? call->argv[1] : "");
	return task_start(call, &c->task, TASK_JOBS, stage, finish, drop);
}

static void stage_close(struct task *task)
{
	struct closure *c = CONTAINER(task, struct closure, task);

	task_answer(task, closing_begin(task->realm->chat, &task->actor,
					c->room, c->reason, &task->why));
}

static enum err finish_close(struct call *call, struct task *task)
{
	struct closure *c = CONTAINER(task, struct closure, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s is closed; /reopen %s opens it again.",
		 room_name(c->room), room_name(c->room));
	return ERR_OK;
}

static enum err cmd_close(struct call *call)
{
	return start(call, stage_close, finish_close);
}

static void stage_reopen(struct task *task)
{
	struct closure *c = CONTAINER(task, struct closure, task);

	task_answer(task, closing_end(task->realm->chat, &task->actor, c->room,
				      &task->why));
}

static enum err finish_reopen(struct call *call, struct task *task)
{
	struct closure *c = CONTAINER(task, struct closure, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%s is open again.", room_name(c->room));
	return ERR_OK;
}

static enum err cmd_reopen(struct call *call)
{
	return start(call, stage_reopen, finish_reopen);
}

static void stage_show(struct task *task)
{
	struct closure *c = CONTAINER(task, struct closure, task);

	task_answer(task,
		    room_sheet_print(task->realm->chat, c->room, &task->text));
}

static enum err cmd_rooms_show(struct call *call)
{
	return start(call, stage_show, NULL);
}

const struct command commands_close[] = {
	{ "close", 1, 2, STAFF, COMMAND_REST, cmd_close, "ROOM [REASON]",
	  "send everybody out of a room, and let nobody in" },
	{ "reopen", 1, 1, STAFF, 0, cmd_reopen, "ROOM",
	  "open a room again that was closed" },
	{ "rooms show", 1, 1, STAFF | ROLE_AUDITOR, 0, cmd_rooms_show, "ROOM",
	  "what is known of a room" },
	{ 0 },
};
