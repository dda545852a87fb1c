/*
 * The first byte says what the others are: a JWS, a header that the right key
 * has signed, a payload that it has signed as a proof of a channel, or text
 * that may be base64url.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/base64url.h"
#include "crypto/channel_proof.h"
#include "crypto/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static struct identity_key *make_key(void)
{
	return identity_key_new((const uint8_t[IDENTITY_SEED]){ 1 });
}

static void open_jws(const char *bytes, size_t len)
{
	AUTO(buf_fini) struct buf payload = { 0 };
	uint8_t public[IDENTITY_PUBLIC];
	enum err e = jws_open(bytes, len, NULL, &payload, public);

	assert(e == ERR_OK || e == ERR_BAD_INPUT || e == ERR_MAC_FAILED);
	assert(e == ERR_OK || buf_len(&payload) == 0);
}

static void open_header(const char *bytes, size_t len)
{
	AUTO(identity_key_free) struct identity_key *key = make_key();
	AUTO(mem_free_text) char *header = mem_alloc(len + 1);
	AUTO(buf_fini) struct buf jws = { 0 };
	AUTO(buf_fini) struct buf payload = { 0 };
	uint8_t public[IDENTITY_PUBLIC];
	enum err e;

	memcpy(header, bytes, len);
	header[len] = '\0';
	jws_sign_under(key, header, "text", 4, &jws);
	e = jws_open(buf_at(&jws), buf_len(&jws), NULL, &payload, public);
	if (e == ERR_OK) {
		assert(memcmp(public, identity_key_public(key),
			      IDENTITY_PUBLIC) == 0);
		assert(buf_len(&payload) == 4);
		assert(memcmp(buf_at(&payload), "text", 4) == 0);
	}
}

static void check_proof(const char *bytes, size_t len)
{
	static const struct channel_proof proof = { .confirm = { 1 } };
	AUTO(identity_key_free) struct identity_key *key = make_key();
	AUTO(buf_fini) struct buf jws = { 0 };
	uint8_t public[IDENTITY_PUBLIC];

	jws_sign(key, NULL, bytes, len, &jws);
	(void)!channel_proof_check(buf_at(&jws), buf_len(&jws), &proof, public);
}

/* What can be read is what would be written. */
static void read_base64url(const char *bytes, size_t len)
{
	AUTO(mem_free_text) char *read = mem_alloc(BASE64URL_BYTES(len) + 1);
	AUTO(mem_free_text) char *again = mem_alloc(len + 1);

	if (!base64url_read(bytes, len, read))
		return;
	assert(BASE64URL_TEXT(BASE64URL_BYTES(len)) == len);
	base64url_write(read, BASE64URL_BYTES(len), again);
	assert(memcmp(bytes, again, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static void (*const ways[])(const char *bytes, size_t len) = {
		open_jws,
		open_header,
		check_proof,
		read_base64url,
	};

	if (len > 0)
		ways[bytes[0] % COUNT(ways)]((const char *)bytes + 1, len - 1);
	return 0;
}
