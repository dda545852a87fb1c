#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "client/negotiation.h"
#include "crypto/jws.h"
#include "crypto/random.h"

static const uint8_t seed[IDENTITY_SEED] = { 7 };

/* Both ends of a channel, as far as the negotiation sees it. */
struct ends {
	struct negotiation client;
	uint8_t server_nonce[SESSION_NONCE];
	struct session_keys server;
	struct identity_key *key;
};

static void begin(struct ends *ends)
{
	memset(ends, 0, sizeof(*ends));
	random_bytes(ends->client.exported, sizeof(ends->client.exported));
	random_bytes(ends->client.nonce, sizeof(ends->client.nonce));
	random_bytes(ends->server_nonce, sizeof(ends->server_nonce));
	session_keys_derive(ends->client.exported, ends->client.nonce,
			    ends->server_nonce, &ends->server);
	ends->key = identity_key_new(seed);
}

static void end(struct ends *ends)
{
	identity_key_free(&ends->key);
	negotiation_wipe(&ends->client);
}

static void add(struct buf *out, const char *name, const uint8_t *bytes)
{
	buf_print(out, ",\"%s\":\"", name);
	base64url_add(out, bytes, 32);
	buf_add_char(out, '"');
}

static void sign(const struct ends *ends, const char *typ, int v,
		 struct buf *jws)
{
	AUTO(buf_fini) struct buf payload = { 0 };

	buf_print(&payload, "{\"v\":%d", v);
	add(&payload, "confirm", ends->server.confirm);
	add(&payload, "client_nonce", ends->client.nonce);
	add(&payload, "server_nonce", ends->server_nonce);
	buf_add_char(&payload, '}');
	jws_sign(ends->key, typ, buf_at(&payload), buf_len(&payload), jws);
}

static enum err check(const struct ends *ends, const struct buf *jws,
		      struct session_keys *keys_r, char *identity_r)
{
	char nonce[NEGOTIATION_NONCE_TEXT] = "";
	const char *why = NULL;
	enum err e;

	base64url_write(ends->server_nonce, sizeof(ends->server_nonce), nonce);
	e = negotiation_check(&ends->client, nonce, strlen(nonce), buf_at(jws),
			      buf_len(jws), keys_r, identity_r, &why);
	assert_int_equal(e == ERR_OK, why == NULL);
	return e;
}

static void test_both_ends_have_the_same_keys(void **state UNUSED)
{
	AUTO(buf_fini) struct buf jws = { 0 };
	struct session_keys keys;
	char identity[IDENTITY_TEXT];
	struct ends ends;

	begin(&ends);
	sign(&ends, NULL, 1, &jws);
	assert_int_equal(check(&ends, &jws, &keys, identity), ERR_OK);
	assert_string_equal(identity, identity_key_text(ends.key));
	assert_memory_equal(&keys, &ends.server, sizeof(keys));
	end(&ends);
}

/* Whoever stands between has another exporter to one of the ends. */
static void test_another_channel_is_found_out(void **state UNUSED)
{
	AUTO(buf_fini) struct buf jws = { 0 };
	static const struct session_keys none;
	struct session_keys keys;
	char identity[IDENTITY_TEXT];
	struct ends ends;

	begin(&ends);
	sign(&ends, NULL, 1, &jws);
	ends.client.exported[31] ^= 1;
	assert_int_equal(check(&ends, &jws, &keys, identity), ERR_MAC_FAILED);
	assert_memory_equal(&keys, &none, sizeof(keys));
	end(&ends);
}

static void test_other_nonces_are_found_out(void **state UNUSED)
{
	AUTO(buf_fini) struct buf jws = { 0 };
	struct session_keys keys;
	char identity[IDENTITY_TEXT];
	struct ends ends;

	begin(&ends);
	sign(&ends, NULL, 1, &jws);
	ends.client.nonce[0] ^= 1;
	assert_int_equal(check(&ends, &jws, &keys, identity), ERR_MAC_FAILED);
	ends.client.nonce[0] ^= 1;
	ends.server_nonce[0] ^= 1;
	assert_int_equal(check(&ends, &jws, &keys, identity), ERR_MAC_FAILED);
	end(&ends);
}

static void test_what_was_changed_is_refused(void **state UNUSED)
{
	AUTO(buf_fini) struct buf jws = { 0 };
	struct session_keys keys;
	char identity[IDENTITY_TEXT];
	struct ends ends;

	begin(&ends);
	sign(&ends, NULL, 1, &jws);
	for (size_t i = 0; i < buf_len(&jws); i++) {
		buf_at(&jws)[i] ^= 1;
		assert_int_not_equal(check(&ends, &jws, &keys, identity),
				     ERR_OK);
		buf_at(&jws)[i] ^= 1;
	}
	end(&ends);
}

static const struct wrong_case {
	const char *typ;
	int v;
} wrong_cases[] = {
	{ "rialto-receipt", 1 }, /* signed for something else */
	{ NULL, 2 },
};

static void test_other_texts_are_no_identity(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(wrong_cases); i++) {
		AUTO(buf_fini) struct buf jws = { 0 };
		struct session_keys keys;
		char identity[IDENTITY_TEXT];
		struct ends ends;

		begin(&ends);
		sign(&ends, wrong_cases[i].typ, wrong_cases[i].v, &jws);
		assert_int_equal(check(&ends, &jws, &keys, identity),
				 ERR_BAD_INPUT);
		end(&ends);
	}
}

static void test_a_nonce_is_32_bytes(void **state UNUSED)
{
	struct ends ends;
	struct session_keys keys;
	char identity[IDENTITY_TEXT];
	const char *why = NULL;

	begin(&ends);
	assert_int_equal(negotiation_check(&ends.client, "AAAA", 4, "a.b.c", 5,
					   &keys, identity, &why),
			 ERR_BAD_INPUT);
	assert_non_null(why);
	end(&ends);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ends_have_the_same_keys),
		cmocka_unit_test(test_another_channel_is_found_out),
		cmocka_unit_test(test_other_nonces_are_found_out),
		cmocka_unit_test(test_what_was_changed_is_refused),
		cmocka_unit_test(test_other_texts_are_no_identity),
		cmocka_unit_test(test_a_nonce_is_32_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
