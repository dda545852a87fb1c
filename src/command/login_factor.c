/* The second factor at a login: asked for, looked at, told about. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/login.h"
#include "command/login_fields.h"
#include "command/pledge.h"
#include "user/factor/factors.h"

/* A login whose password was right; its code is still to come. */
struct half_login {
	char name[NAME_MOST + 1]; /* as it was given */
	struct user user;         /* as the password was verified */
	char hash[PASSWORD_HASH_MOST];
	bool was_tried; /* a code was given, and was wrong */
};

void half_login_free(struct half_login **half)
{
	if (*half != NULL)
		mem_wipe(*half, sizeof(**half));
	mem_free(*half);
	*half = NULL;
}

enum err login_check_factor(struct login *login)
{
	struct task *task = &login->task;
	enum err e = factors_look(task->realm->factors, login->user.id,
				  &login->factor);

	if (e != ERR_OK || !login->factor.is_on)
		return e;
	if (!login->proof.is_given)
		return ERR_CODE_REQUIRED;
	e = proof_try(&login->proof, task, login->user.id, login->user.name,
		      FACTOR_PROVE);
	if (e == ERR_NOT_FOUND) { /* it was switched off just now */
		login->factor.is_on = false;
		return ERR_OK;
	}
	login->is_proof_refused = e != ERR_OK;
	return e;
}

static void keep_half(struct caller *caller, const struct login *login)
{
	struct half_login *half = mem_zero(sizeof(*half));

	half_login_free(&caller->half);
	memcpy(half->name, login->name, sizeof(half->name));
	half->user = login->user;
	memcpy(half->hash, login->hash, sizeof(half->hash));
	half->was_tried = login->proof.is_given;
	caller->half = half;
}

enum err login_ask_code(struct call *call, struct login *login)
{
	keep_half(call->caller, login);
	if (login->is_proof_refused)
		return proof_refuse(call, &login->proof, login->name,
				    login->task.result);
	return call_refuse(call, ERR_CODE_REQUIRED,
			   "Now the six digits of your second factor, or a "
			   "recovery code%s.",
			   login->has_rooms ? ": /code CODE" : "");
}

/*
 * The password's turn is that of the first code, too; whoever tries another one
 * waits as for another password.
 */
enum err login_give_code(struct call *call, const char *code)
{
	struct caller *caller = call->caller;
	struct half_login *half = caller->half;
	struct login *login;
	int64_t wait_s = 0;

	if (half == NULL)
		return call_fail(call, ERR_LOGIN_REQUIRED);
	if (half->was_tried)
		wait_s = lockout_try(call->realm->lockout, half->name,
				     caller->site);
	if (wait_s > 0)
		return login_refuse_locked(call, wait_s);
	login = login_new(call, half->name, NULL, code);
	login->user = half->user;
	memcpy(login->hash, half->hash, sizeof(login->hash));
	half_login_free(&caller->half);
	return login_go_on(call, login);
}

void login_tell_factor(struct call *call, const struct login *login)
{
	const struct factor_facts *facts = &login->factor;
	AUTO(buf_fini) struct buf roles = { 0 };
	char when[CLOCK_TEXT];

	if (facts->is_on)
		proof_tell(call, &login->proof);
	clock_print(facts->since_ms, when);
	if (!facts->is_on && facts->taken_by[0] != '\0')
		call_say(call,
			 "%s has switched off your second factor, %s. /factor "
			 "on makes another; /factor ends this notice.",
			 facts->taken_by, when);
	role_print(&roles, login->withheld);
	if (login->withheld != 0)
		call_say(call,
			 "You are here as a user only: what you are besides "
			 "(%s) needs a second factor. /factor on makes one.",
			 buf_text(&roles));
}

enum err cmd_code(struct call *call)
{
	if (!caller_is_known(call->caller))
		return login_give_code(call, call->argv[0]);
	return pledge_redeem(call, call->argv[0]);
}
