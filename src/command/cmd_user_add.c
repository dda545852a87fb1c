/* A user made by an administrator, also where registration is closed. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/arrivals.h"
#include "command/families.h"
#include "command/login.h"
#include "command/main_account.h"
#include "command/sign.h"
#include "command/task.h"
#include "crypto/password.h"
#include "log/log.h"

struct adding {
	struct task task;
	char by[NAME_MOST + 1];
	struct secret *password;
	struct user_settings settings;
	struct user user;
	struct arrival arrival;
};

static void drop(struct task *task)
{
	struct adding *adding = CONTAINER(task, struct adding, task);

	arrivals_end(task->realm->arrivals, &adding->arrival);
	secret_free(&adding->password);
}

/* The name is nobody's: no user's, no guest's, and not about to be one's. */
static enum err claim(struct task *task)
{
	struct adding *adding = CONTAINER(task, struct adding, task);
	struct person *person;
	enum err e = arrivals_claim(task->realm->arrivals, &adding->arrival,
				    adding->user.name);

	if (e != ERR_OK)
		return e;
	person = chat_person(task->realm->chat, adding->user.name);
	e = person == NULL ? ERR_OK : ERR_NAME_TAKEN;
	person_unref(&person);
	return e;
}

static void stage_add(struct task *task)
{
	struct adding *adding = CONTAINER(task, struct adding, task);
	struct audit_entry entry;
	enum err e = claim(task);

	sign_entry(&task->actor, "user.add", &entry);
	if (e == ERR_OK)
		e = users_add(task->realm->users, &adding->user, &entry);
	if (e == ERR_OK)
		e = main_account_ensure(task->realm, &task->actor,
					adding->user.id, adding->user.name);
	task_answer(task, e);
}

static void stage_hash(struct task *task)
{
	struct adding *adding = CONTAINER(task, struct adding, task);
	user_id by = task->actor.user;
	char hash[PASSWORD_HASH_MOST];

	password_hash(adding->password,
		      (enum password_method)adding->settings.password_hash,
		      (int)adding->settings.password_cost, hash);
	user_set_hash(&adding->user, hash, by != 0 ? by : USER_CONSOLE,
		      clock_wall_ms());
	task_next(task, TASK_JOBS, stage_add);
}

static enum err finish(struct call *call, struct task *task)
{
	const struct adding *adding = CONTAINER(task, struct adding, task);

	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	log_notice("user", "add name=%s by=%s", adding->user.name, adding->by);
	call_say(call,
		 "%s is a user now, and may change the password by "
		 "/passwd.",
		 adding->user.name);
	return ERR_OK;
}

static enum err cmd_users_add(struct call *call)
{
	struct realm_settings settings;
	struct adding *adding;
	enum err e;

	e = call_check_name(call, call->argv[0]);
	if (e == ERR_OK)
		e = login_check_password(call, call->argv[0], call->argv[1]);
	if (e != ERR_OK)
		return e;
	realm_settings(call->realm, &settings);
	adding = mem_zero(sizeof(*adding));
	arrival_init(&adding->arrival);
	caller_print_name(call->caller, adding->by);
	adding->settings = settings.users;
	adding->password = secret_new(call->argv[1], strlen(call->argv[1]));
	snprintf(adding->user.name, sizeof(adding->user.name), "%s",
		 call->argv[0]);
	adding->user.roles = ROLE_GUEST | ROLE_USER;
	adding->user.state = USER_ACTIVE;
	return task_start(call, &adding->task, TASK_HASHERS, stage_hash, finish,
			  drop);
}

const struct command commands_user_add[] = {
	{ "users add", 2, 2, ROLE_ADMIN, COMMAND_REST, cmd_users_add,
	  "NAME PASSWORD", "make a user" },
	{ 0 },
};
