/*
 * The first byte says what the others are: a sealed message, a header that is
 * sealed under the right key, or a text that must come back.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "crypto/base64url.h"
#include "crypto/cbc_hs512.h"
#include "crypto/jwe.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { HEADER_MOST = 4096 };

static void make_key(uint8_t key_r[JWE_KEY])
{
	for (size_t i = 0; i < JWE_KEY; i++)
		key_r[i] = (uint8_t)i;
}

/* What is refused has changed nothing; what is not was the next. */
static bool open_it(const char *message, size_t len, struct buf *text)
{
	uint8_t key[JWE_KEY];
	struct jwe *jwe;
	enum err e;

	make_key(key);
	jwe = jwe_new_to_open(key);
	e = jwe_open(jwe, message, len, text);
	assert(e == ERR_OK || e == ERR_MAC_FAILED || e == ERR_REPLAY);
	assert(jwe_next(jwe) == (e == ERR_OK));
	assert(e == ERR_OK || buf_len(text) == 0);
	jwe_free(&jwe);
	return e == ERR_OK;
}

static void open_message(const char *bytes, size_t len)
{
	AUTO(buf_wipe) struct buf text = { 0 };

	if (open_it(bytes, len, &text))
		assert(buf_len(&text) < len);
}

static void open_header(const char *bytes, size_t len)
{
	AUTO(buf_wipe) struct buf text = { 0 };
	AUTO(buf_fini) struct buf message = { 0 };
	static const uint8_t iv[CBC_HS512_IV];
	uint8_t key[JWE_KEY];
	uint8_t sealed[CBC_HS512_BLOCK];
	uint8_t tag[CBC_HS512_TAG];
	struct cbc_hs512 c;
	struct cbc_hs512_message m = { .iv = iv,
				       .sealed = sealed,
				       .sealed_len = sizeof(sealed) };

	if (len > HEADER_MOST)
		return;
	make_key(key);
	cbc_hs512_init_to_seal(&c, key);
	cbc_hs512_encrypt(&c, iv, "text", 4, sealed);
	base64url_add(&message, bytes, len);
	m.beside = buf_at(&message);
	m.beside_len = buf_len(&message);
	cbc_hs512_sign(&c, &m, tag);
	buf_add_text(&message, "..");
	base64url_add(&message, iv, sizeof(iv));
	buf_add_char(&message, '.');
	base64url_add(&message, sealed, sizeof(sealed));
	buf_add_char(&message, '.');
	base64url_add(&message, tag, sizeof(tag));
	if (!open_it(buf_at(&message), buf_len(&message), &text))
		return;
	assert(buf_len(&text) == 4 && memcmp(buf_at(&text), "text", 4) == 0);
	/* Each of these must be there. */
	assert(memchr(bytes, '0', len) != NULL);
	assert(len >= strlen("{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\","
			     "\"seq\":0}"));
}

static void come_back(const char *bytes, size_t len)
{
	AUTO(buf_wipe) struct buf text = { 0 };
	AUTO(buf_fini) struct buf message = { 0 };
	uint8_t key[JWE_KEY];
	struct jwe *jwe;

	make_key(key);
	jwe = jwe_new_to_seal(key);
	jwe_seal(jwe, bytes, len, &message);
	assert(open_it(buf_at(&message), buf_len(&message), &text));
	assert(buf_len(&text) == len);
	assert(len == 0 || memcmp(buf_at(&text), bytes, len) == 0);
	jwe_free(&jwe);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static void (*const ways[])(const char *bytes, size_t len) = {
		open_message,
		open_header,
		come_back,
	};

	if (len > 0)
		ways[bytes[0] % COUNT(ways)]((const char *)bytes + 1, len - 1);
	return 0;
}
