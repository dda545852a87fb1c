#include "rialto/atm/desk.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/channel.h"
#include "client/negotiation.h"
#include "rialto/identify.h"
#include "rialto/wait.h"

enum {
	HELLO_MS = 15 * 1000,
	ANSWER_MS = 60 * 1000,
	LINE_BYTES_MOST = 1024 * 1024, /* of an answer, sealed */
	WRONG_MOST = 3,                /* as doc/protocol.md has it */
};

struct desk {
	const struct options *options;
	const struct link_trust *cas;
	struct trust *trust;
	struct link *link;            /* NULL while there is none */
	struct channel *channel;      /* NULL before hello */
	char identity[IDENTITY_TEXT]; /* of who is at the other end of it */
	int wrong;                    /* passwords and codes in this session */
	char *problem;
};

struct desk *desk_new(const struct options *o, const struct link_trust *cas,
		      struct trust *trust)
{
	struct desk *d = mem_zero(sizeof(*d));

	d->options = o;
	d->cas = cas;
	d->trust = trust;
	return d;
}

void desk_close(struct desk *d)
{
	channel_free(&d->channel);
	link_free(&d->link);
}

void desk_free(struct desk **d)
{
	if (*d == NULL)
		return;
	desk_close(*d);
	mem_free((*d)->problem);
	mem_free(*d);
	*d = NULL;
}

const char *desk_problem(const struct desk *d)
{
	return d->problem != NULL ? d->problem : "it is closed";
}

static enum desk_outcome lose(struct desk *d, const char *problem)
{
	char *words = mem_text(problem);

	mem_free(d->problem);
	d->problem = words;
	desk_close(d);
	return DESK_LOST;
}

/* Waits for a line, without its end; false when none came in time. */
static bool take_line(struct desk *d, int64_t due_ms, struct buf *line_r)
{
	struct buf *in = link_input(d->link);

	for (;;) {
		const char *end =
			buf_len(in) > 0 ? memchr(buf_at(in), '\n', buf_len(in))
					: NULL;

		if (end != NULL) {
			size_t len = (size_t)(end - buf_at(in));

			buf_add(line_r, buf_at(in), len);
			buf_take(in, len + 1);
			return true;
		}
		if (link_state(d->link) == LINK_DOWN ||
		    buf_len(in) > LINE_BYTES_MOST || clock_mono_ms() >= due_ms)
			return false;
		wait_turn(d->link, NULL, 0, due_ms);
	}
}

static const char *why_no_line(const struct desk *d)
{
	return link_state(d->link) == LINK_DOWN ? link_problem(d->link)
						: "it does not answer";
}

/* Checks what hello was answered with. */
static void check_hello(struct identify *who, const struct answer *hello,
			struct session_keys *keys)
{
	const char *nonce = answer_text(hello->object, "server_nonce");
	const char *jws = answer_text(hello->object, "identity");

	who->state = IDENTIFY_WRONG;
	if (negotiation_check(&who->negotiation, nonce, strlen(nonce), jws,
			      strlen(jws), keys, who->identity,
			      &who->why) == ERR_OK)
		who->state = IDENTIFY_PROVEN;
	else
		who->identity[0] = '\0';
}

static enum desk_outcome settle(struct desk *d, struct identify *who,
				const struct answer *hello, bool may_ask,
				struct buf *words)
{
	struct session_keys keys = { 0 };
	enum desk_outcome outcome = DESK_OK;

	check_hello(who, hello, &keys);
	if (trust_identify(d->trust, who, may_ask, words) &&
	    who->state == IDENTIFY_PROVEN) {
		d->channel = channel_new(&keys);
		memcpy(d->identity, who->identity, sizeof(d->identity));
	} else {
		(void)lose(d, "it is not trusted");
		outcome = DESK_UNTRUSTED;
	}
	session_keys_wipe(&keys);
	return outcome;
}

static enum desk_outcome say_hello(struct desk *d, bool may_ask,
				   struct buf *words)
{
	AUTO(buf_fini) struct buf line = { 0 };
	AUTO(answer_fini) struct answer hello = { 0 };
	struct identify who = { 0 };
	enum desk_outcome outcome;

	if (link_negotiate(d->link, &who.negotiation) != ERR_OK)
		return lose(d, "its TLS is older than 1.3");
	buf_print(&line, "{\"op\":\"hello\",\"v\":1,\"client_nonce\":\"%s\"}\n",
		  who.negotiation.nonce_text);
	link_send(d->link, buf_at(&line), buf_len(&line));
	buf_reset(&line);
	if (!take_line(d, clock_mono_ms() + HELLO_MS, &line))
		outcome = lose(d, why_no_line(d));
	else if (!answer_read(buf_at(&line), buf_len(&line), &hello))
		outcome = lose(d, "it is no cash machine's service");
	else if (!hello.is_ok)
		outcome = lose(d, hello.text);
	else
		outcome = settle(d, &who, &hello, may_ask, words);
	negotiation_wipe(&who.negotiation);
	return outcome;
}

enum desk_outcome desk_open(struct desk *d, bool may_ask, struct buf *words)
{
	const struct address *a = &d->options->address;

	if (d->channel != NULL && link_state(d->link) == LINK_OPEN)
		return DESK_OK;
	desk_close(d);
	d->wrong = 0;
	d->link = link_new(d->cas, "rialto-atm", a->host, a->port);
	while (link_state(d->link) == LINK_BUSY)
		wait_turn(d->link, NULL, 0, INT64_MAX);
	if (link_state(d->link) == LINK_DOWN)
		return lose(d, link_problem(d->link));
	if (!trust_check(d->trust, link_peer(d->link), may_ask, words)) {
		(void)lose(d, "it is not trusted");
		return DESK_UNTRUSTED;
	}
	link_accept(d->link);
	return say_hello(d, may_ask, words);
}

/* One answer; false after losing the connection. */
static bool take_answer(struct desk *d, int64_t due_ms, struct answer *answer_r)
{
	AUTO(buf_fini) struct buf line = { 0 };
	AUTO(buf_wipe) struct buf text = { 0 };

	if (!take_line(d, due_ms, &line)) {
		(void)lose(d, why_no_line(d));
		return false;
	}
	if (channel_open(d->channel, buf_at(&line), buf_len(&line), &text) !=
		    ERR_OK ||
	    !answer_read(buf_at(&text), buf_len(&text), answer_r)) {
		(void)lose(d, "what came was not what the server had sealed");
		return false;
	}
	return true;
}

/* After so many wrong ones the daemon ends the session: nobody must wait. */
static void count_wrong(struct desk *d, const struct answer *answer)
{
	if (strcmp(answer->code, "bad-login") != 0 &&
	    strcmp(answer->code, "bad-code") != 0)
		return;
	if (++d->wrong == WRONG_MOST)
		(void)lose(d, "too many passwords or codes were wrong");
}

const char *desk_identity(const struct desk *d)
{
	return d->identity;
}

bool desk_is_open(const struct desk *d)
{
	return d->channel != NULL;
}

enum desk_outcome desk_ask(struct desk *d, const struct buf *request,
			   const char *id, struct answer *answer_r)
{
	AUTO(buf_fini) struct buf line = { 0 };
	int64_t due_ms = clock_mono_ms() + ANSWER_MS;

	memset(answer_r, 0, sizeof(*answer_r));
	if (d->channel == NULL)
		return DESK_LOST;
	channel_seal(d->channel, buf_at(request), buf_len(request), &line);
	link_send(d->link, buf_at(&line), buf_len(&line));
	while (take_answer(d, due_ms, answer_r)) {
		if (answer_is_to(answer_r, id)) {
			count_wrong(d, answer_r);
			return DESK_OK;
		}
		/* Last words belong to no request. */
		if (json_object_get(answer_r->object, "re") == NULL)
			(void)lose(d, answer_r->text);
		answer_fini(answer_r);
		if (d->channel == NULL)
			break;
	}
	return DESK_LOST;
}
