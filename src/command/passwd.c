/* A user's own change of the password. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/ending.h"
#include "command/login.h"
#include "command/sign.h"
#include "command/task.h"
#include "crypto/password.h"
#include "crypto/secret.h"

struct change {
	struct task task;
	char name[NAME_MOST + 1];
	struct secret *before;
	struct secret *after;
	struct user_settings settings;
	struct user user;
	char hash[PASSWORD_HASH_MOST];
	bool is_same;   /* it is what it was before */
	unsigned ended; /* other sessions */
};

static void change_drop(struct task *task)
{
	struct change *change = CONTAINER(task, struct change, task);

	secret_free(&change->before);
	secret_free(&change->after);
}

static enum err replace_hash(struct user *user, void *arg)
{
	struct change *change = arg;

	if (strcmp(user->hash, change->user.hash) != 0)
		return ERR_BAD_LOGIN;
	/* The same again is still what somebody else has chosen. */
	if (change->is_same)
		memcpy(user->hash, change->hash, sizeof(user->hash));
	else
		user_set_hash(user, change->hash, user->id, clock_wall_ms());
	return ERR_OK;
}

static void stage_replace(struct task *task)
{
	struct change *change = CONTAINER(task, struct change, task);
	struct audit_entry entry;
	enum err e;

	sign_entry(&task->actor, "user.password", &entry);
	e = users_edit(task->realm->users, change->user.id, replace_hash,
		       change, &entry, NULL);
	/* Whoever came in by the old password does not stay. */
	if (e == ERR_OK)
		change->ended =
			ending_post_others(task->realm, change->user.id,
					   task->session, ERR_SESSION_ENDED);
	task_answer(task, e);
}

static void stage_hash(struct task *task)
{
	struct change *change = CONTAINER(task, struct change, task);
	const struct user_settings *settings = &change->settings;

	if (!password_verify(change->before, change->user.hash)) {
		task_answer(task, ERR_BAD_LOGIN);
		return;
	}
	password_hash(change->after,
		      (enum password_method)settings->password_hash,
		      (int)settings->password_cost, change->hash);
	task_next(task, TASK_JOBS, stage_replace);
}

static void stage_get(struct task *task)
{
	struct change *change = CONTAINER(task, struct change, task);
	enum err e = users_get(task->realm->users, person_user(task->person),
			       &change->user);

	if (e == ERR_OK)
		task_next(task, TASK_HASHERS, stage_hash);
	else
		task_answer(task, e);
}

static enum err finish_passwd(struct call *call, struct task *task)
{
	struct change *change = CONTAINER(task, struct change, task);

	if (task->result != ERR_OK)
		sign_counted(call->caller, "user.password", NULL, task->result);
	if (task->result == ERR_BAD_LOGIN)
		return login_refuse_wrong(call, change->name);
	if (task->result != ERR_OK)
		return call_fail(call, task->result);
	lockout_clear(call->realm->lockout, change->name, call->caller->site);
	if (change->ended == 0)
		call_say(call, "Password changed.");
	else
		call_say(call, "Password changed. %u other session%s ended.",
			 change->ended, change->ended == 1 ? " was" : "s were");
	return ERR_OK;
}

enum err cmd_passwd(struct call *call)
{
	struct caller *caller = call->caller;
	struct realm_settings settings;
	char name[NAME_MOST + 1];
	struct change *change;
	int64_t wait_s;
	enum err e;

	caller_print_name(caller, name);
	if (call->argc < 2)
		return login_ask(call, name);
	e = login_check_password(call, name, call->argv[1]);
	if (e != ERR_OK)
		return e;
	wait_s = lockout_try(call->realm->lockout, name, caller->site);
	if (wait_s > 0) {
		sign_counted(caller, "user.password", NULL, ERR_LOCKED_OUT);
		return login_refuse_locked(call, wait_s);
	}
	realm_settings(call->realm, &settings);
	change = mem_zero(sizeof(*change));
	change->settings = settings.users;
	memcpy(change->name, name, sizeof(name));
	change->before = secret_new(call->argv[0], strlen(call->argv[0]));
	change->after = secret_new(call->argv[1], strlen(call->argv[1]));
	change->is_same = secret_equal(change->before, change->after);
	return task_start(call, &change->task, TASK_JOBS, stage_get,
			  finish_passwd, change_drop);
}
