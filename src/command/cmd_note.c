/* Commands of moderators about their notes on users. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "chat/guard/note.h"
#include "command/families.h"
#include "command/task.h"

enum { STAFF = ROLE_MODERATOR | ROLE_ADMIN };

struct remark {
	struct task task;
	char name[NAME_MOST + 1];
	char *text; /* of a new note */
	uint64_t id;
	struct user user;
	enum err (*act)(struct remark *remark);
};

static void drop(struct task *task)
{
	mem_free(CONTAINER(task, struct remark, task)->text);
}

static void stage(struct task *task)
{
	struct remark *remark = CONTAINER(task, struct remark, task);
	enum err e =
		users_find(task->realm->users, remark->name, &remark->user);

	if (e == ERR_NO_SUCH_USER)
		e = refusal_give(&task->why, e,
				 "%s is no user. Notes are kept on users with "
				 "a login.",
				 remark->name);
	task_answer(task, e == ERR_OK ? remark->act(remark) : e);
}

static struct remark *remark_new(const struct call *call,
				 enum err (*act)(struct remark *remark))
{
	struct remark *remark = mem_zero(sizeof(*remark));

	snprintf(remark->name, sizeof(remark->name), "%s", call->argv[0]);
	remark->act = act;
	return remark;
}

static enum err start(struct call *call, struct remark *remark,
		      enum err (*finish)(struct call *call, struct task *task))
{
	return task_start(call, &remark->task, TASK_JOBS, stage, finish, drop);
}

static enum err act_list(struct remark *remark)
{
	struct buf *out = &remark->task.text;
	struct note *notes;
	size_t count;
	enum err e = note_list(remark->task.realm->store, remark->user.id,
			       &notes, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		char when[CLOCK_TEXT];

		clock_print(notes[i].time_ms, when);
		buf_print(out, "#%" PRIu64 " %s %s: %s\n", notes[i].id, when,
			  notes[i].by, notes[i].text);
	}
	if (e == ERR_OK && count == 0)
		buf_print(out, "There are no notes on %s.\n",
			  remark->user.name);
	mem_free(notes);
	return e;
}

static enum err cmd_notes(struct call *call)
{
	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	return start(call, remark_new(call, act_list), NULL);
}

static enum err act_add(struct remark *remark)
{
	struct task *task = &remark->task;

	return note_add(task->realm->chat, &task->actor, &remark->user,
			remark->text, &remark->id, &task->why);
}

static enum err finish_add(struct call *call, struct task *task)
{
	const struct remark *remark = CONTAINER(task, struct remark, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "Note #%" PRIu64 " on %s.", remark->id,
		 remark->user.name);
	return ERR_OK;
}

static enum err cmd_note(struct call *call)
{
	struct remark *remark;

	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	remark = remark_new(call, act_add);
	remark->text = mem_text(call->argv[1]);
	return start(call, remark, finish_add);
}

static enum err act_remove(struct remark *remark)
{
	struct task *task = &remark->task;

	return note_remove(task->realm->chat, &task->actor, &remark->user,
			   remark->id, &task->why);
}

static enum err finish_remove(struct call *call, struct task *task)
{
	const struct remark *remark = CONTAINER(task, struct remark, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "Note #%" PRIu64 " on %s is removed.", remark->id,
		 remark->user.name);
	return ERR_OK;
}

static enum err cmd_notes_remove(struct call *call)
{
	const char *text = call->argv[1] + (call->argv[1][0] == '#');
	struct remark *remark;
	int64_t id;

	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	if (!quantity_number(text, &id) || id == 0)
		return call_usage(call);
	remark = remark_new(call, act_remove);
	remark->id = (uint64_t)id;
	return start(call, remark, finish_remove);
}

const struct command commands_note[] = {
	{ "note", 2, 2, STAFF, COMMAND_REST, cmd_note, "USER TEXT",
	  "note something on a user, for other moderators" },
	{ "notes", 1, 1, STAFF | ROLE_AUDITOR, 0, cmd_notes, "USER",
	  "what was noted on a user" },
	{ "notes remove", 2, 2, STAFF, 0, cmd_notes_remove, "USER NUMBER",
	  "remove a note" },
	{ 0 },
};
