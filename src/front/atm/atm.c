#include "front/atm/atm.h"

#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "command/deal.h"
#include "command/sign.h"
#include "front/atm/answer.h"
#include "front/atm/atm_session.h"
#include "front/atm/hello.h"
#include "front/atm/parcel.h"
#include "front/atm/serve.h"
#include "front/atm/terminals.h"
#include "net/server.h"
#include "net/session.h"
#include "net/worker.h"

enum {
	LINE_MOST = 65536,
	/* Strangers get no memory for more than they need. */
	LINE_MOST_BEFORE = 8192,
};

struct atm {
	struct service service;
	struct realm *realm;
	struct terminals *terminals;
	_Atomic int64_t idle_timeout_s;
};

/* What ends a session unasked, in words. */
static const struct {
	enum err code;
	const char *text;
} refusal_texts[] = {
	{ ERR_TIMEOUT, "You were silent for too long." },
	{ ERR_SLOW_READER, "You read too slowly: some answers are lost." },
	{ ERR_TOO_MANY_SESSIONS, "There are too many sessions. Try later." },
	{ ERR_SESSION_ENDED, "This session was ended." },
	{ ERR_DISABLED, "An administrator has disabled or removed this "
			"login." },
	{ ERR_TOO_LARGE, "That line is longer than it may be here." },
	{ ERR_TLS13_REQUIRED, "This service needs TLS 1.3." },
	{ ERR_MAC_FAILED, "That was not sealed with the key of this "
			  "session." },
	{ ERR_REPLAY, "That message is not the next one." },
};

static const char *words_of(enum err code)
{
	for (size_t i = 0; i < COUNT(refusal_texts); i++)
		if (strcmp(err_code(refusal_texts[i].code), err_code(code)) ==
		    0)
			return refusal_texts[i].text;
	return "Goodbye.";
}

struct atm *atm_of(const struct atm_session *as)
{
	return session_service(as->caller.session)->arg;
}

/* At once: who reads too slowly gets the whole of the last line, or nothing. */
static void write_line(struct session *s, struct buf *line)
{
	buf_add_char(line, '\n');
	session_write(s, buf_at(line), buf_len(line));
}

void atm_send(struct atm_session *as, struct buf *object)
{
	struct session *s = as->caller.session;
	AUTO(buf_fini) struct buf line = { 0 };

	if (as->answers == NULL) {
		write_line(s, object);
	} else {
		jwe_seal(as->answers, buf_at(object), buf_len(object), &line);
		write_line(s, &line);
	}
	buf_wipe(object);
}

static void print_refusal(struct buf *object, enum err code, const char *words)
{
	answer_open(object, NULL, '{');
	answer_bool(object, "ok", false);
	answer_error(object, code, words);
	answer_close(object, '}');
}

void atm_object(struct atm_session *as, enum err code, const char *words)
{
	AUTO(buf_fini) struct buf object = { 0 };

	sign_violation(&as->caller, code);
	print_refusal(&object, code, words);
	atm_send(as, &object);
}

/* What the protocol does not allow, and cannot go on after. */
static void object_and_close(struct atm_session *as, enum err code,
			     const char *words)
{
	atm_object(as, code, words);
	session_close(as->caller.session, code);
}

static void open_session(struct session *s)
{
	const struct atm *atm = session_service(s)->arg;
	struct atm_session *as = mem_zero(sizeof(*as));

	session_set_data(s, as);
	caller_init(&as->caller, &serve_caller_ops, atm->realm, s);
	session_set_deadline(s,
			     worker_limits(session_worker(s))->login_timeout_s);
	if (!session_is_tls13(s))
		object_and_close(as, ERR_TLS13_REQUIRED,
				 words_of(ERR_TLS13_REQUIRED));
}

static void take_hello(struct atm_session *as, const char *line, size_t len)
{
	AUTO(buf_fini) struct buf words = { 0 };
	enum err e = hello_take(as, line, len, &words);

	if (e != ERR_OK)
		object_and_close(as, e, buf_text(&words));
}

static void take_sealed(struct atm_session *as, const char *line, size_t len)
{
	AUTO(buf_wipe) struct buf text = { 0 };
	enum err e = jwe_open(as->requests, line, len, &text);

	if (e != ERR_OK)
		object_and_close(as, e, words_of(e));
	else
		serve_request(as, buf_at(&text), buf_len(&text));
}

static size_t line_most(const struct atm_session *as)
{
	return caller_is_known(&as->caller) ? LINE_MOST : LINE_MOST_BEFORE;
}

/* A line has ended: what is in partial and then these bytes. */
static void end_line(struct atm_session *as, const char *bytes, size_t len)
{
	AUTO(buf_fini) struct buf line = as->partial;

	buf_init(&as->partial);
	buf_add(&line, bytes, len);
	len = buf_len(&line);
	if (len > 0 && buf_at(&line)[len - 1] == '\r')
		len--;
	if (len > line_most(as))
		object_and_close(as, ERR_TOO_LARGE, words_of(ERR_TOO_LARGE));
	else if (as->requests == NULL)
		take_hello(as, buf_at(&line), len);
	else
		take_sealed(as, buf_at(&line), len);
}

/* One more byte may be the "\r" of its end. */
static void keep_partial(struct atm_session *as, const char *bytes, size_t len)
{
	if (buf_len(&as->partial) + len > line_most(as) + 1)
		object_and_close(as, ERR_TOO_LARGE, words_of(ERR_TOO_LARGE));
	else
		buf_add(&as->partial, bytes, len);
}

static bool may_go_on(const struct session *s)
{
	return !session_is_parked(s) && !session_is_closing(s) &&
	       !session_is_clogged(s) && !session_must_yield(s);
}

/* Once a second is enough for a list that shows minutes. */
static void touch(struct atm_session *as)
{
	struct session *s = as->caller.session;
	int64_t now_ms = worker_now_ms(session_worker(s));

	if (now_ms - as->touched_ms < 1000)
		return;
	as->touched_ms = now_ms;
	directory_touch(as->caller.realm->directory, session_handle(s));
}

/* Serves whole lines until the session must wait. */
static size_t input(struct session *s, const char *bytes, size_t len)
{
	struct atm_session *as = session_data(s);
	size_t used = 0;

	touch(as);
	do {
		const char *at = bytes + used;
		const char *end = memchr(at, '\n', len - used);

		if (end == NULL) {
			keep_partial(as, at, len - used);
			return len;
		}
		used += (size_t)(end - at) + 1;
		end_line(as, at, (size_t)(end - at));
	} while (used < len && may_go_on(s));
	return used;
}

/* Also of a session that was never opened. */
static void tell(struct session *s, enum err why, const char *words)
{
	struct atm_session *as = session_data(s);
	AUTO(buf_fini) struct buf object = { 0 };

	print_refusal(&object, why, words);
	if (as != NULL)
		atm_send(as, &object);
	else
		write_line(s, &object);
}

static void refuse(struct session *s, enum err why, const char *words)
{
	tell(s, why, words != NULL ? words : words_of(why));
}

static void stopping(struct session *s)
{
	tell(s, ERR_SHUTTING_DOWN, "The server is stopping. Goodbye.");
}

static void closed(struct session *s, enum err why)
{
	struct atm_session *as = session_data(s);

	caller_fini(&as->caller, why);
	serve_end(as);
	buf_wipe(&as->partial);
	jwe_free(&as->requests);
	jwe_free(&as->answers);
	mem_free(as);
}

static void turned_away(const struct service *service, const char *site,
			const char *why)
{
	const struct atm *atm = service->arg;

	sign_turned_away(atm->realm->tally, site, why);
}

int64_t atm_idle_timeout_s(const struct atm *atm)
{
	return atm->idle_timeout_s;
}

void atm_place(const struct atm_session *as, struct deal *deal)
{
	uint8_t certificate[DIGEST_BYTES];

	if (session_client_fingerprint(as->caller.session, certificate) &&
	    terminals_find(atm_of(as)->terminals, certificate,
			   deal->settings.cash_account))
		deal->order.by.is_at_terminal = true;
}

void atm_change(struct atm *atm, const struct atm_settings *settings,
		const struct conf_list *terminals)
{
	atm->idle_timeout_s = settings->idle_timeout_s;
	terminals_change(atm->terminals, terminals);
}

struct atm *atm_new(struct realm *realm)
{
	struct atm *atm = mem_zero(sizeof(*atm));

	parcel_begin();
	atm->realm = realm;
	atm->terminals = terminals_new();
	atm->service = (struct service){
		.name = "atm",
		.alpn = "rialto-atm",
		.arg = atm,
		.asks_certificate = true,
		.waits_for_readers = true,
		.open = open_session,
		.input = input,
		.refuse = refuse,
		.stopping = stopping,
		.closed = closed,
		.turned_away = turned_away,
	};
	return atm;
}

void atm_free(struct atm **atm)
{
	if (*atm == NULL)
		return;
	terminals_free(&(*atm)->terminals);
	mem_free(*atm);
	*atm = NULL;
}

const struct service *atm_service(const struct atm *atm)
{
	return &atm->service;
}
