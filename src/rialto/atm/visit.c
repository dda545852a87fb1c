#include "rialto/atm/visit.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "rialto/atm/request.h"
#include "rialto/backoff.h"

enum { TRIES = 8 };

void visit_end(struct visit *v)
{
	mem_free(v->user);
	v->user = NULL;
	secret_free(&v->password);
}

static enum desk_outcome enter(struct visit *v, const char *op,
			       const char *user, const struct secret *password,
			       const struct secret *code,
			       struct answer *answer_r)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	char id[UUID_TEXT];

	request_begin(&request, op, id);
	request_add(&request, "user", user);
	request_add(&request, "password", password->bytes);
	request_add(&request, "code", code != NULL ? code->bytes : NULL);
	request_end(&request);
	return desk_ask(v->desk, &request, id, answer_r);
}

static enum desk_outcome log_in(struct visit *v, const char *user,
				const struct secret *password,
				const struct secret *code,
				struct answer *answer_r)
{
	return enter(v, "login", user, password, code, answer_r);
}

/* For the next connection, when it was let in. */
static void keep(struct visit *v, const char *user,
		 const struct secret *password, enum desk_outcome outcome,
		 const struct answer *answer)
{
	if (outcome != DESK_OK || !answer->is_ok)
		return;
	visit_end(v);
	v->user = mem_text(user);
	v->password = secret_new(password->bytes, password->len);
}

enum desk_outcome visit_signup(struct visit *v, const char *user,
			       const struct secret *password,
			       struct answer *answer_r)
{
	enum desk_outcome outcome =
		enter(v, "signup", user, password, NULL, answer_r);

	keep(v, user, password, outcome, answer_r);
	return outcome;
}

enum desk_outcome visit_try_signup(struct visit *v, struct answer *answer_r)
{
	static const char name[] = "newcomer";
	AUTO(secret_free)
	struct secret *password = secret_new(name, strlen(name));

	return enter(v, "signup", name, password, NULL, answer_r);
}

enum desk_outcome visit_login(struct visit *v, const char *user,
			      const struct secret *password,
			      const struct secret *code,
			      struct answer *answer_r)
{
	enum desk_outcome outcome = log_in(v, user, password, code, answer_r);

	keep(v, user, password, outcome, answer_r);
	return outcome;
}

void visit_leave(struct visit *v)
{
	AUTO(buf_fini) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	char id[UUID_TEXT];

	if (v->user != NULL) {
		request_begin(&request, "logout", id);
		request_end(&request);
		(void)!desk_ask(v->desk, &request, id, &answer);
	}
	visit_end(v);
	desk_close(v->desk);
}

static void tell(const struct visit *v, const char *format, ...) PRINTF(2, 3);

static void tell(const struct visit *v, const char *format, ...)
{
	AUTO(buf_fini) struct buf words = { 0 };
	va_list args;

	va_start(args, format);
	buf_vprint(&words, format, args);
	va_end(args);
	v->tell(v->context, buf_text(&words));
}

/* Logs in again, asking for the code where one is needed; false: refused. */
static enum desk_outcome log_in_again(struct visit *v, bool *is_in_r)
{
	AUTO(secret_free) struct secret *code = NULL;
	AUTO(answer_fini) struct answer answer = { 0 };
	enum desk_outcome outcome =
		log_in(v, v->user, v->password, NULL, &answer);

	if (outcome == DESK_OK && strcmp(answer.code, "code-required") == 0 &&
	    v->ask_code != NULL) {
		code = v->ask_code(v->context);
		if (code != NULL) {
			answer_fini(&answer);
			outcome =
				log_in(v, v->user, v->password, code, &answer);
		}
	}
	*is_in_r = outcome == DESK_OK && answer.is_ok;
	if (outcome == DESK_OK && !answer.is_ok)
		tell(v, "The login was refused: %s", answer.text);
	return outcome;
}

/* How often it was tried, and how long until the next time. */
struct trying {
	struct backoff backoff;
	int tries;
};

/* False: it was tried often enough, or nobody waits for it. */
static bool wait_again(struct visit *v, struct trying *trying)
{
	int64_t wait_ms;

	if (trying->tries++ >= TRIES)
		return false;
	wait_ms = backoff_next_ms(&trying->backoff);
	tell(v, "Trying again in %d s.", (int)((wait_ms + 500) / 1000));
	if (v->wait(v->context, wait_ms))
		return true;
	trying->tries = TRIES;
	return false;
}

/* The next connection, logged in; DESK_LOST after so many tries. */
static enum desk_outcome come_back(struct visit *v, struct trying *trying)
{
	AUTO(buf_fini) struct buf words = { 0 };
	enum desk_outcome outcome;
	bool is_in = false;

	tell(v, "The connection was lost: %s.", desk_problem(v->desk));
	while (wait_again(v, trying)) {
		outcome = desk_open(v->desk, false, &words);
		if (outcome == DESK_UNTRUSTED) {
			tell(v, "%s", buf_text(&words));
			return DESK_UNTRUSTED;
		}
		if (outcome == DESK_OK)
			outcome = log_in_again(v, &is_in);
		if (outcome == DESK_OK)
			return is_in ? DESK_OK : DESK_LOST;
	}
	return DESK_LOST;
}

/* What became of an id; *is_known_r false when nothing did. */
static enum desk_outcome look_up(struct visit *v, const char *of,
				 bool *is_known_r, struct answer *answer_r)
{
	AUTO(buf_fini) struct buf request = { 0 };
	AUTO(answer_fini) struct answer found = { 0 };
	char id[UUID_TEXT];
	enum desk_outcome outcome;

	request_begin(&request, "lookup", id);
	request_add(&request, "of", of);
	request_end(&request);
	outcome = desk_ask(v->desk, &request, id, &found);
	*is_known_r =
		outcome == DESK_OK && found.is_ok &&
		json_is_true(json_object_get(found.object, "known")) &&
		answer_of(json_object_get(found.object, "answer"), answer_r);
	return outcome;
}

/*
 * What may be answered although the same was done before, or is about to be:
 * nobody is told then that nothing was moved.
 */
static bool is_unsettled(const struct answer *answer)
{
	static const char *const codes[] = { "busy", "flood", "storage-full" };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (!answer->is_ok && strcmp(answer->code, codes[i]) == 0)
			return true;
	return false;
}

/* Over a new connection. */
static enum desk_outcome ask_again(struct visit *v, const struct buf *request,
				   const char *id, bool moves_money,
				   struct answer *answer_r)
{
	enum desk_outcome outcome;
	bool is_known = false;

	if (moves_money) {
		outcome = look_up(v, id, &is_known, answer_r);
		if (outcome != DESK_OK || is_known)
			return outcome;
	}
	return desk_ask(v->desk, request, id, answer_r);
}

/* The same until it is settled; DESK_LOST also after so many tries. */
static enum desk_outcome settle(struct visit *v, const struct buf *request,
				const char *id, bool moves_money,
				struct trying *trying, struct answer *answer_r)
{
	enum desk_outcome outcome =
		ask_again(v, request, id, moves_money, answer_r);

	while (outcome == DESK_OK && moves_money && is_unsettled(answer_r)) {
		tell(v, "%s", answer_r->text);
		answer_fini(answer_r);
		outcome = wait_again(v, trying)
				  ? ask_again(v, request, id, moves_money,
					      answer_r)
				  : DESK_LOST;
	}
	return outcome;
}

enum desk_outcome visit_ask(struct visit *v, const struct buf *request,
			    const char *id, bool moves_money,
			    struct answer *answer_r)
{
	struct trying trying = { .tries = 0 };
	enum desk_outcome outcome = desk_ask(v->desk, request, id, answer_r);

	while (outcome == DESK_LOST && trying.tries < TRIES) {
		outcome = come_back(v, &trying);
		if (outcome != DESK_OK)
			break;
		tell(v, "Connected again.");
		outcome =
			settle(v, request, id, moves_money, &trying, answer_r);
	}
	return outcome;
}
