#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/clock.h"
#include "crypto/certificate.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static const char *const hosts[] = { "chat.example.org", "localhost",
				     "127.0.0.1", "::1" };

static struct certificate_pair ca;
static struct certificate_pair server;

static int make(void **state)
{
	(void)state;
	certificate_make_ca("Rialto CA", &ca);
	certificate_make_server(&ca, hosts, COUNT(hosts), &server);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	certificate_pair_fini(&ca);
	certificate_pair_fini(&server);
	return 0;
}

static gnutls_datum_t datum(const struct buf *b)
{
	gnutls_datum_t d = { (unsigned char *)buf_at(b), (unsigned)buf_len(b) };

	return d;
}

static gnutls_x509_crt_t first_of(const struct certificate_pair *pair)
{
	gnutls_datum_t pem = datum(&pair->certificate);
	gnutls_x509_crt_t crt;

	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	assert_int_equal(gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM),
			 0);
	return crt;
}

/* What is wrong with the server's chain for this host and purpose. */
static unsigned flaws(const struct certificate_pair *trusted, const char *host,
		      const char *purpose)
{
	gnutls_typed_vdata_st data[] = {
		{ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)(uintptr_t)host, 0 },
		{ GNUTLS_DT_KEY_PURPOSE_OID,
		  (unsigned char *)(uintptr_t)purpose, 0 },
	};
	gnutls_datum_t trusted_pem = datum(&trusted->certificate);
	gnutls_datum_t pem = datum(&server.certificate);
	gnutls_x509_trust_list_t list;
	gnutls_x509_crt_t *chain;
	unsigned count;
	unsigned status;

	assert_int_equal(gnutls_x509_trust_list_init(&list, 0), 0);
	assert_int_equal(
		gnutls_x509_trust_list_add_trust_mem(list, &trusted_pem, NULL,
						     GNUTLS_X509_FMT_PEM, 0, 0),
		1);
	assert_int_equal(gnutls_x509_crt_list_import2(&chain, &count, &pem,
						      GNUTLS_X509_FMT_PEM, 0),
			 0);
	assert_int_equal(count, 2);
	assert_int_equal(gnutls_x509_trust_list_verify_crt2(list, chain, count,
							    data, COUNT(data),
							    0, &status, NULL),
			 0);
	for (unsigned i = 0; i < count; i++)
		gnutls_x509_crt_deinit(chain[i]);
	gnutls_free(chain);
	gnutls_x509_trust_list_deinit(list, 1);
	return status;
}

static void a_client_accepts_the_server(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++)
		assert_int_equal(flaws(&ca, hosts[i], GNUTLS_KP_TLS_WWW_SERVER),
				 0);
}

static void a_client_refuses_what_it_should(void **state)
{
	struct certificate_pair other;

	(void)state;
	certificate_make_ca("Rialto CA", &other);
	assert_int_not_equal(
		flaws(&other, "localhost", GNUTLS_KP_TLS_WWW_SERVER), 0);
	assert_int_not_equal(
		flaws(&ca, "example.org", GNUTLS_KP_TLS_WWW_SERVER), 0);
	assert_int_not_equal(flaws(&ca, "127.0.0.2", GNUTLS_KP_TLS_WWW_SERVER),
			     0);
	assert_int_not_equal(flaws(&ca, "localhost", GNUTLS_KP_CODE_SIGNING),
			     0);
	certificate_pair_fini(&other);
}

static void a_key_belongs_to_its_certificate(void **state)
{
	const struct certificate_pair *pairs[] = { &ca, &server };

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		gnutls_datum_t key = datum(&pairs[i]->key);
		gnutls_datum_t pem = datum(&pairs[i]->certificate);
		gnutls_certificate_credentials_t cred;

		assert_int_equal(gnutls_certificate_allocate_credentials(&cred),
				 0);
		assert_true(gnutls_certificate_set_x509_key_mem(
				    cred, &pem, &key, GNUTLS_X509_FMT_PEM) >=
			    0);
		gnutls_certificate_free_credentials(cred);
	}
}

static void the_ca_may_sign_hosts_only(void **state)
{
	gnutls_x509_crt_t crt = first_of(&ca);
	unsigned critical;
	unsigned usage;
	unsigned is_ca;
	int length;

	(void)state;
	assert_true(gnutls_x509_crt_get_basic_constraints(
			    crt, &critical, &is_ca, &length) >= 0);
	assert_int_equal(is_ca, 1);
	assert_int_equal(critical, 1);
	assert_int_equal(length, 0);
	assert_int_equal(gnutls_x509_crt_get_key_usage(crt, &usage, NULL), 0);
	assert_int_equal(usage, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
	gnutls_x509_crt_deinit(crt);
}

static void the_server_may_not_sign(void **state)
{
	gnutls_x509_crt_t crt = first_of(&server);
	unsigned usage;

	(void)state;
	assert_int_equal(gnutls_x509_crt_get_ca_status(crt, NULL), 0);
	assert_int_equal(gnutls_x509_crt_get_key_usage(crt, &usage, NULL), 0);
	assert_int_equal(usage, GNUTLS_KEY_DIGITAL_SIGNATURE);
	gnutls_x509_crt_deinit(crt);
}

static void serials_are_positive_and_differ(void **state)
{
	gnutls_x509_crt_t a = first_of(&ca);
	gnutls_x509_crt_t b = first_of(&server);
	unsigned char serial[2][32];
	size_t size[2] = { sizeof(serial[0]), sizeof(serial[1]) };

	(void)state;
	assert_int_equal(gnutls_x509_crt_get_serial(a, serial[0], &size[0]), 0);
	assert_int_equal(gnutls_x509_crt_get_serial(b, serial[1], &size[1]), 0);
	assert_int_equal(size[0], 16);
	assert_int_equal(size[1], 16);
	assert_memory_not_equal(serial[0], serial[1], 16);
	assert_true(serial[0][0] < 0x80 && serial[1][0] < 0x80);
	gnutls_x509_crt_deinit(a);
	gnutls_x509_crt_deinit(b);
}

static void times_run_from_before_now(void **state)
{
	gnutls_x509_crt_t crt = first_of(&server);
	int64_t now = clock_wall_ms();
	int64_t begins =
		(int64_t)gnutls_x509_crt_get_activation_time(crt) * 1000;
	int64_t ends;

	(void)state;
	assert_true(begins <= now - 4 * 60 * 1000);
	gnutls_x509_crt_deinit(crt);
	assert_int_equal(certificate_expiry(buf_at(&server.certificate),
					    buf_len(&server.certificate),
					    &ends),
			 ERR_OK);
	/* Some clients refuse a longer time than 825 days. */
	assert_in_range(ends - begins, 824LL * DAY_MS, 825LL * DAY_MS);
	assert_int_equal(certificate_expiry(buf_at(&ca.certificate),
					    buf_len(&ca.certificate), &ends),
			 ERR_OK);
	assert_in_range(ends - now, 3651LL * DAY_MS, 3653LL * DAY_MS);
}

static unsigned flaws_of(const struct buf *chain, const char *host)
{
	struct certificate_pair before = server;
	unsigned status;

	server.certificate = *chain;
	status = flaws(&ca, host, GNUTLS_KP_TLS_WWW_SERVER);
	server = before;
	return status;
}

static void a_renewed_server_has_the_same_names_and_key(void **state)
{
	struct buf renewed = { 0 };
	struct buf why = { 0 };
	struct certificate_pair made;
	gnutls_certificate_credentials_t cred;
	gnutls_datum_t key = datum(&server.key);
	gnutls_datum_t pem;

	(void)state;
	assert_int_equal(
		certificate_renew(&ca, &server.certificate, &renewed, &why),
		ERR_OK);
	for (size_t i = 0; i < COUNT(hosts); i++)
		assert_int_equal(flaws_of(&renewed, hosts[i]), 0);
	assert_int_not_equal(flaws_of(&renewed, "example.org"), 0);
	made = (struct certificate_pair){ .certificate = renewed };
	pem = datum(&made.certificate);
	assert_int_equal(gnutls_certificate_allocate_credentials(&cred), 0);
	assert_true(gnutls_certificate_set_x509_key_mem(
			    cred, &pem, &key, GNUTLS_X509_FMT_PEM) >= 0);
	gnutls_certificate_free_credentials(cred);
	buf_fini(&renewed);
	buf_fini(&why);
}

static void assert_not_renewed(const struct certificate_pair *by,
			       const struct buf *chain, const char *words)
{
	struct buf renewed = { 0 };
	struct buf why = { 0 };

	assert_int_equal(certificate_renew(by, chain, &renewed, &why),
			 ERR_BAD_INPUT);
	assert_int_equal(buf_len(&renewed), 0);
	if (strstr(buf_text(&why), words) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", buf_text(&why), words);
	buf_fini(&renewed);
	buf_fini(&why);
}

static void only_its_own_ca_renews(void **state)
{
	struct certificate_pair other;
	struct certificate_pair mixed = ca;
	struct certificate_pair none = { 0 };
	struct buf words = { 0 };

	(void)state;
	certificate_make_ca("Rialto CA", &other);
	mixed.key = other.key;
	buf_add_text(&words, "this is no certificate");
	assert_not_renewed(&other, &server.certificate, "has not signed");
	assert_not_renewed(&mixed, &server.certificate, "is not that of");
	assert_not_renewed(&none, &server.certificate, "no certificate");
	assert_not_renewed(&ca, &words, "no certificate");
	none.certificate = ca.certificate;
	assert_not_renewed(&none, &server.certificate, "key cannot be read");
	certificate_pair_fini(&other);
	buf_fini(&words);
}

static const char sample[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBeDCCAR2gAwIBAgIUZU3V3bY4YQKlwWfhptHZK9U3uK0wCgYIKoZIzj0EAwIw\n"
	"ETEPMA0GA1UEAwwGc2FtcGxlMB4XDTI2MTEyMDIyMTYxMFoXDTM2MTExNzIyMTYx\n"
	"MFowETEPMA0GA1UEAwwGc2FtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
	"ahfPcKZBmsmnTBRc9F1s1nN4IFjfoiwjm/NIf9WzcDpTTQOvv3xm1ukpleU6Zrdx\n"
	"yOB4gX9uw871/xtU9nxquaNTMFEwHQYDVR0OBBYEFLp/Jr/QYOHoP9DbkfAaIDat\n"
	"bS8VMB8GA1UdIwQYMBaAFLp/Jr/QYOHoP9DbkfAaIDatbS8VMA8GA1UdEwEB/wQF\n"
	"MAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhALRGedR1bOKlIR5w9F/K46clsk31ONrp\n"
	"oFufX9j1AdIQAiEA9fxhaSo2SDViOvPHEkPJR6R0pAKn7Ch2T+pjChbfTsQ=\n"
	"-----END CERTIFICATE-----\n";

static void fingerprints_are_openssl_s(void **state)
{
	char text[FINGERPRINT_TEXT];
	int64_t ends;

	(void)state;
	assert_int_equal(certificate_fingerprint(sample, strlen(sample), text),
			 ERR_OK);
	assert_string_equal(
		text, "SHA256:T7h7UeU2UVYpve2WnOSzr8W6uuxdXmU4/Qz9y3xuqu8");
	assert_int_equal(certificate_expiry(sample, strlen(sample), &ends),
			 ERR_OK);
	assert_int_equal(ends, 2110572970000);
}

static void the_first_certificate_counts(void **state)
{
	gnutls_x509_crt_t crt = first_of(&server);
	gnutls_datum_t alone;
	char chain[FINGERPRINT_TEXT];
	char text[FINGERPRINT_TEXT];

	(void)state;
	assert_int_equal(
		gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &alone), 0);
	assert_int_equal(certificate_fingerprint(buf_at(&server.certificate),
						 buf_len(&server.certificate),
						 chain),
			 ERR_OK);
	assert_int_equal(certificate_fingerprint((const char *)alone.data,
						 alone.size, text),
			 ERR_OK);
	assert_string_equal(chain, text);
	gnutls_free(alone.data);
	gnutls_x509_crt_deinit(crt);
}

static const struct bad_case {
	const char *name;
	const char *pem;
} bad_cases[] = {
	{ "nothing", "" },
	{ "words", "this is no certificate" },
	{ "header alone", "-----BEGIN CERTIFICATE-----\n" },
	{ "empty body", "-----BEGIN CERTIFICATE-----\n"
			"-----END CERTIFICATE-----\n" },
	{ "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n"
		     "-----END CERTIFICATE-----\n" },
};

static void damaged_text_is_refused(void **state)
{
	char text[FINGERPRINT_TEXT];
	int64_t ends;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];

		print_message("# %s\n", c->name);
		assert_int_equal(
			certificate_fingerprint(c->pem, strlen(c->pem), text),
			ERR_BAD_INPUT);
		assert_int_equal(
			certificate_expiry(c->pem, strlen(c->pem), &ends),
			ERR_BAD_INPUT);
	}
	assert_int_equal(certificate_fingerprint(buf_at(&server.key),
						 buf_len(&server.key), text),
			 ERR_BAD_INPUT);
}

#define LABEL "a23456789012345678901234567890123456789012345678901234567890123"

static const struct host_case {
	const char *host;
	bool want;
} host_cases[] = {
	{ "localhost", true },
	{ "Chat.Example.ORG", true },
	{ "xn--bcher-kva.example", true },
	{ "3com.example", true },
	{ "127.0.0.1", true },
	{ "::1", true },
	{ "fe80::1:2", true },
	{ LABEL, true },
	{ LABEL "." LABEL "." LABEL "." LABEL, false },
	{ LABEL "4", false },
	{ "", false },
	{ ".", false },
	{ "a..b", false },
	{ ".a", false },
	{ "a.", false },
	{ "-a", false },
	{ "a-", false },
	{ "a-.b", false },
	{ "a.-b", false },
	{ "a b", false },
	{ "a_b", false },
	{ "*.example.org", false },
	{ "b\xc3\xbc"
	  "cher.example",
	  false },
	{ "[::1]", false },
	{ "host:7170", false },
	{ "line\nfeed", false },
};

static void hosts_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(host_cases); i++) {
		print_message("# %s\n", host_cases[i].host);
		assert_int_equal(certificate_host_is_valid(host_cases[i].host),
				 host_cases[i].want);
	}
}

static void long_names_are_cut_between_characters(void **state)
{
	char name[100];
	char got[200];
	size_t size = sizeof(got);
	struct certificate_pair pair;
	gnutls_x509_crt_t crt;

	(void)state;
	memset(name, 'n', 63);
	memcpy(name + 63,
	       "\xc3\xbc"
	       "and more",
	       sizeof("\xc3\xbc"
		      "and more"));
	certificate_make_ca(name, &pair);
	crt = first_of(&pair);
	assert_int_equal(
		gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME,
					      0, 0, got, &size),
		0);
	name[63] = '\0';
	assert_string_equal(got, name);
	gnutls_x509_crt_deinit(crt);
	certificate_pair_fini(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_accepts_the_server),
		cmocka_unit_test(a_client_refuses_what_it_should),
		cmocka_unit_test(a_key_belongs_to_its_certificate),
		cmocka_unit_test(the_ca_may_sign_hosts_only),
		cmocka_unit_test(the_server_may_not_sign),
		cmocka_unit_test(a_renewed_server_has_the_same_names_and_key),
		cmocka_unit_test(only_its_own_ca_renews),
		cmocka_unit_test(serials_are_positive_and_differ),
		cmocka_unit_test(times_run_from_before_now),
		cmocka_unit_test(fingerprints_are_openssl_s),
		cmocka_unit_test(the_first_certificate_counts),
		cmocka_unit_test(damaged_text_is_refused),
		cmocka_unit_test(hosts_are_checked),
		cmocka_unit_test(long_names_are_cut_between_characters),
	};

	return cmocka_run_group_tests_name("certificate", tests, make, drop);
}
