/*
 * Rialto as programs have it: sealed requests to the service "atm", each
 * answered by an object that says "ok". "terse" asks for no receipts. With more
 * than one transfer at a time they are a batch, whose ids are derived and whose
 * memos are short, so that it fits into a line.
 */
#include <gnutls/gnutls.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "contender.h"
#include "crypto/base64url.h"
#include "crypto/jwe.h"
#include "crypto/random.h"
#include "crypto/session_keys.h"
#include "crypto/uuid.h"
#include "report.h"
#include "wire.h"

enum { NONCE_TEXT = BASE64URL_TEXT(SESSION_NONCE) };

struct atm_mind {
	uint8_t nonce[SESSION_NONCE];
	struct jwe *requests; /* NULL before hello was answered */
	struct jwe *answers;
};

static int64_t batch;
static bool wants_receipts;

/* What is written and read, one after another. */
static struct buf text;
static struct buf sealed;

static void greet(struct wire_session *s)
{
	struct atm_mind *mind = s->mind;
	char nonce[NONCE_TEXT];
	char line[128];
	int len;

	random_bytes(mind->nonce, sizeof(mind->nonce));
	base64url_write(mind->nonce, sizeof(mind->nonce), nonce);
	len = snprintf(line, sizeof(line),
		       "{\"op\":\"hello\",\"v\":1,\"client_nonce\":\"%.*s\"}\n",
		       NONCE_TEXT, nonce);
	peer_send(&s->peer, line, (size_t)len);
}

/* The text, as the session's next request. */
static void seal(struct wire_session *s)
{
	struct atm_mind *mind = s->mind;

	buf_reset(&sealed);
	jwe_seal(mind->requests, buf_at(&text), buf_len(&text), &sealed);
	buf_add_char(&sealed, '\n');
	buf_reset(&text);
}

/* Who the server is does not matter here. */
static void read_nonce(const char *line, size_t len,
		       uint8_t nonce_r[SESSION_NONCE])
{
	static const char name[] = "\"server_nonce\":\"";
	const char *at = memmem(line, len, name, sizeof(name) - 1);

	if (!at || line + len - at < (int)sizeof(name) + NONCE_TEXT ||
	    !base64url_read(at + sizeof(name) - 1, NONCE_TEXT, nonce_r))
		fail("hello is answered %.*s", (int)len, line);
}

static void agree(struct wire_session *s, const char *line, size_t len)
{
	struct atm_mind *mind = s->mind;
	uint8_t exported[SESSION_EXPORTED];
	uint8_t nonce[SESSION_NONCE];
	struct session_keys keys;

	read_nonce(line, len, nonce);
	if (gnutls_prf_rfc5705(s->peer.tls, strlen(session_keys_label),
			       session_keys_label, 0, NULL, sizeof(exported),
			       (char *)exported) < 0)
		fail("nothing can be exported");
	session_keys_derive(exported, mind->nonce, nonce, &keys);
	mind->requests = jwe_new_to_seal(keys.request);
	mind->answers = jwe_new_to_open(keys.response);
	buf_print(&text,
		  "{\"op\":\"login\",\"id\":\"%s\",\"user\":\"p%u\","
		  "\"password\":\"bench-password\"}",
		  "01936f3a-0000-7000-8000-000000000001", s->user);
	seal(s);
	peer_send(&s->peer, buf_at(&sealed), buf_len(&sealed));
}

static bool has(const char *words)
{
	return memmem(buf_at(&text), buf_len(&text), words, strlen(words));
}

static void hear(struct wire_session *s, const char *line, size_t len)
{
	struct atm_mind *mind = s->mind;

	if (!mind->answers) {
		agree(s, line, len);
		return;
	}
	buf_reset(&text);
	if (jwe_open(mind->answers, line, len, &text) != ERR_OK)
		fail("p%u gets what does not open", s->user);
	if (!has("\"ok\":true") || has("\"ok\":false"))
		fail("p%u is answered %.400s", s->user, buf_text(&text));
	if (s->is_in)
		wire_answer(s);
	else
		wire_enter(s);
	buf_reset(&text);
}

static void forget(struct wire_session *s)
{
	struct atm_mind *mind = s->mind;

	jwe_free(&mind->requests);
	jwe_free(&mind->answers);
}

static const struct wire_tongue tongue = {
	.mind_bytes = sizeof(struct atm_mind),
	.greet = greet,
	.hear = hear,
	.forget = forget,
};

static void open_atm(const struct contender_plan *plan, bool with_receipts)
{
	batch = plan->batch;
	wants_receipts = with_receipts;
	wire_open(plan, &tongue);
}

static void atm_open(const struct contender_plan *plan)
{
	open_atm(plan, true);
}

static void terse_open(const struct contender_plan *plan)
{
	open_atm(plan, false);
}

static void write_pay(const struct wire_session *s, const struct transfer *t,
		      const char *id)
{
	buf_print(&text,
		  "{\"op\":\"pay\",\"id\":\"%s\",\"to\":\"p%u\",\"amount\":\""
		  "%" PRId64 ".%02d\",\"memo\":\"%s\"%s}",
		  id, wire_payee(s, t), t->amount / 100, (int)(t->amount % 100),
		  t->memo, wants_receipts ? "" : ",\"receipt\":false");
}

static void write_batch(const struct wire_session *s, const struct transfer *t,
			const char *id)
{
	buf_print(&text, "{\"op\":\"batch\",\"id\":\"%s\",\"transfers\":[", id);
	for (int64_t i = 0; i < batch; i++)
		buf_print(&text,
			  "%s{\"to\":\"p%u\",\"amount\":\"%" PRId64 ".%02d\","
			  "\"memo\":\"%.5s\"}",
			  i > 0 ? "," : "", wire_payee(s, &t[i]),
			  t[i].amount / 100, (int)(t[i].amount % 100),
			  t[i].memo);
	buf_add_text(&text, "]}");
}

static void atm_ask(unsigned client, const struct transfer *t)
{
	struct wire_session *s = wire_payer(client, t);
	struct uuid id;
	char id_text[UUID_TEXT];

	memcpy(id.bytes, t->id, TRANSFER_ID);
	uuid_print(&id, id_text);
	if (batch > 1)
		write_batch(s, t, id_text);
	else
		write_pay(s, t, id_text);
	seal(s);
	wire_ask(s, buf_at(&sealed), buf_len(&sealed));
}

static void atm_close(void)
{
	wire_close();
	buf_fini(&text);
	buf_fini(&sealed);
}

static const struct contender atm = {
	.name = "atm",
	.open = atm_open,
	.ask = atm_ask,
	.wait = wire_wait,
	.cpu_ns = wire_cpu_ns,
	.check = wire_check,
	.close = atm_close,
};

static const struct contender terse = {
	.name = "terse",
	.open = terse_open,
	.ask = atm_ask,
	.wait = wire_wait,
	.cpu_ns = wire_cpu_ns,
	.check = wire_check,
	.close = atm_close,
};

const struct contender *const contender_atm = &atm;
const struct contender *const contender_terse = &terse;
