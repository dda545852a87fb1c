/*
 * What the messages of the protocol for terminals cost, without a daemon:
 * processor time of sealing, opening, signing and checking, each alone.
 */
#include <string.h>

#include "crypto/channel_proof.h"
#include "crypto/jwe.h"
#include "crypto/jws.h"
#include "options.h"
#include "proc.h"
#include "report.h"

enum { LONG = 65536 };

static int64_t rounds = 2000;
static char text[LONG];
static struct identity_key *key;
static struct session_keys keys;

/* What is measured: len bytes, the given number of times. */
struct act {
	const char *name;
	size_t len;
	void (*run)(size_t len);
};

static void seal(size_t len)
{
	struct jwe *jwe = jwe_new_to_seal(keys.request);
	struct buf out = { 0 };

	for (int64_t i = 0; i < rounds; i++) {
		buf_reset(&out);
		jwe_seal(jwe, text, len, &out);
	}
	buf_fini(&out);
	jwe_free(&jwe);
}

/* The first message again and again, by as many who have not seen it. */
static void open_one(size_t len)
{
	struct jwe *seals = jwe_new_to_seal(keys.request);
	struct buf sealed = { 0 };
	struct buf opened = { 0 };

	jwe_seal(seals, text, len, &sealed);
	for (int64_t i = 0; i < rounds; i++) {
		struct jwe *opens = jwe_new_to_open(keys.request);

		buf_reset(&opened);
		if (jwe_open(opens, buf_at(&sealed), buf_len(&sealed),
			     &opened) != ERR_OK)
			fail("a message does not open");
		jwe_free(&opens);
	}
	buf_fini(&sealed);
	buf_fini(&opened);
	jwe_free(&seals);
}

static void sign(size_t len)
{
	struct buf out = { 0 };

	for (int64_t i = 0; i < rounds; i++) {
		buf_reset(&out);
		jws_sign(key, "rialto-receipt", text, len, &out);
	}
	buf_fini(&out);
}

static void verify(size_t len)
{
	struct buf jws = { 0 };
	struct buf payload = { 0 };
	uint8_t public[IDENTITY_PUBLIC];

	jws_sign(key, NULL, text, len, &jws);
	for (int64_t i = 0; i < rounds; i++) {
		buf_reset(&payload);
		if (jws_open(buf_at(&jws), buf_len(&jws), NULL, &payload,
			     public) != ERR_OK)
			fail("a signature does not hold");
	}
	buf_fini(&jws);
	buf_fini(&payload);
}

/* All of a hello but the exporter, and what the two ends allocate. */
static void greet(size_t len)
{
	struct channel_proof channel = { .confirm = { 0 } };
	uint8_t exported[SESSION_EXPORTED] = { 1 };
	struct buf out = { 0 };

	(void)len;
	for (int64_t i = 0; i < rounds; i++) {
		struct jwe *opens;
		struct jwe *seals;

		session_keys_derive(exported, channel.client_nonce,
				    channel.server_nonce, &keys);
		opens = jwe_new_to_open(keys.request);
		seals = jwe_new_to_seal(keys.response);
		buf_reset(&out);
		channel_proof_sign(key, &channel, &out);
		jwe_free(&opens);
		jwe_free(&seals);
	}
	buf_fini(&out);
}

static const struct act acts[] = {
	{ "seal-200", 200, seal },       { "seal-1000", 1000, seal },
	{ "seal-60000", 60000, seal },   { "open-200", 200, open_one },
	{ "open-1000", 1000, open_one }, { "open-60000", 60000, open_one },
	{ "sign-receipt", 300, sign },   { "verify-receipt", 300, verify },
	{ "hello", 0, greet },
};

int main(int argc, char **argv)
{
	options_read(
		(const struct option_row[]){
			{ "rounds", NULL, &rounds, 1, 10000000, "of each" },
			{ 0 },
		},
		argc, argv);
	key = identity_key_new((const uint8_t[IDENTITY_SEED]){ 1 });
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < COUNT(acts); i++) {
		int64_t began_ns = proc_own_cpu_ns();

		acts[i].run(acts[i].len);
		report_figure(acts[i].name,
			      (double)(proc_own_cpu_ns() - began_ns) / 1000 /
				      (double)rounds,
			      "us");
	}
	identity_key_free(&key);
	session_keys_wipe(&keys);
	return 0;
}
