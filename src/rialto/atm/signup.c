/* Somebody who is new here: a name, a password twice, then the menu. */
#include <string.h>

#include "rialto/atm/accounts.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/answer.h"

static enum at to_name(const struct machine *m)
{
	return m->options->address.user != NULL ? AT_START : AT_NEW_NAME;
}

static enum at to_password(const struct machine *m UNUSED)
{
	return AT_NEW_PASSWORD;
}

enum at act_new_name(struct machine *m, const char *typed)
{
	if (!act_is_name(m, typed))
		return to_name(m);
	machine_set(&m->user, typed);
	machine_say(m, "For the login %s", m->user);
	return AT_NEW_PASSWORD;
}

enum at act_new_password(struct machine *m, const char *typed)
{
	secret_free(&m->password);
	m->password = secret_new(typed, strlen(typed));
	return AT_NEW_AGAIN;
}

/*
 * Over another connection where this one has ended: nobody is to type all of
 * it again, because it took long. What was asked over the first may have been
 * done, so a name that is taken now may be one's own.
 */
static enum desk_outcome sign_up(struct machine *m, struct answer *answer_r)
{
	struct visit *visit = &m->visit;
	enum desk_outcome outcome =
		visit_signup(visit, m->user, m->password, answer_r);

	if (outcome != DESK_LOST)
		return outcome;
	if (!machine_connect(m))
		return DESK_UNTRUSTED; /* and it was said why */
	outcome = visit_signup(visit, m->user, m->password, answer_r);
	if (outcome == DESK_OK && strcmp(answer_r->code, "name-taken") == 0) {
		AUTO(answer_fini) struct answer answer = { 0 };

		outcome =
			visit_login(visit, m->user, m->password, NULL, &answer);
		if (outcome == DESK_OK && answer.is_ok) {
			struct answer taken = *answer_r;

			*answer_r = answer;
			answer = taken;
		}
	}
	return outcome;
}

/*
 * Where it goes on after a refusal, and the words where the daemon's are not
 * for those who stand here.
 */
static const struct refusal {
	const char *code;
	enum at (*leads)(const struct machine *m);
	const char *words;
} refusals[] = {
	{ "registration-closed", NULL,
	  "New logins are made by an administrator here: ask one of them." },
	{ "approval-pending", NULL,
	  "Your login waits for an administrator's approval. Come back then: "
	  "name and password will be those that you have typed." },
	{ "name-taken", to_name, NULL },
	{ "bad-name", to_name, NULL },
	{ "weak-password", to_password, NULL },
	{ 0 },
};

/* One without a code for those that are not there. */
static const struct refusal *find_refusal(const struct answer *answer)
{
	const struct refusal *r = refusals;

	while (r->code != NULL && strcmp(r->code, answer->code) != 0)
		r++;
	return r;
}

static enum at refuse(struct machine *m, const struct answer *answer)
{
	const struct refusal *r = find_refusal(answer);

	machine_say(m, "%s", r->words != NULL ? r->words : answer->text);
	return r->leads != NULL ? r->leads(m) : AT_START;
}

/*
 * Whether new logins are made here at all, before somebody thinks of one. Says
 * why not; *next_r is then where to go.
 */
static bool may_sign_up(struct machine *m, enum at *next_r)
{
	AUTO(answer_fini) struct answer answer = { 0 };

	if (visit_try_signup(&m->visit, &answer) != DESK_OK) {
		*next_r = machine_to_start(m);
		return false;
	}
	/* About the name and the password nobody has been asked yet. */
	if (answer.is_ok || find_refusal(&answer)->leads != NULL)
		return true;
	*next_r = refuse(m, &answer);
	return false;
}

enum at act_signup(struct machine *m)
{
	enum at next;

	if (!machine_connect(m))
		return AT_START;
	if (!may_sign_up(m, &next))
		return next;
	if (m->options->address.user == NULL)
		return AT_NEW_NAME;
	return act_new_name(m, m->options->address.user);
}

static enum at finish(struct machine *m)
{
	AUTO(answer_fini) struct answer answer = { 0 };
	enum desk_outcome outcome = sign_up(m, &answer);

	if (outcome == DESK_UNTRUSTED)
		return AT_START;
	if (outcome != DESK_OK)
		return machine_to_start(m);
	if (!answer.is_ok)
		return refuse(m, &answer);
	act_learn(m, answer.object);
	machine_say(m,
		    "Welcome, %s. Your login is made: remember its name and "
		    "password.",
		    answer_text(answer.object, "user"));
	return accounts_learn(m);
}

enum at act_new_again(struct machine *m, const char *typed)
{
	AUTO(secret_free)
	struct secret *again = secret_new(typed, strlen(typed));
	bool is_same = secret_equal(m->password, again);
	enum at next = AT_NEW_PASSWORD;

	if (is_same)
		next = finish(m);
	else
		machine_say(m, "These two are not the same. Type both again.");
	if (next != AT_NEW_AGAIN)
		secret_free(&m->password);
	return next;
}
