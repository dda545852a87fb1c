#include "front/atm/hello.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/base64url.h"
#include "crypto/jws.h"
#include "crypto/random.h"
#include "crypto/session_keys.h"
#include "front/atm/answer.h"
#include "front/atm/parcel.h"
#include "net/session.h"

/* One negotiation; to be wiped. */
struct hello {
	uint8_t client_nonce[SESSION_NONCE];
	uint8_t server_nonce[SESSION_NONCE];
	struct session_keys keys;
};

static void wipe(struct hello *hello)
{
	mem_wipe(hello, sizeof(*hello));
	mem_wipe_stack(); /* HKDF spreads keys there */
}

static enum err object_to(struct buf *words, enum err code, const char *text)
{
	buf_print(words, "%s", text);
	return code;
}

static enum err read_members(struct request *r, json_t *object,
			     struct buf *words)
{
	if (!request_begin(r, object, false, words) ||
	    strcmp(r->op, "hello") != 0) {
		buf_reset(words);
		return object_to(words, ERR_HELLO_FIRST,
				 "Say hello first: doc/protocol.md says how.");
	}
	return request_read(r, object, "v client_nonce", words)
		       ? ERR_OK
		       : ERR_BAD_REQUEST;
}

static enum err read_line(const char *line, size_t len, struct hello *hello,
			  struct buf *words)
{
	const char *flaw;
	json_t *object = parcel_read(line, len, &flaw);
	struct request r;
	enum err e;

	if (object == NULL) {
		buf_print(words, "That cannot be read: %s.", flaw);
		return ERR_BAD_JSON;
	}
	request_init(&r);
	e = read_members(&r, object, words);
	if (e == ERR_OK &&
	    !base64url_read_exactly(r.client_nonce, strlen(r.client_nonce),
				    hello->client_nonce,
				    sizeof(hello->client_nonce)))
		e = object_to(words, ERR_BAD_NONCE,
			      "\"client_nonce\" must be 32 bytes in "
			      "base64url.");
	request_fini(&r);
	parcel_free(&object);
	return e;
}

static enum err derive(struct atm_session *as, struct hello *hello)
{
	uint8_t exported[SESSION_EXPORTED];

	if (!session_export(as->caller.session, session_keys_label, exported,
			    sizeof(exported)))
		return ERR_INTERNAL;
	random_bytes(hello->server_nonce, sizeof(hello->server_nonce));
	session_keys_derive(exported, hello->client_nonce, hello->server_nonce,
			    &hello->keys);
	mem_wipe(exported, sizeof(exported));
	return ERR_OK;
}

static void add_binary(struct buf *out, const char *name, const void *bytes,
		       size_t len)
{
	AUTO(buf_wipe) struct buf text = { 0 };

	base64url_add(&text, bytes, len);
	answer_text(out, name, buf_text(&text));
}

/* Who we are, said for this channel alone. */
static void add_identity(const struct realm *realm, const struct hello *hello,
			 struct buf *out)
{
	AUTO(buf_fini) struct buf payload = { 0 };
	AUTO(buf_fini) struct buf identity = { 0 };

	answer_open(&payload, NULL, '{');
	answer_number(&payload, "v", 1);
	add_binary(&payload, "confirm", hello->keys.confirm,
		   sizeof(hello->keys.confirm));
	add_binary(&payload, "client_nonce", hello->client_nonce,
		   sizeof(hello->client_nonce));
	add_binary(&payload, "server_nonce", hello->server_nonce,
		   sizeof(hello->server_nonce));
	answer_close(&payload, '}');
	jws_sign(realm->identity, NULL, buf_at(&payload), buf_len(&payload),
		 &identity);
	answer_text(out, "identity", buf_text(&identity));
}

static void answer(struct atm_session *as, const struct hello *hello)
{
	AUTO(buf_fini) struct buf object = { 0 };
	char number[24];

	(void)snprintf(number, sizeof(number), "%" PRIu64,
		       session_handle(as->caller.session).number);
	answer_open(&object, NULL, '{');
	answer_bool(&object, "ok", true);
	answer_number(&object, "v", 1);
	add_binary(&object, "server_nonce", hello->server_nonce,
		   sizeof(hello->server_nonce));
	answer_text(&object, "session", number);
	add_identity(as->caller.realm, hello, &object);
	answer_close(&object, '}');
	atm_send(as, &object);
}

enum err hello_take(struct atm_session *as, const char *line, size_t len,
		    struct buf *words)
{
	AUTO(wipe) struct hello hello;
	enum err e = read_line(line, len, &hello, words);

	if (e == ERR_OK)
		e = derive(as, &hello);
	if (e != ERR_OK)
		return e;
	answer(as, &hello);
	as->requests = jwe_new_to_open(hello.keys.request);
	as->answers = jwe_new_to_seal(hello.keys.response);
	return ERR_OK;
}
