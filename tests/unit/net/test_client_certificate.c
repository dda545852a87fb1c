#include "net/client_certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "credentials.h"
#include "crypto/certificate.h"
#include "net/stream.h"

#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"
#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"

/* Of a client, and what it is by. */
struct shown {
	gnutls_certificate_credentials_t credentials;
	uint8_t digest[DIGEST_BYTES];
};

/* Our stream, and a client of GnuTLS at the other end. */
struct ends {
	struct stream stream;
	gnutls_session_t client;
	int far;
	int rc; /* of the client's handshake */
};

static struct tls *strict; /* asks for what its CA vouches for */
static struct tls *plain;  /* asks for none */
static struct shown self_signed;
static struct shown nothing;

static void shown_init(struct shown *shown)
{
	gnutls_certificate_allocate_credentials(&shown->credentials);
	gnutls_certificate_set_flags(shown->credentials,
				     GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
}

static void show(struct shown *shown, gnutls_x509_crt_t crt,
		 gnutls_x509_privkey_t key)
{
	gnutls_datum_t der;

	shown_init(shown);
	assert_int_equal(gnutls_certificate_set_x509_key(shown->credentials,
							 &crt, 1, key),
			 0);
	assert_int_equal(
		gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der), 0);
	digest_make(der.data, der.size, NULL, 0, shown->digest);
	gnutls_free(der.data);
}

/* One that nobody knows, for anything, which has ended long ago. */
static void show_self_signed(struct shown *shown)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;

	gnutls_x509_privkey_init(&key);
	gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 256, 0);
	gnutls_x509_crt_init(&crt);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\1", 1);
	gnutls_x509_crt_set_activation_time(crt, 1000000000);
	gnutls_x509_crt_set_expiration_time(crt, 1000000001);
	gnutls_x509_crt_set_key(crt, key);
	assert_int_equal(
		gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA512, 0), 0);
	show(shown, crt, key);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

static int set_up(void **state)
{
	(void)state;
	strict = credentials_new_asking();
	plain = credentials_new();
	show_self_signed(&self_signed);
	shown_init(&nothing);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tls_unref(&strict);
	tls_unref(&plain);
	gnutls_certificate_free_credentials(self_signed.credentials);
	gnutls_certificate_free_credentials(nothing.credentials);
	return 0;
}

static void open_ends(struct ends *e, struct tls *tls,
		      const struct shown *shown, const char *priorities)
{
	int fds[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_true(stream_init(&e->stream, fds[0], tls, "echo"));
	e->far = fds[1];
	gnutls_init(&e->client,
		    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	gnutls_priority_set_direct(e->client, priorities, NULL);
	gnutls_credentials_set(e->client, GNUTLS_CRD_CERTIFICATE,
			       shown->credentials);
	gnutls_transport_set_int(e->client, e->far);
}

static enum stream_result shake(struct ends *e)
{
	enum stream_result result = STREAM_AGAIN;

	e->rc = GNUTLS_E_AGAIN;
	for (int i = 0; i < 1000; i++) {
		if (e->rc == GNUTLS_E_AGAIN)
			e->rc = gnutls_handshake(e->client);
		if (result == STREAM_AGAIN)
			result = stream_handshake(&e->stream);
		if (result != STREAM_AGAIN && e->rc != GNUTLS_E_AGAIN)
			break;
	}
	return result;
}

static void close_ends(struct ends *e)
{
	stream_close(&e->stream);
	gnutls_deinit(e->client);
	close(e->far);
}

static const char *const versions[] = { TLS13, TLS12 };

static void any_is_known_by_its_fingerprint(void **state)
{
	struct tls *const servers[] = { plain, strict };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ends e;
		uint8_t digest[DIGEST_BYTES];

		open_ends(&e, servers[i / 2], &self_signed, versions[i % 2]);
		stream_ask_certificate(&e.stream);
		assert_int_equal(shake(&e), STREAM_OK);
		assert_true(stream_client_fingerprint(&e.stream, digest));
		assert_memory_equal(digest, self_signed.digest, DIGEST_BYTES);
		close_ends(&e);
	}
}

static void none_need_be_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct ends e;
		uint8_t digest[DIGEST_BYTES];

		open_ends(&e, plain, &nothing, versions[i]);
		stream_ask_certificate(&e.stream);
		assert_int_equal(shake(&e), STREAM_OK);
		assert_false(stream_client_fingerprint(&e.stream, digest));
		close_ends(&e);
	}
}

static void who_is_not_asked_shows_none(void **state)
{
	struct ends e;
	uint8_t digest[DIGEST_BYTES];

	(void)state;
	open_ends(&e, plain, &self_signed, TLS13);
	assert_int_equal(shake(&e), STREAM_OK);
	assert_false(stream_client_fingerprint(&e.stream, digest));
	close_ends(&e);
}

static void elsewhere_a_ca_must_vouch_for_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct ends e;

		open_ends(&e, strict, &self_signed, versions[i]);
		client_certificate_ask_vouched(e.stream.tls);
		gnutls_certificate_send_x509_rdn_sequence(e.stream.tls, 1);
		assert_int_equal(shake(&e), STREAM_FAILED);
		close_ends(&e);
	}
}

/* A ticket stands for the whole handshake. */
static void a_resumed_session_has_it_too(void **state)
{
	struct ends e;
	gnutls_datum_t data;
	uint8_t digest[DIGEST_BYTES];
	char byte;
	size_t taken;

	(void)state;
	open_ends(&e, plain, &self_signed, TLS13);
	stream_ask_certificate(&e.stream);
	assert_int_equal(shake(&e), STREAM_OK);
	assert_int_equal(stream_send(&e.stream, "x", 1, &taken), STREAM_OK);
	while (gnutls_record_recv(e.client, &byte, 1) != 1)
		;
	assert_int_equal(gnutls_session_get_data2(e.client, &data), 0);
	close_ends(&e);

	open_ends(&e, plain, &self_signed, TLS13);
	stream_ask_certificate(&e.stream);
	gnutls_session_set_data(e.client, data.data, data.size);
	assert_int_equal(shake(&e), STREAM_OK);
	assert_true(gnutls_session_is_resumed(e.client));
	assert_true(stream_client_fingerprint(&e.stream, digest));
	assert_memory_equal(digest, self_signed.digest, DIGEST_BYTES);
	gnutls_free(data.data);
	close_ends(&e);
}

/* An RSA key of these sizes, whose signatures nobody can make. */
static void show_rsa(struct shown *shown, size_t modulus_bytes,
		     size_t exponent_bytes)
{
	static uint8_t ones[4096];
	gnutls_datum_t modulus = { ones, (unsigned)modulus_bytes };
	gnutls_datum_t exponent = { ones, (unsigned)exponent_bytes };
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	gnutls_pubkey_t public;

	memset(ones, 0x7f, sizeof(ones));
	gnutls_x509_privkey_init(&key);
	gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0);
	gnutls_pubkey_init(&public);
	assert_int_equal(
		gnutls_pubkey_import_rsa_raw(public, &modulus, &exponent), 0);
	gnutls_x509_crt_init(&crt);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\1", 1);
	gnutls_x509_crt_set_activation_time(crt, 1000000000);
	gnutls_x509_crt_set_expiration_time(crt, 1000000001);
	assert_int_equal(gnutls_x509_crt_set_pubkey(crt, public), 0);
	assert_int_equal(
		gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	show(shown, crt, key);
	gnutls_pubkey_deinit(public);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

static const struct rsa_case {
	size_t modulus_bytes;
	size_t exponent_bytes;
	bool is_looked_at; /* then it is the signature that is wrong */
} rsa_cases[] = {
	{ 256, 4, true },    { 1024, 4, true },  { 256, 6, false },
	{ 256, 255, false }, { 1026, 3, false }, { 4096, 4096, false },
};

/* The peer chooses the key, but not how long we look at its signature. */
static void long_keys_are_not_looked_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT(rsa_cases); i++) {
		const struct rsa_case *c = &rsa_cases[i / 2];
		struct shown shown;
		struct ends e;

		show_rsa(&shown, c->modulus_bytes, c->exponent_bytes);
		open_ends(&e, plain, &shown, versions[i % 2]);
		stream_ask_certificate(&e.stream);
		assert_int_equal(shake(&e), STREAM_FAILED);
		assert_int_equal(
			strcmp(stream_fault(&e.stream),
			       gnutls_strerror(
				       GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM)) !=
				0,
			c->is_looked_at);
		close_ends(&e);
		gnutls_certificate_free_credentials(shown.credentials);
	}
}

static void both_ends_export_the_same(void **state)
{
	static const char label[] = "EXPERIMENTAL-rialto-session-1";
	struct ends e;
	uint8_t ours[32];
	uint8_t others[32];
	uint8_t before[32] = { 0 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		open_ends(&e, plain, &nothing, TLS13);
		assert_false(stream_export(&e.stream, label, ours, 32));
		assert_int_equal(shake(&e), STREAM_OK);
		assert_true(stream_is_tls13(&e.stream));
		assert_true(stream_export(&e.stream, label, ours, 32));
		/* No context, and an empty one, are the same. */
		assert_int_equal(gnutls_prf_rfc5705(e.client, strlen(label),
						    label, 0, "", 32,
						    (char *)others),
				 0);
		assert_memory_equal(ours, others, 32);
		assert_true(stream_export(&e.stream, "EXPERIMENTAL-other",
					  others, 32));
		assert_memory_not_equal(ours, others, 32);
		/* Another channel has another. */
		assert_memory_not_equal(ours, before, 32);
		memcpy(before, ours, 32);
		close_ends(&e);
	}
}

static void an_older_channel_exports_nothing(void **state)
{
	struct ends e;
	uint8_t bytes[32];

	(void)state;
	open_ends(&e, plain, &nothing, TLS12);
	assert_int_equal(shake(&e), STREAM_OK);
	assert_false(stream_is_tls13(&e.stream));
	assert_false(stream_export(&e.stream, "EXPERIMENTAL-other", bytes, 32));
	close_ends(&e);
	assert_true(stream_init(&e.stream, dup(0), NULL, "echo"));
	assert_false(stream_is_tls13(&e.stream));
	assert_false(stream_export(&e.stream, "EXPERIMENTAL-other", bytes, 32));
	assert_false(stream_client_fingerprint(&e.stream, bytes));
	stream_close(&e.stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_is_known_by_its_fingerprint),
		cmocka_unit_test(none_need_be_shown),
		cmocka_unit_test(who_is_not_asked_shows_none),
		cmocka_unit_test(elsewhere_a_ca_must_vouch_for_it),
		cmocka_unit_test(a_resumed_session_has_it_too),
		cmocka_unit_test(long_keys_are_not_looked_at),
		cmocka_unit_test(both_ends_export_the_same),
		cmocka_unit_test(an_older_channel_exports_nothing),
	};

	return cmocka_run_group_tests_name("client_certificate", tests, set_up,
					   tear_down);
}
