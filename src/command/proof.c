#include "command/proof.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/login.h"
#include "command/sign.h"

enum { RECOVERY_FEW = 3, MINUTE_MS = 60 * 1000 };

void proof_read(struct proof *proof, const char *text)
{
	memset(proof, 0, sizeof(*proof));
	proof->is_given = text[0] != '\0';
	proof->is_code = code_read(text, &proof->code);
}

void proof_fini(struct proof *proof)
{
	mem_wipe(proof, sizeof(*proof));
}

enum err proof_try(struct proof *proof, struct task *task, user_id user,
		   const char *name, enum factor_use use)
{
	struct audit_entry entry;
	const struct factor_proof asked = {
		.user = user,
		.code = &proof->code,
		.now_ms = clock_wall_ms(),
		.use = use,
		.entry = &entry,
	};

	if (!proof->is_code)
		return ERR_BAD_CODE;
	sign_entry(&task->actor, "user.factor", &entry);
	/* Before the login nobody is known. */
	AUDIT_SET(entry.actor, name);
	AUDIT_SET(entry.target, name);
	entry.user = user;
	return factors_try(task->realm->factors, &asked, &proof->trial);
}

static enum err refuse_wait(struct call *call, int64_t wait_ms)
{
	int64_t minutes = (wait_ms + MINUTE_MS - 1) / MINUTE_MS;

	return call_refuse(call, ERR_LOCKED_OUT,
			   "Too many codes were wrong. Try again in %" PRId64
			   " minute%s, or use a recovery code.",
			   minutes, minutes == 1 ? "" : "s");
}

static enum err refuse(struct call *call, const struct proof *proof,
		       const char *name, enum err e)
{
	switch (e) {
	case ERR_BAD_CODE:
		return login_refuse_attempt(
			call, name, e,
			proof->trial.was_used
				? "That code, or a newer one, was used "
				  "already: each is good once. Wait for the "
				  "next. "
				: "");
	case ERR_LOCKED_OUT:
		return refuse_wait(call, proof->trial.wait_ms);
	case ERR_STORAGE_FULL:
		return call_refuse(call, e,
				   "The server's disk is full: a code cannot "
				   "be used up, so none is taken now. The "
				   "administrator must make room.");
	case ERR_NOT_FOUND:
		return call_refuse(call, e, "You have no second factor. %s",
				   call->caller->ops->ways[WAY_FACTOR]);
	case ERR_INTERNAL:
		return call_refuse(call, e,
				   "Your second factor cannot be looked at "
				   "now. Use a recovery code, or ask an "
				   "administrator.");
	default:
		return call_fail(call, e);
	}
}

enum err proof_refuse(struct call *call, const struct proof *proof,
		      const char *name, enum err e)
{
	if (e == ERR_BAD_CODE || e == ERR_LOCKED_OUT)
		sign_counted(call->caller, "user.code", name, e);
	return refuse(call, proof, name, e);
}

void proof_tell(struct call *call, const struct proof *proof)
{
	const struct factor_trial *trial = &proof->trial;
	char when[CLOCK_TEXT];

	clock_print(trial->wrong_ms, when);
	if (trial->wrong > 0)
		call_say(call,
			 "%u code%s before this one %s wrong, the last at %s. "
			 "If that was not you, somebody knows your password: "
			 "/passwd changes it.",
			 trial->wrong, trial->wrong == 1 ? "" : "s",
			 trial->wrong == 1 ? "was" : "were", when);
	if (trial->is_recovery || trial->recovery_left <= RECOVERY_FEW)
		call_say(call,
			 "You have %u recovery code%s left; /factor codes CODE "
			 "makes new ones.",
			 trial->recovery_left,
			 trial->recovery_left == 1 ? "" : "s");
}
