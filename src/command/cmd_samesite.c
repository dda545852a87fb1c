/* The command of moderators about who shares an address. */
#include "base/clock.h"
#include "base/mem.h"
#include "chat/guard/samesite.h"
#include "command/families.h"
#include "command/task.h"

struct question {
	struct task task;
	char *whom;
};

static void drop(struct task *task)
{
	mem_free(CONTAINER(task, struct question, task)->whom);
}

static void print_hit(const struct samesite_hit *hit, void *arg)
{
	struct buf *out = arg;
	char when[CLOCK_TEXT];

	buf_print(out, "%s%s from %s, ", hit->name,
		  hit->is_guest ? " (guest)" : "", hit->address);
	clock_print(hit->last_login_ms, when);
	if (hit->is_here)
		buf_add_text(out, "here\n");
	else
		buf_print(out, "last login %s\n", when);
}

static void stage(struct task *task)
{
	struct question *q = CONTAINER(task, struct question, task);
	bool is_cut = false;
	enum err e = samesite_find(task->realm->chat, &task->actor, q->whom,
				   print_hit, &task->text, &is_cut, &task->why);

	if (e == ERR_OK && buf_len(&task->text) == 0)
		buf_add_text(&task->text, "Nobody comes from there.\n");
	if (is_cut)
		buf_add_text(&task->text,
			     "… and more: name a narrower network.\n");
	task_answer(task, e);
}

static enum err cmd_samesite(struct call *call)
{
	struct question *q = mem_zero(sizeof(*q));

	q->whom = mem_text(call->argv[0]);
	return task_start(call, &q->task, TASK_JOBS, stage, NULL, drop);
}

const struct command commands_samesite[] = {
	{ "samesite", 1, 1, ROLE_MODERATOR | ROLE_ADMIN, 0, cmd_samesite,
	  "NAME|ADDRESS|NETWORK", "who comes, or came last, from an address" },
	{ 0 },
};
