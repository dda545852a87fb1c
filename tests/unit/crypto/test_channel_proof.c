#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/base64url.h"
#include "crypto/channel_proof.h"
#include "crypto/jws.h"

static struct identity_key *key;
static struct channel_proof channel;

static int set_up(void **state)
{
	uint8_t *bytes = (uint8_t *)&channel;

	(void)state;
	key = identity_key_new((const uint8_t[IDENTITY_SEED]){ 1 });
	for (size_t i = 0; i < sizeof(channel); i++)
		bytes[i] = (uint8_t)i;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	identity_key_free(&key);
	return 0;
}

#define FIRST "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define SECOND "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
#define THIRD "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8"

static void says_what_the_protocol_says(void **state)
{
	static const char want[] =
		"{\"v\":1,\"confirm\":\"" FIRST "\",\"client_nonce\":\"" SECOND
		"\",\"server_nonce\":\"" THIRD "\"}";
	struct buf jws = { 0 };
	struct buf payload = { 0 };
	uint8_t public[IDENTITY_PUBLIC] = { 0 };

	(void)state;
	channel_proof_sign(key, &channel, &jws);
	assert_int_equal(
		jws_open(buf_at(&jws), buf_len(&jws), NULL, &payload, public),
		ERR_OK);
	assert_string_equal(buf_text(&payload), want);
	memset(public, 0, sizeof(public));
	assert_int_equal(channel_proof_check(buf_at(&jws), buf_len(&jws),
					     &channel, public),
			 ERR_OK);
	assert_memory_equal(public, identity_key_public(key), sizeof(public));
	buf_fini(&jws);
	buf_fini(&payload);
}

/* With another exporter, or other nonces, it was made for somebody else. */
static void holds_for_no_other_channel(void **state)
{
	uint8_t *bytes = (uint8_t *)&channel;
	struct buf jws = { 0 };
	uint8_t public[IDENTITY_PUBLIC];

	(void)state;
	channel_proof_sign(key, &channel, &jws);
	for (size_t i = 0; i < sizeof(channel); i++) {
		bytes[i] ^= 0x80;
		assert_int_equal(channel_proof_check(buf_at(&jws),
						     buf_len(&jws), &channel,
						     public),
				 ERR_MAC_FAILED);
		bytes[i] ^= 0x80;
	}
	buf_fini(&jws);
}

#define THREE                                                                  \
	"\"confirm\":\"" FIRST "\",\"client_nonce\":\"" SECOND                 \
	"\",\"server_nonce\":\"" THIRD "\""

/* Whatever the key signs, only this is a proof. */
static const struct payload_case {
	const char *payload;
	enum err want;
} payload_cases[] = {
	{ "{\"v\":1," THREE "}", ERR_OK },
	{ "{" THREE ",\"v\":1}", ERR_OK },
	{ "{\"v\":1," THREE ",\"more\":[]}", ERR_OK },
	{ "{" THREE "}", ERR_BAD_INPUT },
	{ "{\"v\":2," THREE "}", ERR_BAD_INPUT },
	{ "{\"v\":\"1\"," THREE "}", ERR_BAD_INPUT },
	{ "{\"v\":1,\"v\":1," THREE "}", ERR_BAD_INPUT },
	{ "{\"v\":1,\"confirm\":\"" FIRST "\"}", ERR_BAD_INPUT },
	{ "{\"v\":1,\"confirm\":\"AAEC\",\"client_nonce\":\"" SECOND
	  "\",\"server_nonce\":\"" THIRD "\"}",
	  ERR_BAD_INPUT },
	{ "{\"v\":1,\"confirm\":1,\"client_nonce\":\"" SECOND
	  "\",\"server_nonce\":\"" THIRD "\"}",
	  ERR_BAD_INPUT },
	{ "{\"v\":1,\"confirm\":\"" FIRST "\",\"client_nonce\":\"" THIRD
	  "\",\"server_nonce\":\"" SECOND "\"}",
	  ERR_MAC_FAILED },
	{ "[1]", ERR_BAD_INPUT },
	{ "", ERR_BAD_INPUT },
	{ "{\"v\":1," THREE, ERR_BAD_INPUT },
};

static void nothing_else_is_a_proof(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(payload_cases); i++) {
		const struct payload_case *c = &payload_cases[i];
		struct buf jws = { 0 };
		uint8_t public[IDENTITY_PUBLIC];

		jws_sign(key, NULL, c->payload, strlen(c->payload), &jws);
		if (channel_proof_check(buf_at(&jws), buf_len(&jws), &channel,
					public) != c->want)
			fail_msg("%s", c->payload);
		buf_fini(&jws);
	}
}

static void a_receipt_is_none(void **state)
{
	static const char payload[] = "{\"v\":1," THREE "}";
	struct buf jws = { 0 };
	uint8_t public[IDENTITY_PUBLIC];

	(void)state;
	jws_sign(key, "rialto-receipt", payload, strlen(payload), &jws);
	assert_int_equal(channel_proof_check(buf_at(&jws), buf_len(&jws),
					     &channel, public),
			 ERR_BAD_INPUT);
	buf_fini(&jws);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_the_protocol_says),
		cmocka_unit_test(holds_for_no_other_channel),
		cmocka_unit_test(nothing_else_is_a_proof),
		cmocka_unit_test(a_receipt_is_none),
	};

	return cmocka_run_group_tests_name("channel_proof", tests, set_up,
					   tear_down);
}
