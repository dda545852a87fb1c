/* Commands about the second factor. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/ending.h"
#include "command/enrolment.h"
#include "command/factor_text.h"
#include "command/families.h"
#include "command/login.h"
#include "command/proof.h"
#include "command/sign.h"
#include "command/task.h"
#include "log/log.h"

static void stage_show(struct task *task)
{
	struct factors *factors = task->realm->factors;
	struct factor_facts facts;
	enum err e = factors_look(factors, task->actor.user, &facts);

	if (e == ERR_OK) {
		buf_add_text(&task->text, "Your second factor is ");
		factor_text_state(&facts, &task->text);
		buf_add_text(&task->text, facts.is_on ? "."
						      : ". /factor on makes "
							"one.");
	}
	/* It was told now. */
	if (e == ERR_OK && facts.taken_by[0] != '\0')
		e = factors_forget_taken(factors, task->actor.user);
	task_answer(task, e == ERR_STORAGE_FULL ? ERR_OK : e);
}

static enum err cmd_factor(struct call *call)
{
	struct task *task = mem_zero(sizeof(*task));

	return task_start(call, task, TASK_JOBS, stage_show, NULL, NULL);
}

/* Something that is done to the own factor, by a code of it. */
struct change {
	struct task task;
	char name[NAME_MOST + 1];
	enum factor_use use;
	struct proof proof;
	struct user user;
	role_set need;  /* roles that need a factor */
	unsigned ended; /* other sessions */
};

static void change_drop(struct task *task)
{
	proof_fini(&CONTAINER(task, struct change, task)->proof);
}

/* Roles that need a factor count no more: in no session. */
static enum err lower(struct task *task, struct change *change)
{
	struct user *user = &change->user;
	enum err e = users_get(task->realm->users, task->actor.user, user);

	if (e == ERR_OK && (user->roles & change->need) != 0)
		change->ended =
			ending_post_others(task->realm, user->id, task->session,
					   ERR_SESSION_ENDED);
	return e;
}

static void stage_change(struct task *task)
{
	struct change *change = CONTAINER(task, struct change, task);
	enum err e = proof_try(&change->proof, task, task->actor.user,
			       change->name, change->use);

	if (e == ERR_OK && change->use == FACTOR_DROP)
		e = lower(task, change);
	task_answer(task, e);
}

static void finish_off(struct call *call, const struct change *change)
{
	const struct user *user = &change->user;

	caller_change_roles(call->caller,
			    role_in_effect(user->roles, change->need, false));
	call_say(call, "Your second factor is off.%s",
		 (user->roles & change->need) == 0
			 ? ""
			 : " Roles of yours that need one do not count until "
			   "you have one again.");
}

static void finish_codes(struct call *call, const struct change *change)
{
	AUTO(buf_wipe) struct buf lines = { 0 };

	factor_text_sheet(&change->proof.trial.sheet, &lines);
	call_say_lines(call, &lines);
}

static enum err finish_change(struct call *call, struct task *task)
{
	struct change *change = CONTAINER(task, struct change, task);

	if (task->result != ERR_OK)
		return proof_refuse(call, &change->proof, change->name,
				    task->result);
	if (change->use == FACTOR_DROP)
		finish_off(call, change);
	else
		finish_codes(call, change);
	return ERR_OK;
}

static enum err start_change(struct call *call, enum factor_use use)
{
	struct change *change = mem_zero(sizeof(*change));
	struct realm_settings settings;

	realm_settings(call->realm, &settings);
	change->need = settings.factor_roles;
	change->use = use;
	caller_print_name(call->caller, change->name);
	proof_read(&change->proof, call->argv[0]);
	return task_start(call, &change->task, TASK_JOBS, stage_change,
			  finish_change, change_drop);
}

static enum err cmd_factor_codes(struct call *call)
{
	return start_change(call, FACTOR_RENEW);
}

static enum err cmd_factor_off(struct call *call)
{
	return start_change(call, FACTOR_DROP);
}

/* An administrator helps somebody whose phone is lost. */
struct taking {
	struct task task;
	char name[NAME_MOST + 1];
	struct user user;
};

static enum err take(struct task *task, const struct user *user)
{
	struct audit_entry entry;
	enum err e;

	if (user->id == task->actor.user)
		return refusal_give(&task->why, ERR_NOT_ALLOWED,
				    "Your own goes by /factor off CODE.");
	sign_entry(&task->actor, "user.factor", &entry);
	AUDIT_SET(entry.target, user->name);
	AUDIT_SET(entry.detail, "off, by an administrator");
	e = factors_take(task->realm->factors, user->id, task->actor.name,
			 clock_wall_ms(), &entry);
	return e != ERR_NOT_FOUND
		       ? e
		       : refusal_give(&task->why, e, "%s has no second factor.",
				      user->name);
}

/* Who came in by it, perhaps with a phone that was found, goes. */
static void stage_take(struct task *task)
{
	struct taking *taking = CONTAINER(task, struct taking, task);
	struct user *user = &taking->user;
	enum err e = users_find(task->realm->users, taking->name, user);
	struct refusal why = { 0 };

	if (e == ERR_OK)
		e = take(task, user);
	if (e == ERR_OK) {
		log_notice("user", "factor off name=%s by=%s", user->name,
			   task->actor.name);
		(void)refusal_give(&why, ERR_SESSION_ENDED,
				   "%s has switched off your second factor.",
				   task->actor.name);
		ending_post_user_why(task->realm, user->id, ERR_SESSION_ENDED,
				     &why);
		buf_print(&task->text,
			  "The second factor of %s is off, which is told at "
			  "the next login.\n",
			  user->name);
	}
	task_answer(task, e);
}

static enum err cmd_users_factor(struct call *call)
{
	struct taking *taking;

	if (strcmp(call->argv[1], "off") != 0)
		return call_usage(call);
	taking = mem_zero(sizeof(*taking));
	(void)snprintf(taking->name, sizeof(taking->name), "%s", call->argv[0]);
	return task_start(call, &taking->task, TASK_JOBS, stage_take, NULL,
			  NULL);
}

const struct command commands_factor[] = {
	{ "factor", 0, 0, ROLE_USER, COMMAND_PERSON, cmd_factor, "",
	  "is your second factor on? how many recovery codes are left?" },
	{ "factor on", 0, 1, ROLE_USER, COMMAND_REST | COMMAND_PERSON,
	  cmd_factor_on, "[PASSWORD]",
	  "begin to have a second factor, in an authenticator app" },
	{ "factor confirm", 1, 1, ROLE_USER, COMMAND_REST | COMMAND_PERSON,
	  cmd_factor_confirm, "CODE", "switch it on, by a code of the app" },
	{ "factor codes", 1, 1, ROLE_USER, COMMAND_REST | COMMAND_PERSON,
	  cmd_factor_codes, "CODE", "new recovery codes in place of the old" },
	{ "factor off", 1, 1, ROLE_USER, COMMAND_REST | COMMAND_PERSON,
	  cmd_factor_off, "CODE", "switch it off" },
	{ "code", 1, 1, 0, COMMAND_REST, cmd_code, "CODE",
	  "the code of your second factor, when it is asked for" },
	{ "users factor", 2, 2, ROLE_ADMIN, 0, cmd_users_factor, "NAME off",
	  "switch off a second factor: the phone is lost" },
	{ 0 },
};
