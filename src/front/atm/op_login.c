/* Ops about who one is. */
#include "command/login.h"
#include "front/atm/op.h"

static enum err run_signup(struct call *call, struct atm_session *as)
{
	const struct request *r = as->request;

	return register_start(call, r->user, r->password->bytes);
}

static enum err run_login(struct call *call, struct atm_session *as)
{
	const struct request *r = as->request;

	return login_start(call, r->user, r->password->bytes,
			   r->code != NULL ? r->code->bytes : NULL);
}

static enum err run_logout(struct call *call, struct atm_session *as)
{
	(void)as;
	caller_leave(call->caller, ERR_OK);
	return ERR_OK;
}

const struct op ops_login[] = {
	{ "signup", "user password", true, run_signup },
	{ "login", "user password code?", true, run_login },
	{ "logout", "", false, run_logout },
	{ 0 },
};
