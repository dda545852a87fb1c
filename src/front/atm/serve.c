#include "front/atm/serve.h"

#include "bank/ledger.h"
#include "base/mem.h"
#include "command/sign.h"
#include "front/atm/answer.h"
#include "front/atm/atm.h"
#include "front/atm/op.h"
#include "front/atm/parcel.h"
#include "net/session.h"
#include "net/worker.h"

/* What calls of this service have for a verb. */
static const struct command no_command = {
	.verb = "",
	.arguments = "",
	.help = "",
};

struct atm_session *atm_session_of(struct caller *caller)
{
	return CONTAINER(caller, struct atm_session, caller);
}

void serve_end(struct atm_session *as)
{
	if (as->request != NULL)
		request_fini(as->request);
	mem_free(as->request);
	as->request = NULL;
	as->op = NULL;
	buf_wipe(&as->answer);
	buf_wipe(&as->words);
}

static struct call call_of(struct atm_session *as)
{
	return (struct call){ .caller = &as->caller,
			      .realm = as->caller.realm,
			      .command = &no_command };
}

static void begin_answer(struct atm_session *as)
{
	answer_open(&as->answer, NULL, '{');
	if (as->request != NULL && as->request->id_text[0] != '\0')
		answer_text(&as->answer, "re", as->request->id_text);
}

/* What an op has added is thrown away when it refuses. */
static void refuse_answer(struct atm_session *as, enum err code)
{
	buf_wipe(&as->answer);
	begin_answer(as);
	answer_bool(&as->answer, "ok", false);
	answer_error(&as->answer, code, buf_text(&as->words));
}

/* What is no request, whoever has found that out. */
static bool is_violation(enum err code)
{
	return code == ERR_BAD_JSON || code == ERR_BAD_REQUEST ||
	       code == ERR_UNKNOWN_OP;
}

static void send_answer(struct atm_session *as, enum err code)
{
	if (is_violation(code))
		sign_violation(&as->caller, code);
	if (code != ERR_OK)
		refuse_answer(as, code);
	answer_close(&as->answer, '}');
	atm_send(as, &as->answer);
	serve_end(as);
}

/* Answers are objects here: words for people are left out. */
static void op_say(struct caller *caller, const char *text)
{
	(void)caller;
	(void)text;
}

static void op_refuse(struct caller *caller, enum err code, const char *text)
{
	struct atm_session *as = atm_session_of(caller);

	(void)code;
	buf_wipe(&as->words);
	buf_add_text(&as->words, text);
}

static void op_done(struct caller *caller, enum err code)
{
	struct atm_session *as = atm_session_of(caller);

	worker_empty_mailbox(session_worker(caller->session));
	send_answer(as, code);
}

static void op_entered(struct caller *caller)
{
	session_set_idle_timeout(
		caller->session,
		atm_idle_timeout_s(atm_of(atm_session_of(caller))));
}

/* For another login. */
static void op_leaving(struct caller *caller)
{
	struct session *s = caller->session;

	if (!session_is_closing(s))
		session_set_deadline(
			s, worker_limits(session_worker(s))->login_timeout_s);
}

static void op_welcome(struct caller *caller, const struct welcome *welcome)
{
	struct buf *out = &atm_session_of(caller)->answer;
	struct bank_settings settings;
	const char *words[ROLES];
	size_t count = role_words(welcome->roles, words);

	answer_text(out, "user", welcome->name);
	answer_open(out, "roles", '[');
	for (size_t i = 0; i < count; i++)
		answer_text(out, NULL, words[i]);
	answer_close(out, ']');
	answer_time(out, "last_login", welcome->last_login_ms);
	ledger_settings(caller->realm->ledger, &settings);
	answer_text(out, "currency", settings.currency.code);
	answer_number(out, "scale", settings.currency.scale);
	answer_bool(out, "second_factor", welcome->has_factor);
}

static bool op_set_machine(struct caller *caller, bool is_machine)
{
	(void)caller;
	(void)is_machine;
	return false;
}

static bool op_ask_passwords(struct caller *caller, const char *verb,
			     const char *name)
{
	(void)caller;
	(void)verb;
	(void)name;
	return false;
}

const struct caller_ops serve_caller_ops = {
	.say = op_say,
	.refuse = op_refuse,
	.done = op_done,
	.entered = op_entered,
	.leaving = op_leaving,
	.welcome = op_welcome,
	.set_machine = op_set_machine,
	.ask_passwords = op_ask_passwords,
	.ways = { [WAY_ACCOUNTS] = "the list of accounts shows yours",
		  [WAY_FACTOR] = "One is made in chat." },
};

/* Reads the request and runs it; returns as an op does. */
static enum err run(struct atm_session *as, json_t *object)
{
	struct request *r = as->request;
	struct call call = call_of(as);

	if (!request_begin(r, object, true, &as->words))
		return ERR_BAD_REQUEST;
	begin_answer(as);
	answer_bool(&as->answer, "ok", true);
	as->op = op_find(r->op);
	if (as->op == NULL) {
		buf_print(&as->words, "There is no \"%s\".", r->op);
		return ERR_UNKNOWN_OP;
	}
	if (!as->op->is_open && !caller_is_known(&as->caller))
		return call_refuse(&call, ERR_LOGIN_REQUIRED, "Log in first.");
	if (!request_read(r, object, as->op->members, &as->words))
		return ERR_BAD_REQUEST;
	return as->op->run(&call, as);
}

void serve_request(struct atm_session *as, const char *bytes, size_t len)
{
	const char *flaw;
	json_t *object = parcel_read(bytes, len, &flaw);
	enum err e;

	as->request = mem_alloc(sizeof(*as->request));
	request_init(as->request);
	if (object == NULL) {
		buf_print(&as->words, "That cannot be read: %s.", flaw);
		e = ERR_BAD_JSON;
	} else {
		e = run(as, object);
	}
	parcel_free(&object);
	if (e == (enum err)CALL_PENDING)
		return;
	if (e == ERR_OK)
		op_done(&as->caller, e);
	else
		send_answer(as, e);
}
