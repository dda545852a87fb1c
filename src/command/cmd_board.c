/* Commands about what everybody is told: rules, message of the day. */
#include <string.h>

#include "base/mem.h"
#include "chat/herald.h"
#include "command/board_text.h"
#include "command/families.h"
#include "command/task.h"

struct notice {
	struct task task;
	enum board_part part;
	char *text;
	size_t told; /* people */
};

static void drop(struct task *task)
{
	mem_free(CONTAINER(task, struct notice, task)->text);
}

/* "rules set" is about the rules. */
static enum board_part part_of(const struct call *call)
{
	const char *word = board_word(BOARD_RULES);

	return strncmp(call->command->verb, word, strlen(word)) == 0
		       ? BOARD_RULES
		       : BOARD_MOTD;
}

static enum err start(struct call *call, task_fn *stage,
		      enum err (*finish)(struct call *call, struct task *task))
{
	struct notice *notice = mem_zero(sizeof(*notice));

	notice->part = part_of(call);
	notice->text = mem_text(call->argc > 0 ? call->argv[0] : "");
	return task_start(call, &notice->task, TASK_JOBS, stage, finish, drop);
}

static enum err say(struct call *call, enum board_part part)
{
	if (!board_text_say(call, part))
		call_say(call, part == BOARD_RULES
				       ? "There are no rules."
				       : "There is no message of the day.");
	return ERR_OK;
}

static enum err cmd_show(struct call *call)
{
	return say(call, part_of(call));
}

static enum err finish_text(struct call *call, struct task *task)
{
	const struct notice *notice = CONTAINER(task, struct notice, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	return say(call, notice->part);
}

static void stage_set(struct task *task)
{
	struct notice *notice = CONTAINER(task, struct notice, task);

	task_answer(task, board_set(task->realm->chat, &task->actor,
				    notice->part, notice->text, &task->why));
}

static enum err cmd_set(struct call *call)
{
	return start(call, stage_set, finish_text);
}

static void stage_add(struct task *task)
{
	struct notice *notice = CONTAINER(task, struct notice, task);

	task_answer(task, board_add(task->realm->chat, &task->actor,
				    notice->part, notice->text, &task->why));
}

static enum err cmd_add(struct call *call)
{
	return start(call, stage_add, finish_text);
}

static void stage_clear(struct task *task)
{
	struct notice *notice = CONTAINER(task, struct notice, task);

	task_answer(task, board_clear(task->realm->chat, &task->actor,
				      notice->part, &task->why));
}

static enum err cmd_clear(struct call *call)
{
	return start(call, stage_clear, finish_text);
}

static void stage_broadcast(struct task *task)
{
	struct notice *notice = CONTAINER(task, struct notice, task);

	task_answer(task,
		    herald_broadcast(task->realm->chat, &task->actor,
				     notice->text, &notice->told, &task->why));
}

static enum err finish_broadcast(struct call *call, struct task *task)
{
	const struct notice *notice = CONTAINER(task, struct notice, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call, "%zu %s told.", notice->told,
		 notice->told == 1 ? "person was" : "people were");
	return ERR_OK;
}

static enum err cmd_broadcast(struct call *call)
{
	return start(call, stage_broadcast, finish_broadcast);
}

const struct command commands_board[] = {
	{ "rules", 0, 0, 0, 0, cmd_show, "", "the rules of this place" },
	{ "rules set", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_set, "TEXT",
	  "give the place rules, instead of those there are" },
	{ "rules add", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_add, "TEXT",
	  "add a line to the rules" },
	{ "rules clear", 0, 0, ROLE_ADMIN, 0, cmd_clear, "",
	  "take the rules away" },
	{ "motd", 0, 0, 0, 0, cmd_show, "", "the message of the day" },
	{ "motd set", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_set, "TEXT",
	  "write a message of the day, instead of the one there is" },
	{ "motd add", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_add, "TEXT",
	  "add a line to the message of the day" },
	{ "motd clear", 0, 0, ROLE_ADMIN, 0, cmd_clear, "",
	  "take the message of the day away" },
	{ "broadcast", 1, 1, ROLE_ADMIN, COMMAND_REST, cmd_broadcast, "TEXT",
	  "tell everybody who is here" },
	{ 0 },
};
