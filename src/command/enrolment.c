#include "command/enrolment.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/ending.h"
#include "command/factor_text.h"
#include "command/login.h"
#include "command/proof.h"
#include "command/sign.h"
#include "command/task.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "user/factor/factors.h"

/*
 * Who has come to a terminal that was left open must not lock its owner out:
 * so the password is asked for.
 */
struct offer {
	struct task task;
	char name[NAME_MOST + 1];
	char server[65];
	struct secret *password;
	struct user user;
	struct enrolment *enrolment;
};

void enrolment_free(struct enrolment **enrolment)
{
	if (*enrolment != NULL)
		mem_wipe(*enrolment, sizeof(**enrolment));
	mem_free(*enrolment);
	*enrolment = NULL;
}

static void offer_drop(struct task *task)
{
	struct offer *offer = CONTAINER(task, struct offer, task);

	secret_free(&offer->password);
	enrolment_free(&offer->enrolment);
}

static enum err refuse_have(struct task *task)
{
	return refusal_give(&task->why, ERR_EXISTS,
			    "You have a second factor. For another one, first "
			    "/factor off CODE.");
}

static void stage_make(struct task *task)
{
	struct offer *offer = CONTAINER(task, struct offer, task);

	if (!password_verify(offer->password, offer->user.hash)) {
		task_answer(task, ERR_BAD_LOGIN);
		return;
	}
	offer->enrolment = mem_zero(sizeof(*offer->enrolment));
	offer->enrolment->since_ms = clock_mono_ms();
	random_bytes(offer->enrolment->secret, TOTP_SECRET);
	factor_text_offer(offer->server, offer->name, offer->enrolment->secret,
			  &task->text);
	task_answer(task, ERR_OK);
}

static void stage_look(struct task *task)
{
	struct offer *offer = CONTAINER(task, struct offer, task);
	struct factor_facts facts;
	enum err e =
		users_get(task->realm->users, task->actor.user, &offer->user);

	if (e == ERR_OK)
		e = factors_look(task->realm->factors, task->actor.user,
				 &facts);
	if (e == ERR_OK && facts.is_on)
		e = refuse_have(task);
	if (e == ERR_OK)
		task_next(task, TASK_HASHERS, stage_make);
	else
		task_answer(task, e);
}

static enum err finish_offer(struct call *call, struct task *task)
{
	struct offer *offer = CONTAINER(task, struct offer, task);
	struct caller *caller = call->caller;

	if (task->result == ERR_BAD_LOGIN) {
		sign_counted(caller, "user.factor", NULL, task->result);
		return login_refuse_wrong(call, offer->name);
	}
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	lockout_clear(call->realm->lockout, offer->name, caller->site);
	enrolment_free(&caller->enrolment);
	caller->enrolment = offer->enrolment;
	offer->enrolment = NULL;
	call_say_lines(call, &task->text);
	return ERR_OK;
}

enum err cmd_factor_on(struct call *call)
{
	struct caller *caller = call->caller;
	struct realm_settings settings;
	char name[NAME_MOST + 1];
	struct offer *offer;
	int64_t wait_s;

	caller_print_name(caller, name);
	if (!factors_have_key(call->realm->factors))
		return call_refuse(call, ERR_NOT_ALLOWED,
				   "There are no second factors here: an "
				   "administrator must make the key first.");
	if (call->argc < 1)
		return login_ask(call, name);
	wait_s = lockout_try(call->realm->lockout, name, caller->site);
	if (wait_s > 0) {
		sign_counted(caller, "user.factor", NULL, ERR_LOCKED_OUT);
		return login_refuse_locked(call, wait_s);
	}
	realm_settings(call->realm, &settings);
	offer = mem_zero(sizeof(*offer));
	memcpy(offer->name, name, sizeof(name));
	(void)snprintf(offer->server, sizeof(offer->server), "%s",
		       settings.name);
	offer->password = secret_new(call->argv[0], strlen(call->argv[0]));
	return task_start(call, &offer->task, TASK_JOBS, stage_look,
			  finish_offer, offer_drop);
}

/* The way back: the code that shows that the app has the secret. */
struct confirm {
	struct task task;
	char name[NAME_MOST + 1];
	struct enrolment enrolment;
	struct proof proof;
	struct user user;
	unsigned ended; /* other sessions */
};

static void confirm_drop(struct task *task)
{
	struct confirm *confirm = CONTAINER(task, struct confirm, task);

	mem_wipe(&confirm->enrolment, sizeof(confirm->enrolment));
	proof_fini(&confirm->proof);
}

static enum err enrol(struct task *task, struct confirm *confirm)
{
	const struct factor_offer offer = {
		.user = task->actor.user,
		.secret = confirm->enrolment.secret,
		.code = &confirm->proof.code,
		.now_ms = clock_wall_ms(),
	};
	struct audit_entry entry;

	if (!confirm->proof.is_code)
		return ERR_BAD_CODE;
	sign_entry(&task->actor, "user.factor", &entry);
	AUDIT_SET(entry.target, confirm->name);
	AUDIT_SET(entry.detail, "on");
	return factors_enrol(task->realm->factors, &offer, &entry,
			     &confirm->proof.trial.sheet);
}

static void stage_confirm(struct task *task)
{
	struct confirm *confirm = CONTAINER(task, struct confirm, task);
	enum err e = enrol(task, confirm);

	if (e == ERR_EXISTS)
		e = refuse_have(task);
	if (e == ERR_OK)
		e = users_get(task->realm->users, task->actor.user,
			      &confirm->user);
	/* Whoever came in by the password alone does not stay. */
	if (e == ERR_OK)
		confirm->ended =
			ending_post_others(task->realm, task->actor.user,
					   task->session, ERR_SESSION_ENDED);
	task_answer(task, e);
}

static void tell_on(struct call *call, const struct confirm *confirm)
{
	AUTO(buf_wipe) struct buf lines = { 0 };

	if (confirm->ended == 0)
		call_say(call, "Your second factor is on.");
	else
		call_say(call,
			 "Your second factor is on. %u other session%s ended.",
			 confirm->ended,
			 confirm->ended == 1 ? " was" : "s were");
	factor_text_sheet(&confirm->proof.trial.sheet, &lines);
	call_say_lines(call, &lines);
}

static enum err finish_confirm(struct call *call, struct task *task)
{
	struct confirm *confirm = CONTAINER(task, struct confirm, task);

	if (task->result == ERR_BAD_CODE)
		return call_refuse(call, task->result,
				   "That is not the code of this secret now. "
				   "Is the clock of your phone right?");
	if (task->result != ERR_OK)
		return call_refuse_why(call, task->result, &task->why);
	enrolment_free(&call->caller->enrolment);
	caller_change_roles(call->caller, confirm->user.roles);
	tell_on(call, confirm);
	return ERR_OK;
}

enum err cmd_factor_confirm(struct call *call)
{
	struct caller *caller = call->caller;
	const struct enrolment *enrolment = caller->enrolment;
	struct confirm *confirm;

	if (enrolment == NULL ||
	    clock_mono_ms() - enrolment->since_ms >
		    (int64_t)ENROLMENT_MINUTES * 60 * 1000) {
		enrolment_free(&caller->enrolment);
		return call_refuse(call, ERR_NOT_FOUND,
				   "There is nothing to confirm: first "
				   "/factor on.");
	}
	confirm = mem_zero(sizeof(*confirm));
	caller_print_name(caller, confirm->name);
	confirm->enrolment = *enrolment;
	proof_read(&confirm->proof, call->argv[0]);
	return task_start(call, &confirm->task, TASK_JOBS, stage_confirm,
			  finish_confirm, confirm_drop);
}
