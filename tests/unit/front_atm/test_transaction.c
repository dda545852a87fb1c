#include "front/atm/transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/jws.h"
#include "front/atm/answer.h"

static const struct currency currency = { "RIA", "R", 2 };

enum { OWN = 10, OTHER = 20, FEES = 30 };

static struct entry pay(void)
{
	struct entry entry = { .seq = 57,
			       .time_ms = 1763841240000,
			       .kind = ENTRY_PAY,
			       .actor = 1 };

	assert_true(
		uuid_parse("0193a4c2-1f5e-7cc1-8b1f-0123456789ab", &entry.id));
	assert_true(entry_add_leg(&entry, OWN, OTHER, 3025));
	assert_true(entry_add_leg(&entry, OWN, FEES, 10));
	entry.postings[0].posted = 6965;
	entry.postings[0].held = 100;
	(void)snprintf(entry.memo, sizeof(entry.memo), "for \"you\"");
	memset(entry.hash, 0xff, sizeof(entry.hash));
	return entry;
}

static struct transaction of(const struct entry *entry)
{
	return (struct transaction){ .entry = entry,
				     .currency = &currency,
				     .own = OWN,
				     .left = entry->kind == ENTRY_HOLD
						     ? MONEY_NONE
						     : 6865,
				     .name = "ann",
				     .other = "ben" };
}

static void assert_printed(const struct entry *entry, const char *want)
{
	AUTO(buf_fini) struct buf out = { 0 };
	struct transaction t = of(entry);

	answer_open(&out, NULL, '{');
	transaction_print(&t, &out);
	answer_close(&out, '}');
	assert_string_equal(buf_text(&out), want);
}

/* What was signed, by the key that it names. */
static void assert_signed(const struct entry *entry, const char *want)
{
	static const uint8_t seed[IDENTITY_SEED] = { 1, 2, 3 };
	AUTO(buf_fini) struct buf jws = { 0 };
	AUTO(buf_fini) struct buf payload = { 0 };
	struct identity_key *key = identity_key_new(seed);
	struct transaction t = of(entry);
	uint8_t public[IDENTITY_PUBLIC];

	transaction_sign(&t, key, "Rialto", &jws);
	assert_int_equal(jws_open(buf_at(&jws), buf_len(&jws), "rialto-receipt",
				  &payload, public),
			 ERR_OK);
	assert_memory_equal(public, identity_key_public(key), sizeof(public));
	assert_string_equal(buf_text(&payload), want);
	identity_key_free(&key);
}

static void a_payment(void **state)
{
	struct entry entry = pay();

	(void)state;
	assert_printed(&entry,
		       "{\"entry\":57,\"time\":1763841240000,\"balance\":"
		       "{\"account\":\"ann\",\"posted\":\"69.65\","
		       "\"held\":\"1.00\",\"available\":\"68.65\"}}");
	assert_signed(&entry,
		      "{\"v\":1,\"server\":\"Rialto\",\"currency\":\"RIA\","
		      "\"entry\":57,\"hash\":"
		      "\"__________________________________________8\","
		      "\"time\":1763841240000,\"kind\":\"pay\","
		      "\"id\":\"0193a4c2-1f5e-7cc1-8b1f-0123456789ab\","
		      "\"account\":\"ann\",\"from\":\"ann\",\"to\":\"ben\","
		      "\"amount\":\"30.25\",\"fee\":\"0.10\","
		      "\"balance\":\"69.65\",\"memo\":\"for \\\"you\\\"\"}");
}

/* It comes back with what the house took, which is no fee then. */
static void a_reversal(void **state)
{
	struct entry entry = {
		.seq = 58, .time_ms = 5, .kind = ENTRY_REVERSE, .reference = 57
	};

	(void)state;
	assert_true(entry_add_leg(&entry, FEES, OWN, 10));
	assert_true(entry_add_leg(&entry, OTHER, OWN, 3025));
	assert_signed(&entry,
		      "{\"v\":1,\"server\":\"Rialto\",\"currency\":\"RIA\","
		      "\"entry\":58,\"hash\":"
		      "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
		      "\"time\":5,\"kind\":\"reverse\",\"reference\":57,"
		      "\"account\":\"ann\",\"from\":\"ben\",\"to\":\"ann\","
		      "\"amount\":\"30.25\",\"fee\":\"-0.10\","
		      "\"balance\":\"0.00\",\"memo\":\"\"}");
}

static void a_hold(void **state)
{
	struct entry entry = { .seq = 7,
			       .time_ms = 5,
			       .kind = ENTRY_HOLD,
			       .subject = OWN,
			       .other = OTHER,
			       .amount = 50,
			       .due_ms = 9 };

	(void)state;
	assert_true(entry_touch(&entry, OWN));
	entry.postings[0].posted = 80;
	entry.postings[0].held = 50;
	assert_printed(&entry,
		       "{\"entry\":7,\"time\":5,\"expires_ms\":9,\"balance\":"
		       "{\"account\":\"ann\",\"posted\":\"0.80\","
		       "\"held\":\"0.50\",\"available\":null}}");
	assert_signed(&entry,
		      "{\"v\":1,\"server\":\"Rialto\",\"currency\":\"RIA\","
		      "\"entry\":7,\"hash\":"
		      "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
		      "\"time\":5,\"kind\":\"hold\","
		      "\"account\":\"ann\",\"from\":\"ann\",\"to\":\"ben\","
		      "\"amount\":\"0.50\",\"fee\":\"0.00\","
		      "\"balance\":\"0.80\",\"memo\":\"\"}");
}

/* What the other one has is nobody's business. */
static void a_release(void **state)
{
	struct entry entry = { .seq = 8,
			       .time_ms = 5,
			       .kind = ENTRY_RELEASE,
			       .reference = 7,
			       .subject = OTHER,
			       .other = OWN,
			       .amount = 50 };

	(void)state;
	assert_true(entry_touch(&entry, OTHER));
	entry.postings[0].posted = 80;
	assert_printed(&entry, "{\"entry\":8,\"time\":5}");
	assert_signed(&entry,
		      "{\"v\":1,\"server\":\"Rialto\",\"currency\":\"RIA\","
		      "\"entry\":8,\"hash\":"
		      "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
		      "\"time\":5,\"kind\":\"release\",\"reference\":7,"
		      "\"account\":\"ann\",\"from\":\"ben\",\"to\":\"ann\","
		      "\"amount\":\"0.50\",\"fee\":\"0.00\",\"memo\":\"\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payment),
		cmocka_unit_test(a_reversal),
		cmocka_unit_test(a_hold),
		cmocka_unit_test(a_release),
	};

	return cmocka_run_group_tests_name("transaction", tests, NULL, NULL);
}
