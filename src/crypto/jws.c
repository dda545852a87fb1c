#include "crypto/jws.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/base64url.h"

enum {
	HEADER = 320,
	HEADER_MOST = 4096, /* characters, as others may write it */
	KEY_TEXT = BASE64URL_TEXT(IDENTITY_PUBLIC),
	SIGNATURE_TEXT = BASE64URL_TEXT(IDENTITY_SIGNATURE),
};

void jws_sign_under(const struct identity_key *key, const char *header,
		    const void *payload, size_t len, struct buf *out)
{
	uint8_t signature[IDENTITY_SIGNATURE];
	size_t header_len = strlen(header);
	size_t signed_len =
		BASE64URL_TEXT(header_len) + 1 + BASE64URL_TEXT(len);
	size_t before;

	buf_reserve(out, signed_len + 1 + SIGNATURE_TEXT);
	before = buf_len(out);
	base64url_add(out, header, header_len);
	buf_add_char(out, '.');
	base64url_add(out, payload, len);
	identity_key_sign(key, buf_at(out) + before, signed_len, signature);
	buf_add_char(out, '.');
	base64url_add(out, signature, sizeof(signature));
}

void jws_sign(const struct identity_key *key, const char *typ,
	      const void *payload, size_t len, struct buf *out)
{
	char x[KEY_TEXT + 1] = "";
	char header[HEADER];

	base64url_write(identity_key_public(key), IDENTITY_PUBLIC, x);
	snprintf(header, sizeof(header),
		 "{\"alg\":\"EdDSA\",%s%s%s\"kid\":\"%s\",\"jwk\":{"
		 "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}}",
		 typ != NULL ? "\"typ\":\"" : "", typ != NULL ? typ : "",
		 typ != NULL ? "\"," : "", identity_key_kid(key), x);
	jws_sign_under(key, header, payload, len, out);
}

/* A JWS between its dots. */
struct parts {
	const char *jws;
	size_t header_len;
	size_t signed_len; /* header, dot, payload */
	const char *payload;
	size_t payload_len;
	const char *signature;
	size_t signature_len;
};

static bool split(const char *jws, size_t len, struct parts *p)
{
	const char *end = jws + len;
	const char *first = memchr(jws, '.', len);
	const char *second;

	if (first == NULL)
		return false;
	second = memchr(first + 1, '.', (size_t)(end - first - 1));
	if (second == NULL)
		return false;
	p->jws = jws;
	p->header_len = (size_t)(first - jws);
	p->signed_len = (size_t)(second - jws);
	p->payload = first + 1;
	p->payload_len = (size_t)(second - first - 1);
	p->signature = second + 1;
	p->signature_len = (size_t)(end - second - 1);
	return true;
}

static bool is_text(const json_t *member, const char *text)
{
	return json_is_string(member) &&
	       json_string_length(member) == strlen(text) &&
	       memcmp(json_string_value(member), text, strlen(text)) == 0;
}

/* The header, when it is one that we understand; to be freed. */
static json_t *read_header(const struct parts *p, const char *typ)
{
	char bytes[BASE64URL_BYTES(HEADER_MOST)];
	json_t *header;
	json_t *is;

	if (p->header_len > HEADER_MOST ||
	    !base64url_read(p->jws, p->header_len, bytes))
		return NULL;
	header = json_loadb(bytes, BASE64URL_BYTES(p->header_len),
			    JSON_REJECT_DUPLICATES, NULL);
	is = json_object_get(header, "typ");
	if (is_text(json_object_get(header, "alg"), "EdDSA") &&
	    json_object_get(header, "crit") == NULL &&
	    (typ == NULL ? is == NULL : is_text(is, typ)))
		return header;
	json_decref(header);
	return NULL;
}

static bool read_key(const json_t *header, uint8_t public_r[IDENTITY_PUBLIC])
{
	const json_t *jwk = json_object_get(header, "jwk");
	const json_t *x = json_object_get(jwk, "x");
	char kid[IDENTITY_KID];

	if (!is_text(json_object_get(jwk, "kty"), "OKP") ||
	    !is_text(json_object_get(jwk, "crv"), "Ed25519") ||
	    !json_is_string(x) ||
	    !base64url_read_exactly(json_string_value(x), json_string_length(x),
				    public_r, IDENTITY_PUBLIC))
		return false;
	identity_print_kid(public_r, kid);
	return is_text(json_object_get(header, "kid"), kid);
}

static enum err open_parts(const struct parts *p,
			   const uint8_t public[IDENTITY_PUBLIC],
			   struct buf *payload_r)
{
	uint8_t signature[IDENTITY_SIGNATURE];
	size_t len = BASE64URL_BYTES(p->payload_len);

	if (!base64url_read_exactly(p->signature, p->signature_len, signature,
				    sizeof(signature)) ||
	    !base64url_read(p->payload, p->payload_len,
			    buf_reserve(payload_r, len)))
		return ERR_BAD_INPUT;
	if (!identity_has_signed(public, p->jws, p->signed_len, signature))
		return ERR_MAC_FAILED;
	buf_added(payload_r, len);
	return ERR_OK;
}

/* By this key, or by the header's where known is NULL. */
static enum err open_jws(const char *jws, size_t len, const char *typ,
			 const uint8_t *known, struct buf *payload_r,
			 uint8_t public_r[IDENTITY_PUBLIC])
{
	struct parts p;
	json_t *header;
	bool has_key = true;

	if (!split(jws, len, &p))
		return ERR_BAD_INPUT;
	header = read_header(&p, typ);
	if (header == NULL)
		return ERR_BAD_INPUT;
	if (known != NULL)
		memcpy(public_r, known, IDENTITY_PUBLIC);
	else
		has_key = read_key(header, public_r);
	json_decref(header);
	return has_key ? open_parts(&p, public_r, payload_r) : ERR_BAD_INPUT;
}

enum err jws_open(const char *jws, size_t len, const char *typ,
		  struct buf *payload_r, uint8_t public_r[IDENTITY_PUBLIC])
{
	return open_jws(jws, len, typ, NULL, payload_r, public_r);
}

enum err jws_open_by(const char *jws, size_t len, const char *typ,
		     const uint8_t public[IDENTITY_PUBLIC],
		     struct buf *payload_r)
{
	uint8_t used[IDENTITY_PUBLIC];

	return open_jws(jws, len, typ, public, payload_r, used);
}
