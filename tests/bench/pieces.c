/*
 * What the pieces of one payment over the service "atm" take, each alone, in
 * processor time: opening the request, reading it, writing the answer, signing
 * its receipt, sealing it; and the primitives below them.
 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/mem.h"
#include "crypto/base64url.h"
#include "crypto/cbc_hs512.h"
#include "crypto/identity_key.h"
#include "crypto/jwe.h"
#include "crypto/jws.h"
#include "crypto/random.h"
#include "front/atm/answer.h"
#include "front/atm/parcel.h"
#include "front/atm/request.h"
#include "options.h"
#include "proc.h"
#include "report.h"

enum { ROUND = 1000, NS_PER_MS = 1000000 };

static const char request_text[] =
	"{\"op\":\"pay\",\"id\":\"01936f3a-6e70-7b21-8a0c-3c1d9f55a001\","
	"\"to\":\"p12345\",\"amount\":\"3.21\",\"memo\":\"pizza 0123abcd\"}";

static const char receipt_text[] =
	"{\"v\":1,\"server\":\"Rialto\",\"currency\":\"RIA\",\"entry\":1234567,"
	"\"hash\":\"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\","
	"\"time\":1763841240000,\"kind\":\"pay\","
	"\"id\":\"01936f3a-6e70-7b21-8a0c-3c1d9f55a001\",\"account\":\"p12\","
	"\"from\":\"p12\",\"to\":\"p12345\",\"amount\":\"3.21\","
	"\"fee\":\"0.00\",\"balance\":\"9999996.79\","
	"\"memo\":\"pizza 0123abcd\"}";

static uint8_t key[JWE_KEY];
static struct identity_key *identity;
static struct buf messages[ROUND]; /* sealed requests, in their order */
static struct buf receipt;
static struct buf terse; /* an answer without a receipt, and one with it */
static struct buf full;
static uint8_t sealed[1024];

/* Each does it ROUND times. */

static void iv(void)
{
	uint8_t bytes[CBC_HS512_IV];

	for (int i = 0; i < ROUND; i++)
		random_bytes(bytes, sizeof(bytes));
}

static void encrypt(void)
{
	static const uint8_t zero[CBC_HS512_IV];
	struct cbc_hs512 c;

	cbc_hs512_init_to_seal(&c, key);
	for (int i = 0; i < ROUND; i++)
		cbc_hs512_encrypt(&c, zero, request_text, strlen(request_text),
				  sealed);
}

static struct cbc_hs512_message sealed_message(void)
{
	static const uint8_t zero[CBC_HS512_IV];

	return (struct cbc_hs512_message){
		.beside = request_text, /* as long as a header */
		.beside_len = 66,
		.iv = zero,
		.sealed = sealed,
		.sealed_len = cbc_hs512_sealed_len(strlen(request_text)),
	};
}

static void decrypt(void)
{
	struct cbc_hs512_message m = sealed_message();
	struct cbc_hs512 c;
	uint8_t text[sizeof(sealed)];
	size_t len;

	cbc_hs512_init_to_open(&c, key);
	for (int i = 0; i < ROUND; i++)
		if (!cbc_hs512_decrypt(&c, &m, text, &len))
			fail("it cannot be decrypted");
}

static void authenticate(void)
{
	struct cbc_hs512_message m = sealed_message();
	struct cbc_hs512 c;
	uint8_t tag[CBC_HS512_TAG];

	cbc_hs512_init_to_open(&c, key);
	for (int i = 0; i < ROUND; i++)
		cbc_hs512_sign(&c, &m, tag);
}

static void sign(void)
{
	uint8_t signature[IDENTITY_SIGNATURE];

	for (int i = 0; i < ROUND; i++)
		identity_key_sign(identity, receipt_text, sizeof(receipt_text),
				  signature);
}

static void sign_receipt(void)
{
	for (int i = 0; i < ROUND; i++) {
		buf_reset(&receipt);
		jws_sign(identity, "rialto-receipt", receipt_text,
			 strlen(receipt_text), &receipt);
	}
}

static void seal_requests(void)
{
	struct jwe *jwe = jwe_new_to_seal(key);

	for (int i = 0; i < ROUND; i++) {
		buf_reset(&messages[i]);
		jwe_seal(jwe, request_text, strlen(request_text), &messages[i]);
	}
	jwe_free(&jwe);
}

static void open_requests(void)
{
	struct jwe *jwe = jwe_new_to_open(key);

	for (int i = 0; i < ROUND; i++) {
		AUTO(buf_wipe) struct buf text = { 0 };

		if (jwe_open(jwe, buf_at(&messages[i]), buf_len(&messages[i]),
			     &text) != ERR_OK)
			fail("request %d does not open", i);
	}
	jwe_free(&jwe);
}

static void parse(void)
{
	const char *flaw;

	for (int i = 0; i < ROUND; i++) {
		json_t *object =
			parcel_read(request_text, strlen(request_text), &flaw);

		if (!object)
			fail("%s", flaw);
		parcel_free(&object);
	}
}

static void read_one(struct request *r)
{
	AUTO(buf_fini) struct buf why = { 0 };
	const char *flaw;
	json_t *object = parcel_read(request_text, strlen(request_text), &flaw);

	request_init(r);
	if (!request_begin(r, object, true, &why) ||
	    !request_read(r, object, "to amount account? memo? code? receipt?",
			  &why))
		fail("%s", buf_text(&why));
	request_fini(r);
	parcel_free(&object);
}

static void read_requests(void)
{
	struct request r;

	for (int i = 0; i < ROUND; i++)
		read_one(&r);
}

static void write_one(struct buf *out, bool with_receipt)
{
	static const struct currency currency = { "RIA", "R", 2 };

	answer_open(out, NULL, '{');
	answer_text(out, "re", "01936f3a-6e70-7b21-8a0c-3c1d9f55a001");
	answer_bool(out, "ok", true);
	answer_number(out, "entry", 1234567);
	answer_time(out, "time", 1763841240000);
	answer_open(out, "balance", '{');
	answer_text(out, "account", "p12");
	answer_money(out, "posted", 999999679, &currency);
	answer_money(out, "held", 0, &currency);
	answer_money(out, "available", 999999679, &currency);
	answer_close(out, '}');
	if (with_receipt)
		answer_text(out, "receipt", buf_text(&receipt));
	answer_close(out, '}');
}

static void write_terse(void)
{
	for (int i = 0; i < ROUND; i++) {
		buf_wipe(&terse);
		write_one(&terse, false);
	}
}

static void write_full(void)
{
	for (int i = 0; i < ROUND; i++) {
		buf_wipe(&full);
		write_one(&full, true);
	}
}

static void seal_answers(const struct buf *answer)
{
	struct jwe *jwe = jwe_new_to_seal(key);

	for (int i = 0; i < ROUND; i++) {
		AUTO(buf_fini) struct buf line = { 0 };

		jwe_seal(jwe, buf_at(answer), buf_len(answer), &line);
	}
	jwe_free(&jwe);
}

static void seal_terse(void)
{
	seal_answers(&terse);
}

static void seal_full(void)
{
	seal_answers(&full);
}

/* In an order in which each finds what it needs. */
static const struct piece {
	const char *name;
	void (*fn)(void);
} pieces[] = {
	{ "iv", iv },
	{ "encrypt", encrypt },
	{ "decrypt", decrypt },
	{ "authenticate", authenticate },
	{ "signature", sign },
	{ "request-seal", seal_requests },
	{ "request-open", open_requests },
	{ "request-parse", parse },
	{ "request-parse-and-read", read_requests },
	{ "receipt-sign", sign_receipt },
	{ "answer-write", write_terse },
	{ "answer-write-receipt", write_full },
	{ "answer-seal", seal_terse },
	{ "answer-seal-receipt", seal_full },
};

static void measure(const struct piece *piece, int64_t ms)
{
	int64_t began_ns = proc_thread_cpu_ns();
	int64_t took_ns;
	int64_t count = 0;

	do {
		piece->fn();
		count += ROUND;
		took_ns = proc_thread_cpu_ns() - began_ns;
	} while (took_ns < ms * NS_PER_MS);
	report_figure(piece->name, (double)took_ns / (double)count / 1e3, "us");
}

int main(int argc, char **argv)
{
	uint8_t seed[IDENTITY_SEED];
	int64_t ms = 200;

	options_read(
		(const struct option_row[]){
			{ "ms", NULL, &ms, 1, 60000, "for each piece" },
			{ 0 },
		},
		argc, argv);
	parcel_begin();
	random_bytes(key, sizeof(key));
	random_bytes(seed, sizeof(seed));
	identity = identity_key_new(seed);
	for (unsigned i = 0; i < COUNT(pieces); i++)
		measure(&pieces[i], ms);
	identity_key_free(&identity);
	for (int i = 0; i < ROUND; i++)
		buf_fini(&messages[i]);
	buf_fini(&receipt);
	buf_fini(&terse);
	buf_fini(&full);
	return 0;
}
