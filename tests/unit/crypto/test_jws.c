#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/base64url.h"
#include "crypto/jws.h"

/* RFC 8037, appendix A.1 to A.5. */
#define D "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
#define X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
static const char rfc_header[] = "{\"alg\":\"EdDSA\"}";
static const char rfc_payload[] = "Example of Ed25519 signing";
static const char rfc_jws[] =
	"eyJhbGciOiJFZERTQSJ9"
	".RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
	".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhV"
	"sPt9g7sVvpAr_MuM0KAg";

/* SHA-256 of the bytes of X. */
#define KID "If4x36FUomFia_hUBG_SJxt77UtqvkWqWId-9H-XIbk"
#define JWK "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\"}"
#define HEAD(rest) "{\"alg\":\"EdDSA\"," rest "}"
#define OURS "\"kid\":\"" KID "\",\"jwk\":" JWK

static const char payload[] = "{\"v\":1}";

struct desk {
	struct identity_key *key;
	uint8_t public[IDENTITY_PUBLIC];
	struct buf jws;
	struct buf opened;
};

static int set_up(void **state)
{
	static struct desk desk;
	uint8_t seed[IDENTITY_SEED];

	memset(&desk, 0, sizeof(desk));
	assert_true(base64url_read_exactly(D, strlen(D), seed, sizeof(seed)));
	desk.key = identity_key_new(seed);
	*state = &desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	identity_key_free(&d->key);
	assert_null(d->key);
	buf_fini(&d->jws);
	buf_fini(&d->opened);
	return 0;
}

static enum err open_it(struct desk *d, const char *jws, size_t len,
			const char *typ)
{
	buf_reset(&d->opened);
	return jws_open(jws, len, typ, &d->opened, d->public);
}

static void assert_says(struct desk *d, const char *want)
{
	assert_int_equal(buf_len(&d->opened), strlen(want));
	assert_memory_equal(buf_at(&d->opened), want, strlen(want));
}

static void signs_as_in_the_rfc(void **state)
{
	struct desk *d = *state;
	char x[sizeof(X)] = "";

	base64url_write(identity_key_public(d->key), IDENTITY_PUBLIC, x);
	assert_string_equal(x, X);
	assert_string_equal(identity_key_kid(d->key), KID);
	assert_string_equal(identity_key_text(d->key), "SHA256:" KID);
	jws_sign_under(d->key, rfc_header, rfc_payload, strlen(rfc_payload),
		       &d->jws);
	assert_int_equal(buf_len(&d->jws), strlen(rfc_jws));
	assert_memory_equal(buf_at(&d->jws), rfc_jws, strlen(rfc_jws));
}

static void verifies_as_in_the_rfc(void **state)
{
	struct desk *d = *state;

	assert_int_equal(jws_open_by(rfc_jws, strlen(rfc_jws), NULL,
				     identity_key_public(d->key), &d->opened),
			 ERR_OK);
	assert_says(d, rfc_payload);
	/* It names no key. */
	assert_int_equal(open_it(d, rfc_jws, strlen(rfc_jws), NULL),
			 ERR_BAD_INPUT);
}

static void names_its_key(void **state)
{
	static const char *const headers[] = {
		HEAD(OURS),
		HEAD("\"typ\":\"rialto-receipt\"," OURS),
	};
	static const char *const typs[] = { NULL, "rialto-receipt" };
	struct desk *d = *state;

	for (size_t i = 0; i < COUNT(typs); i++) {
		struct buf want = { 0 };

		buf_reset(&d->jws);
		jws_sign(d->key, typs[i], payload, strlen(payload), &d->jws);
		base64url_add(&want, headers[i], strlen(headers[i]));
		assert_memory_equal(buf_at(&d->jws), buf_at(&want),
				    buf_len(&want));
		buf_fini(&want);
		assert_int_equal(
			open_it(d, buf_at(&d->jws), buf_len(&d->jws), typs[i]),
			ERR_OK);
		assert_says(d, payload);
		assert_memory_equal(d->public, identity_key_public(d->key),
				    IDENTITY_PUBLIC);
		/* A receipt is no identity, nor the other way round. */
		assert_int_equal(open_it(d, buf_at(&d->jws), buf_len(&d->jws),
					 typs[1 - i]),
				 ERR_BAD_INPUT);
	}
}

static void each_byte_counts(void **state)
{
	struct desk *d = *state;
	size_t len;

	jws_sign(d->key, NULL, payload, strlen(payload), &d->jws);
	len = buf_len(&d->jws);
	for (size_t i = 0; i < len; i++) {
		char *at = buf_at(&d->jws) + i;

		for (int bit = 0; bit < 8; bit++) {
			*at = (char)(*at ^ (1 << bit));
			assert_int_not_equal(
				open_it(d, buf_at(&d->jws), len, NULL), ERR_OK);
			assert_int_equal(buf_len(&d->opened), 0);
			*at = (char)(*at ^ (1 << bit));
		}
		assert_int_equal(open_it(d, buf_at(&d->jws), i, NULL),
				 ERR_BAD_INPUT);
	}
	assert_int_equal(open_it(d, buf_at(&d->jws), len, NULL), ERR_OK);
}

/* Each signed by the key, as it stands there. */
static const struct header_case {
	const char *header;
	enum err want;
} header_cases[] = {
	{ HEAD(OURS), ERR_OK },
	{ "{\"jwk\":" JWK ",\"kid\":\"" KID "\",\"alg\":\"EdDSA\"}", ERR_OK },
	{ HEAD("\"other\":[1]," OURS), ERR_OK },
	{ HEAD("\"crit\":[\"other\"],\"other\":1," OURS), ERR_BAD_INPUT },
	{ HEAD("\"crit\":[]," OURS), ERR_BAD_INPUT },
	{ HEAD("\"alg\":\"EdDSA\"," OURS), ERR_BAD_INPUT },
	{ HEAD("\"typ\":\"rialto-receipt\"," OURS), ERR_BAD_INPUT },
	{ HEAD("\"typ\":null," OURS), ERR_BAD_INPUT },
	{ "{\"alg\":\"none\"," OURS "}", ERR_BAD_INPUT },
	{ "{\"alg\":\"HS256\"," OURS "}", ERR_BAD_INPUT },
	{ "{\"alg\":\"ES256\"," OURS "}", ERR_BAD_INPUT },
	{ "{" OURS "}", ERR_BAD_INPUT },
	{ HEAD("\"jwk\":" JWK), ERR_BAD_INPUT },
	{ HEAD("\"kid\":\"" KID "\""), ERR_BAD_INPUT },
	{ HEAD("\"kid\":\"" X "\",\"jwk\":" JWK), ERR_BAD_INPUT },
	{ HEAD("\"kid\":\"" KID "\",\"jwk\":{\"kty\":\"EC\",\"crv\":"
	       "\"Ed25519\",\"x\":\"" X "\"}"),
	  ERR_BAD_INPUT },
	{ HEAD("\"kid\":\"" KID "\",\"jwk\":{\"kty\":\"OKP\",\"crv\":"
	       "\"X25519\",\"x\":\"" X "\"}"),
	  ERR_BAD_INPUT },
	{ HEAD("\"kid\":\"" KID "\",\"jwk\":{\"kty\":\"OKP\",\"crv\":"
	       "\"Ed25519\",\"x\":\"" X "AA\"}"),
	  ERR_BAD_INPUT },
	{ HEAD("\"kid\":\"" KID "\",\"jwk\":\"" X "\""), ERR_BAD_INPUT },
	{ "[]", ERR_BAD_INPUT },
	{ "", ERR_BAD_INPUT },
	{ "{", ERR_BAD_INPUT },
};

static void the_header_is_understood(void **state)
{
	struct desk *d = *state;

	for (size_t i = 0; i < COUNT(header_cases); i++) {
		const struct header_case *c = &header_cases[i];

		buf_reset(&d->jws);
		jws_sign_under(d->key, c->header, payload, strlen(payload),
			       &d->jws);
		if (open_it(d, buf_at(&d->jws), buf_len(&d->jws), NULL) !=
		    c->want)
			fail_msg("%s", c->header);
	}
}

/* RFC 7515, appendix A.1 (HS256) and A.5 (none), shortened where it may be. */
static const char *const not_ours[] = {
	"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
	".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
	"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	"eyJhbGciOiJub25lIn0"
	".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
	"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	".",
	"",
	".",
	"..",
	"...",
	"eyJhbGciOiJFZERTQSJ9",
};

static void takes_no_other_algorithm(void **state)
{
	struct desk *d = *state;

	for (size_t i = 0; i < COUNT(not_ours); i++) {
		size_t len = strlen(not_ours[i]);

		assert_int_equal(open_it(d, not_ours[i], len, NULL),
				 ERR_BAD_INPUT);
		assert_int_equal(jws_open_by(not_ours[i], len, NULL,
					     identity_key_public(d->key),
					     &d->opened),
				 ERR_BAD_INPUT);
	}
}

static void another_key_has_not_signed(void **state)
{
	struct desk *d = *state;
	uint8_t seed[IDENTITY_SEED] = { 1 };
	struct identity_key *other = identity_key_new(seed);

	/* Our names, his signature. */
	jws_sign_under(other, HEAD(OURS), payload, strlen(payload), &d->jws);
	assert_int_equal(open_it(d, buf_at(&d->jws), buf_len(&d->jws), NULL),
			 ERR_MAC_FAILED);
	/* All his: right in itself, and it says that it is another's. */
	buf_reset(&d->jws);
	jws_sign(other, NULL, payload, strlen(payload), &d->jws);
	assert_int_equal(open_it(d, buf_at(&d->jws), buf_len(&d->jws), NULL),
			 ERR_OK);
	assert_memory_not_equal(d->public, identity_key_public(d->key),
				IDENTITY_PUBLIC);
	assert_int_equal(jws_open_by(buf_at(&d->jws), buf_len(&d->jws), NULL,
				     identity_key_public(d->key), &d->opened),
			 ERR_MAC_FAILED);
	identity_key_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
		ROW(signs_as_in_the_rfc),
		ROW(verifies_as_in_the_rfc),
		ROW(names_its_key),
		ROW(each_byte_counts),
		ROW(the_header_is_understood),
		ROW(takes_no_other_algorithm),
		ROW(another_key_has_not_signed),
	};

	return cmocka_run_group_tests_name("jws", tests, NULL, NULL);
}
