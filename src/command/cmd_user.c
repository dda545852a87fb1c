/* Commands for administrators about users. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/admins.h"
#include "command/ending.h"
#include "command/factor_text.h"
#include "command/families.h"
#include "command/login.h"
#include "command/sign.h"
#include "command/task.h"
#include "crypto/password.h"
#include "log/log.h"

enum { USERS_LISTED = 1000 };

/* An act on one user. */
struct act {
	struct task task;
	char by[NAME_MOST + 1];
	char name[NAME_MOST + 1];
	char other[NAME_MOST + 1]; /* the new name, or the role's word */
	const char *action;        /* static: "user.role" and so on */
	enum user_state state;
	enum role role;
	bool is_grant;
	bool ends_sessions;
	struct secret *password;
	char hash[PASSWORD_HASH_MOST];
	struct user_settings settings;
	struct user user;
	users_edit_fn *edit;
	unsigned listed;
};

static void act_drop(struct task *task)
{
	secret_free(&CONTAINER(task, struct act, task)->password);
}

static struct act *act_new(struct call *call, const char *action)
{
	struct act *act = mem_zero(sizeof(*act));

	act->action = action;
	caller_print_name(call->caller, act->by);
	if (call->argc > 0)
		snprintf(act->name, sizeof(act->name), "%s", call->argv[0]);
	if (call->argc > 1)
		snprintf(act->other, sizeof(act->other), "%s", call->argv[1]);
	return act;
}

static bool list_user(const struct user *user, void *arg)
{
	struct task *task = arg;
	struct act *act = CONTAINER(task, struct act, task);

	if (act->name[0] != '\0' && strcasestr(user->name, act->name) == NULL)
		return true;
	if (act->listed++ == USERS_LISTED) {
		buf_add_text(&task->text, "… and more: name a part of the "
					  "name.\n");
		return false;
	}
	buf_print(&task->text, "%s ", user->name);
	role_print(&task->text, user->roles);
	if (user->state != USER_ACTIVE)
		buf_print(&task->text, " (%s)", user_state_word(user->state));
	buf_add_char(&task->text, '\n');
	return true;
}

static void stage_list(struct task *task)
{
	enum err e = users_walk(task->realm->users, list_user, task);

	if (e == ERR_OK && buf_len(&task->text) == 0)
		buf_add_text(&task->text, "There are no such users.");
	task_answer(task, e);
}

static enum err cmd_users(struct call *call)
{
	struct act *act = act_new(call, "user.list");

	return task_start(call, &act->task, TASK_JOBS, stage_list, NULL,
			  act_drop);
}

static void print_when(struct buf *out, const char *words, int64_t wall_ms)
{
	char when[CLOCK_TEXT];

	clock_print(wall_ms, when);
	buf_print(out, "%s: %s\n", words, wall_ms == 0 ? "never" : when);
}

static void print_giver(struct task *task, const struct user *user)
{
	char when[CLOCK_TEXT];
	const char *giver = "somebody who is removed";
	struct user by;

	if (user->password_by == USER_CONSOLE)
		giver = "the console";
	else if (users_get(task->realm->users, user->password_by, &by) ==
		 ERR_OK)
		giver = by.name;
	clock_print(user->password_ms, when);
	buf_print(&task->text, "password: given by %s, %s; %s\n", giver, when,
		  user->password_own_ms != 0 ? "changed since"
					     : "not changed since");
}

static void print_user(struct task *task, const struct user *user)
{
	struct buf *out = &task->text;

	buf_print(out, "name: %s\nnumber: %" PRIu64 "\nroles: ", user->name,
		  user->id);
	role_print(out, user->roles);
	buf_print(out, "\nstate: %s\n", user_state_word(user->state));
	print_when(out, "registered", user->created_ms);
	print_when(out, "last login", user->last_login_ms);
	if (user->password_by != 0)
		print_giver(task, user);
	if (user->last_address[0] != '\0')
		buf_print(out, "from: %s\n", user->last_address);
}

static void stage_show(struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);
	enum err e = users_find(task->realm->users, act->name, &act->user);

	if (e == ERR_OK)
		print_user(task, &act->user);
	if (e == ERR_OK)
		e = factor_text_print(task, act->user.id);
	task_answer(task, e);
}

static enum err cmd_users_show(struct call *call)
{
	struct act *act = act_new(call, "user.show");

	return task_start(call, &act->task, TASK_JOBS, stage_show, NULL,
			  act_drop);
}

static void sign(const struct act *act, struct audit_entry *entry_r)
{
	sign_entry(&act->task.actor, act->action, entry_r);
	AUDIT_SET(entry_r->detail, act->other);
}

static void log_act(const struct act *act)
{
	log_notice("user", "%s name=%s by=%s detail=%s",
		   act->action + strlen("user."), act->user.name, act->by,
		   act->other[0] != '\0' ? act->other : "-");
}

/* Changes the user and tells; what the sessions notice comes after. */
static enum err edit(struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);
	struct audit_entry entry;
	enum err e;

	sign(act, &entry);
	e = users_edit(task->realm->users, act->user.id, act->edit, act, &entry,
		       &act->user);
	if (e != ERR_OK)
		return e;
	log_act(act);
	if (act->ends_sessions)
		ending_post_user(task->realm, act->user.id,
				 act->user.state == USER_ACTIVE
					 ? ERR_SESSION_ENDED
					 : ERR_DISABLED);
	return ERR_OK;
}

static void stage_edit(struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);
	enum err e = users_find(task->realm->users, act->name, &act->user);

	task_answer(task, e == ERR_OK ? edit(task) : e);
}

static enum err finish_edit(struct call *call, struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);
	AUTO(buf_fini) struct buf roles = { 0 };

	if (task->result == ERR_LAST_ADMIN)
		return admins_refuse(call, act->name);
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	role_print(&roles, act->user.roles);
	call_say(call, "%s: %s, %s.%s", act->user.name,
		 user_state_word(act->user.state), buf_text(&roles),
		 act->is_grant ? " That counts from the next login." : "");
	return ERR_OK;
}

static enum err edit_state(struct user *user, void *arg)
{
	const struct act *act = arg;

	if (user->state == act->state)
		return ERR_EXISTS;
	user->state = act->state;
	return ERR_OK;
}

static enum err start_state(struct call *call, const char *action,
			    enum user_state state)
{
	struct act *act = act_new(call, action);

	act->state = state;
	act->ends_sessions = state != USER_ACTIVE;
	act->edit = edit_state;
	return task_start(call, &act->task, TASK_JOBS, stage_edit, finish_edit,
			  act_drop);
}

static enum err cmd_users_approve(struct call *call)
{
	return start_state(call, "user.approve", USER_ACTIVE);
}

static enum err cmd_users_enable(struct call *call)
{
	return start_state(call, "user.enable", USER_ACTIVE);
}

static enum err lower_locked(struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);
	enum err e = users_find(task->realm->users, act->name, &act->user);

	if (e == ERR_OK)
		e = admins_check(task->realm, &act->user);
	return e == ERR_OK ? edit(task) : e;
}

static void stage_lower(struct task *task)
{
	enum err e;

	mutex_lock(&task->realm->acts);
	e = lower_locked(task);
	mutex_unlock(&task->realm->acts);
	task_answer(task, e);
}

static enum err cmd_users_disable(struct call *call)
{
	struct act *act = act_new(call, "user.disable");

	act->state = USER_DISABLED;
	act->ends_sessions = true;
	act->edit = edit_state;
	return task_start(call, &act->task, TASK_JOBS, stage_lower, finish_edit,
			  act_drop);
}

static enum err edit_roles(struct user *user, void *arg)
{
	const struct act *act = arg;
	role_set before = user->roles;

	if (act->is_grant)
		user->roles |= (role_set)act->role;
	else
		user->roles &= ~(role_set)act->role;
	return user->roles == before ? ERR_EXISTS : ERR_OK;
}

/* "users role NAME +admin" and "-admin". */
static enum err cmd_users_role(struct call *call)
{
	const char *word = call->argv[1];
	enum role role = word[0] == '+' || word[0] == '-' ? role_parse(word + 1)
							  : (enum role)0;
	struct act *act;

	if (role == (enum role)0 || role == ROLE_GUEST || role == ROLE_USER)
		return call_usage(call);
	act = act_new(call, "user.role");
	act->role = role;
	act->is_grant = word[0] == '+';
	act->ends_sessions = !act->is_grant; /* rights end with them */
	act->edit = edit_roles;
	return task_start(call, &act->task, TASK_JOBS,
			  !act->is_grant && role == ROLE_ADMIN ? stage_lower
							       : stage_edit,
			  finish_edit, act_drop);
}

static enum err edit_name(struct user *user, void *arg)
{
	const struct act *act = arg;

	memcpy(user->name, act->other, sizeof(user->name));
	return ERR_OK;
}

/* Whoever is here under the old name is told, and seen, under the new one. */
static void rename_person(struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);
	struct realm *realm = task->realm;
	struct person *person = chat_person(realm->chat, act->name);
	enum err e = ERR_OK;

	if (person != NULL && person_user(person) == act->user.id)
		e = chat_rename(realm->chat, person, act->other);
	if (e == ERR_OK)
		directory_rename(realm->directory, act->user.id, task->session,
				 act->other);
	else /* a guest has the name: the next login settles it */
		ending_post_user(realm, act->user.id, ERR_SESSION_ENDED);
	person_unref(&person);
}

static enum err rename_locked(struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);
	struct arrivals *arrivals = task->realm->arrivals;
	enum err e = users_find(task->realm->users, act->name, &act->user);
	struct arrival bar;

	if (e != ERR_OK)
		return e;
	/* Until the person has the name that the record has. */
	arrival_init(&bar);
	arrivals_bar(arrivals, &bar, act->user.id, ERR_SESSION_ENDED);
	e = edit(task);
	if (e == ERR_OK)
		rename_person(task);
	arrivals_end(arrivals, &bar);
	return e;
}

static void stage_rename(struct task *task)
{
	enum err e;

	mutex_lock(&task->realm->acts);
	e = rename_locked(task);
	mutex_unlock(&task->realm->acts);
	task_answer(task, e);
}

static enum err finish_rename(struct call *call, struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);

	if (task->result != ERR_OK)
		return finish_edit(call, task);
	call_say(call, "%s is %s now, with all rooms and roles.", act->name,
		 act->other);
	return ERR_OK;
}

static enum err cmd_users_rename(struct call *call)
{
	enum err e = call_check_name(call, call->argv[1]);
	struct act *act = e == ERR_OK ? act_new(call, "user.rename") : NULL;

	if (act == NULL)
		return e;
	act->edit = edit_name;
	return task_start(call, &act->task, TASK_JOBS, stage_rename,
			  finish_rename, act_drop);
}

static enum err edit_hash(struct user *user, void *arg)
{
	const struct act *act = arg;
	user_id by = act->task.actor.user;

	user_set_hash(user, act->hash, by != 0 ? by : USER_CONSOLE,
		      clock_wall_ms());
	return ERR_OK;
}

static void stage_hash(struct task *task)
{
	struct act *act = CONTAINER(task, struct act, task);

	password_hash(act->password,
		      (enum password_method)act->settings.password_hash,
		      (int)act->settings.password_cost, act->hash);
	task_next(task, TASK_JOBS, stage_edit);
}

static enum err cmd_users_password(struct call *call)
{
	struct realm_settings settings;
	enum err e = login_check_password(call, call->argv[0], call->argv[1]);
	struct act *act;

	if (e != ERR_OK)
		return e;
	act = act_new(call, "user.password");
	act->other[0] = '\0'; /* never a part of it in the log */
	realm_settings(call->realm, &settings);
	act->settings = settings.users;
	act->password = secret_new(call->argv[1], strlen(call->argv[1]));
	act->ends_sessions = true;
	act->edit = edit_hash;
	return task_start(call, &act->task, TASK_HASHERS, stage_hash,
			  finish_edit, act_drop);
}

const struct command commands_user[] = {
	{ "users", 0, 1, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_users, "[PART]",
	  "list the users, or those whose name has this part" },
	{ "users show", 1, 1, ROLE_ADMIN | ROLE_AUDITOR, 0, cmd_users_show,
	  "NAME", "what is known of a user" },
	{ "users approve", 1, 1, ROLE_ADMIN, 0, cmd_users_approve, "NAME",
	  "let a registered user in" },
	{ "users disable", 1, 1, ROLE_ADMIN, 0, cmd_users_disable, "NAME",
	  "end a user's sessions and let nobody log in" },
	{ "users enable", 1, 1, ROLE_ADMIN, 0, cmd_users_enable, "NAME",
	  "let a disabled user in again" },
	{ "users rename", 2, 2, ROLE_ADMIN, 0, cmd_users_rename, "NAME NEWNAME",
	  "give a user another name" },
	{ "users role", 2, 2, ROLE_ADMIN, 0, cmd_users_role, "NAME +ROLE|-ROLE",
	  "grant or take a role" },
	{ "users password", 2, 2, ROLE_ADMIN, COMMAND_REST, cmd_users_password,
	  "NAME PASSWORD", "give a user a new password" },
	{ 0 },
};
