/* Users who are removed by an administrator. */
#include <stdio.h>

#include "base/mem.h"
#include "command/admins.h"
#include "command/families.h"
#include "command/removal.h"
#include "command/sign.h"
#include "command/task.h"
#include "log/log.h"

struct removing {
	struct task task;
	char by[NAME_MOST + 1];
	char name[NAME_MOST + 1];
	struct user user;
	struct releases releases;
};

static enum err remove_locked(struct task *task)
{
	struct removing *removing = CONTAINER(task, struct removing, task);
	struct realm *realm = task->realm;
	struct user *user = &removing->user;
	enum err e = users_find(realm->users, removing->name, user);
	struct audit_entry entry;

	sign_entry(&task->actor, "user.remove", &entry);
	if (e == ERR_OK)
		e = admins_check(realm, user);
	return e == ERR_OK
		       ? removal_run(task, user, &entry, &removing->releases)
		       : e;
}

static void stage(struct task *task)
{
	const struct removing *removing =
		CONTAINER(task, struct removing, task);
	enum err e;

	mutex_lock(&task->realm->acts);
	e = remove_locked(task);
	mutex_unlock(&task->realm->acts);
	if (e == ERR_OK)
		log_notice("user", "remove name=%s by=%s detail=-",
			   removing->user.name, removing->by);
	task_answer(task, e);
}

static enum err finish(struct call *call, struct task *task)
{
	struct removing *removing = CONTAINER(task, struct removing, task);
	const char *name = removing->user.name;

	if (task->result == ERR_LAST_ADMIN)
		return admins_refuse(call, removing->name);
	releases_tell(&removing->releases, task->realm);
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	call_say(call,
		 "%s is removed. Rooms that %s owned have gone to their "
		 "successors, or else to their ops of longest standing.",
		 name, name);
	return ERR_OK;
}

/* Also when the caller has gone meanwhile. */
static void drop(struct task *task)
{
	struct removing *removing = CONTAINER(task, struct removing, task);

	releases_tell(&removing->releases, task->realm);
}

static enum err cmd_users_remove(struct call *call)
{
	struct removing *removing = mem_zero(sizeof(*removing));

	caller_print_name(call->caller, removing->by);
	snprintf(removing->name, sizeof(removing->name), "%s", call->argv[0]);
	return task_start(call, &removing->task, TASK_JOBS, stage, finish,
			  drop);
}

const struct command commands_user_remove[] = {
	{ "users remove", 1, 1, ROLE_ADMIN, 0, cmd_users_remove, "NAME",
	  "forget a user" },
	{ 0 },
};
