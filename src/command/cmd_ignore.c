/* Commands about whom one does not want to hear. */
#include <stdio.h>

#include "base/mem.h"
#include "chat/ignore/ignore_act.h"
#include "chat/ignore/ignore_people.h"
#include "command/families.h"
#include "command/task.h"
#include "user/users.h"

enum { KINDS = 4 };

struct deafness {
	struct task task;
	struct ignoring what;
	char name[NAME_MOST + 1];
	struct ignore_list list;
	enum err (*act)(struct chat *chat, const struct actor *by,
			struct ignoring *what, struct refusal *why);
};

static void stage(struct task *task)
{
	struct deafness *d = CONTAINER(task, struct deafness, task);

	task_answer(task, d->act(task->realm->chat, &task->actor, &d->what,
				 &task->why));
}

static void say_kinds(struct call *call, const struct ignoring *what)
{
	AUTO(buf_fini) struct buf kinds = { 0 };

	ignore_print_kinds(what->kinds_r, &kinds);
	if (what->kinds_r == 0)
		call_say(call, "You ignore %s no longer.", what->name_r);
	else
		call_say(call, "You ignore %s: %s.", what->name_r,
			 buf_text(&kinds));
}

static enum err finish(struct call *call, struct task *task)
{
	const struct deafness *d = CONTAINER(task, struct deafness, task);

	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	say_kinds(call, &d->what);
	if (d->what.is_staff_r && (d->what.kinds_r & IGNORE_PRIVATE) != 0)
		call_say(call,
			 "What %s tells you in private as one of the "
			 "staff comes nevertheless.",
			 d->what.name_r);
	return ERR_OK;
}

/* No kind is every kind; false when one is none. */
static bool parse_kinds(const struct call *call, unsigned *kinds_r)
{
	*kinds_r = call->argc == 1 ? IGNORE_ALL : 0;
	for (int i = 1; i < call->argc; i++) {
		unsigned kind = ignore_kind(call->argv[i]);

		if (kind == 0)
			return false;
		*kinds_r |= kind;
	}
	return true;
}

static enum err change(struct call *call,
		       enum err (*act)(struct chat *chat,
				       const struct actor *by,
				       struct ignoring *what,
				       struct refusal *why))
{
	struct deafness *d;
	unsigned kinds;

	if (!name_is_valid(call->argv[0]))
		return call_fail(call, ERR_BAD_NAME);
	if (!parse_kinds(call, &kinds))
		return call_usage(call);
	d = mem_zero(sizeof(*d));
	snprintf(d->name, sizeof(d->name), "%s", call->argv[0]);
	d->what.name = d->name;
	d->what.kinds = kinds;
	d->act = act;
	return task_start(call, &d->task, TASK_JOBS, stage, finish, NULL);
}

static enum err print_one(struct task *task, const struct ignore *entry)
{
	AUTO(buf_fini) struct buf kinds = { 0 };
	struct user user;
	enum err e = ERR_OK;

	ignore_print_kinds(entry->kinds, &kinds);
	if (entry->guest[0] == '\0')
		e = users_get(task->realm->users, entry->number, &user);
	if (e == ERR_OK)
		buf_print(&task->text, "%s%s: %s\n",
			  entry->guest[0] == '\0' ? user.name : entry->guest,
			  entry->guest[0] == '\0' ? "" : " (guest)",
			  buf_text(&kinds));
	return e == ERR_NO_SUCH_USER ? ERR_OK : e; /* removed just now */
}

static void stage_list(struct task *task)
{
	struct deafness *d = CONTAINER(task, struct deafness, task);
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < d->list.count; i++)
		e = print_one(task, &d->list.list[i]);
	if (d->list.count == 0)
		buf_add_text(&task->text, "You ignore nobody.\n");
	task_answer(task, e);
}

static enum err list(struct call *call)
{
	struct deafness *d = mem_zero(sizeof(*d));

	ignore_list_of(call->realm->chat, person_number(call->caller->person),
		       &d->list);
	return task_start(call, &d->task, TASK_JOBS, stage_list, NULL, NULL);
}

static enum err cmd_ignore(struct call *call)
{
	return call->argc == 0 ? list(call) : change(call, ignore_add);
}

static enum err cmd_unignore(struct call *call)
{
	return change(call, ignore_take);
}

const struct command commands_ignore[] = {
	{ "ignore", 0, 1 + KINDS, ROLE_GUEST, COMMAND_PERSON, cmd_ignore,
	  "[NAME [KIND...]]", "do not hear somebody; whom you do not hear" },
	{ "unignore", 1, 1 + KINDS, ROLE_GUEST, COMMAND_PERSON, cmd_unignore,
	  "NAME [KIND...]", "hear somebody again" },
	{ 0 },
};
