#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "client/receipt.h"
#include "crypto/jws.h"

#define PAID                                                                   \
	"{\"v\":1,\"server\":\"Rialto\",\"currency\":\"RIA\",\"entry\":57,"    \
	"\"hash\":\"abc\",\"time\":1763841240000,\"kind\":\"pay\","            \
	"\"id\":\"0193\",\"account\":\"ann\",\"from\":\"ann\","                \
	"\"to\":\"ben\",\"amount\":\"30.25\",\"fee\":\"0.00\","                \
	"\"balance\":\"69.75\",\"memo\":\"lunch\\u001b[2J\"}"

static void sign(const char *typ, const char *payload, struct buf *jws)
{
	static const uint8_t seed[IDENTITY_SEED] = { 9 };
	struct identity_key *key = identity_key_new(seed);

	jws_sign(key, typ, payload, strlen(payload), jws);
	identity_key_free(&key);
}

static enum err read(const struct buf *jws, struct buf *words)
{
	char identity[IDENTITY_TEXT];
	const char *why = NULL;
	enum err e =
		receipt_open(buf_at(jws), buf_len(jws), words, identity, &why);

	assert_int_equal(e == ERR_OK, why == NULL);
	return e;
}

static void test_says_what_happened(void **state UNUSED)
{
	AUTO(buf_fini) struct buf jws = { 0 }, words = { 0 };

	setenv("TZ", "UTC", 1);
	buf_add_text(&jws, "\n ");
	sign("rialto-receipt", PAID, &jws);
	buf_add_text(&jws, "\r\n");
	assert_int_equal(read(&jws, &words), ERR_OK);
	assert_string_equal(buf_text(&words), "Server:   Rialto\n"
					      "Entry:    #57\n"
					      "Time:     2025-11-22 19:54\n"
					      "Kind:     pay\n"
					      "From:     ann\n"
					      "To:       ben\n"
					      "Amount:   30.25 RIA\n"
					      "Fee:      0.00 RIA\n"
					      "Memo:     lunch\xef\xbf\xbd[2J\n"
					      "Account:  ann\n"
					      "Balance:  69.75 RIA\n"
					      "Id:       0193\n"
					      "Hash:     abc\n");
}

/* What was released has left the receiver's account alone. */
static void test_needs_no_balance(void **state UNUSED)
{
	AUTO(buf_fini) struct buf jws = { 0 }, words = { 0 };

	sign("rialto-receipt",
	     "{\"v\":1,\"server\":\"Rialto\",\"currency\":\"RIA\","
	     "\"entry\":58,\"hash\":\"abc\",\"time\":1763841240000,"
	     "\"kind\":\"release\",\"reference\":41,"
	     "\"account\":\"ben\",\"amount\":\"5.00\"}",
	     &jws);
	assert_int_equal(read(&jws, &words), ERR_OK);
	assert_non_null(strstr(buf_text(&words), "\nKind:     release\n"
						 "About:    #41\n"));
}

static void test_finds_every_change(void **state UNUSED)
{
	AUTO(buf_fini) struct buf jws = { 0 };

	sign("rialto-receipt", PAID, &jws);
	for (size_t i = 0; i < buf_len(&jws); i++) {
		AUTO(buf_fini) struct buf words = { 0 };

		buf_at(&jws)[i] ^= 1;
		assert_int_not_equal(read(&jws, &words), ERR_OK);
		assert_int_equal(buf_len(&words), 0);
		buf_at(&jws)[i] ^= 1;
	}
}

static const struct none_case {
	const char *typ;
	const char *payload;
} none_cases[] = {
	{ NULL, PAID },
	{ "other", PAID },
	{ "rialto-receipt", "{}" },
	{ "rialto-receipt", "no JSON" },
	{ "rialto-receipt", "{\"v\":2}" },
};

static void test_knows_what_is_none(void **state UNUSED)
{
	AUTO(buf_fini) struct buf none = { 0 }, nothing = { 0 };

	assert_int_equal(read(&none, &nothing), ERR_BAD_INPUT);
	for (size_t i = 0; i < COUNT(none_cases); i++) {
		AUTO(buf_fini) struct buf jws = { 0 }, words = { 0 };

		sign(none_cases[i].typ, none_cases[i].payload, &jws);
		assert_int_equal(read(&jws, &words), ERR_BAD_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says_what_happened),
		cmocka_unit_test(test_needs_no_balance),
		cmocka_unit_test(test_finds_every_change),
		cmocka_unit_test(test_knows_what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
