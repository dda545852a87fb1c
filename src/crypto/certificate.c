#include "crypto/certificate.h"

#include <arpa/inet.h>
#include <assert.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "crypto/random.h"
#include "log/log.h"

enum {
	DAY_S = 24 * 60 * 60,
	CA_DAYS = 3652,
	SERVER_DAYS = 825,
	SKEW_S = 5 * 60, /* clocks elsewhere may be behind ours */
	SERIAL_BYTES = 16,
	KEY_ID_BYTES = 64, /* more than any digest has */
	COMMON_NAME = 64,  /* RFC 5280, ub-common-name */
	DIGEST_BYTES = 32,
	HOST_MOST = 253, /* RFC 1035, without the last dot */
	LABEL_MOST = 63,
};

/* Signing what we have made ourselves fails only when the library is broken. */
static void must(int rc)
{
	if (rc >= 0)
		return;
	log_error("certificate", "cannot make a certificate: %s",
		  gnutls_strerror(rc));
	_exit(71); /* EX_OSERR */
}

void certificate_pair_fini(struct certificate_pair *pair)
{
	buf_wipe(&pair->key);
	buf_fini(&pair->certificate);
}

static gnutls_x509_privkey_t make_key(struct buf *pem_r)
{
	gnutls_x509_privkey_t key;
	gnutls_datum_t pem;

	must(gnutls_x509_privkey_init(&key));
	must(gnutls_x509_privkey_generate(
		key, GNUTLS_PK_ECDSA,
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	must(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
					       GNUTLS_PKCS_PLAIN, &pem));
	buf_init(pem_r);
	buf_add(pem_r, pem.data, pem.size);
	mem_wipe(pem.data, pem.size);
	gnutls_free(pem.data);
	return key;
}

/* As much of name as fits, whole UTF-8 characters only. */
static void set_common_name(gnutls_x509_crt_t crt, const char *name)
{
	size_t len = strlen(name);

	if (len > COMMON_NAME) {
		len = COMMON_NAME;
		while (len > 0 && (name[len] & 0xc0) == 0x80)
			len--;
	}
	must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0,
					   name, (unsigned)len));
}

static void set_serial(gnutls_x509_crt_t crt)
{
	uint8_t serial[SERIAL_BYTES];

	random_bytes(serial, sizeof(serial));
	serial[0] &= 0x7f; /* positive, */
	serial[0] |= 0x40; /* and of one length */
	must(gnutls_x509_crt_set_serial(crt, serial, sizeof(serial)));
}

/* All but the key, which is set. */
static void fill(gnutls_x509_crt_t crt, const char *name, time_t begins,
		 time_t ends)
{
	uint8_t id[KEY_ID_BYTES];
	size_t id_len = sizeof(id);

	must(gnutls_x509_crt_set_version(crt, 3));
	set_serial(crt);
	set_common_name(crt, name);
	must(gnutls_x509_crt_set_activation_time(crt, begins));
	must(gnutls_x509_crt_set_expiration_time(crt, ends));
	must(gnutls_x509_crt_get_key_id(crt, 0, id, &id_len));
	must(gnutls_x509_crt_set_subject_key_id(crt, id, id_len));
}

static gnutls_x509_crt_t begin(gnutls_x509_privkey_t key, const char *name,
			       time_t begins, time_t ends)
{
	gnutls_x509_crt_t crt;

	must(gnutls_x509_crt_init(&crt));
	must(gnutls_x509_crt_set_key(crt, key));
	fill(crt, name, begins, ends);
	return crt;
}

static void export(gnutls_x509_crt_t crt, struct buf *pem_r)
{
	gnutls_datum_t pem;

	must(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem));
	buf_init(pem_r);
	buf_add(pem_r, pem.data, pem.size);
	gnutls_free(pem.data);
}

void certificate_make_ca(const char *common_name,
			 struct certificate_pair *pair_r)
{
	time_t now = (time_t)(clock_wall_ms() / 1000);
	gnutls_x509_privkey_t key = make_key(&pair_r->key);
	gnutls_x509_crt_t crt = begin(key, common_name, now - SKEW_S,
				      now + (time_t)CA_DAYS * DAY_S);

	must(gnutls_x509_crt_set_basic_constraints(crt, 1, 0));
	must(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_CERT_SIGN |
							GNUTLS_KEY_CRL_SIGN));
	must(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0));
	export(crt, &pair_r->certificate);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

struct ca {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
};

static gnutls_datum_t datum(const struct buf *b)
{
	gnutls_datum_t d = { (unsigned char *)buf_at(b), (unsigned)buf_len(b) };

	return d;
}

static void ca_init(struct ca *ca, const struct certificate_pair *pair)
{
	gnutls_datum_t key = datum(&pair->key);
	gnutls_datum_t crt = datum(&pair->certificate);

	must(gnutls_x509_privkey_init(&ca->key));
	must(gnutls_x509_privkey_import2(ca->key, &key, GNUTLS_X509_FMT_PEM,
					 NULL, 0));
	must(gnutls_x509_crt_init(&ca->crt));
	must(gnutls_x509_crt_import(ca->crt, &crt, GNUTLS_X509_FMT_PEM));
}

static void ca_fini(struct ca *ca)
{
	gnutls_x509_crt_deinit(ca->crt);
	gnutls_x509_privkey_deinit(ca->key);
}

/* The bytes of an address in network order; 0 when host is none. */
static size_t address_of(const char *host, uint8_t bytes_r[16])
{
	if (inet_pton(AF_INET, host, bytes_r) == 1)
		return 4;
	return inet_pton(AF_INET6, host, bytes_r) == 1 ? 16 : 0;
}

static void add_host(gnutls_x509_crt_t crt, const char *host)
{
	uint8_t bytes[16];
	size_t len = address_of(host, bytes);

	if (len > 0)
		must(gnutls_x509_crt_set_subject_alt_name(
			crt, GNUTLS_SAN_IPADDRESS, bytes, (unsigned)len,
			GNUTLS_FSAN_APPEND));
	else
		must(gnutls_x509_crt_set_subject_alt_name(
			crt, GNUTLS_SAN_DNSNAME, host, (unsigned)strlen(host),
			GNUTLS_FSAN_APPEND));
}

static void sign_by(const struct ca *ca, gnutls_x509_crt_t crt)
{
	uint8_t id[KEY_ID_BYTES];
	size_t id_len = sizeof(id);
	unsigned critical;

	must(gnutls_x509_crt_get_subject_key_id(ca->crt, id, &id_len,
						&critical));
	must(gnutls_x509_crt_set_authority_key_id(crt, id, id_len));
	must(gnutls_x509_crt_sign2(crt, ca->crt, ca->key, GNUTLS_DIG_SHA256,
				   0));
}

/* A server's certificate begins now, and ends before its CA does. */
static time_t choose_times(const struct ca *ca, time_t *begins_r)
{
	time_t of_ca = gnutls_x509_crt_get_expiration_time(ca->crt);
	time_t ends;

	*begins_r = (time_t)(clock_wall_ms() / 1000) - SKEW_S;
	ends = *begins_r + (time_t)SERVER_DAYS * DAY_S;
	return ends < of_ca ? ends : of_ca;
}

static void restrict_to_server(gnutls_x509_crt_t crt)
{
	must(gnutls_x509_crt_set_basic_constraints(crt, 0, -1));
	must(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE));
	must(gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER,
						 0));
}

void certificate_make_server(const struct certificate_pair *ca_pair,
			     const char *const *hosts, size_t host_count,
			     struct certificate_pair *pair_r)
{
	time_t begins;
	time_t ends;
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	struct ca ca;

	assert(host_count > 0);
	ca_init(&ca, ca_pair);
	ends = choose_times(&ca, &begins);
	key = make_key(&pair_r->key);
	crt = begin(key, hosts[0], begins, ends);
	restrict_to_server(crt);
	for (size_t i = 0; i < host_count; i++)
		add_host(crt, hosts[i]);
	sign_by(&ca, crt);
	export(crt, &pair_r->certificate);
	buf_add(&pair_r->certificate, buf_at(&ca_pair->certificate),
		buf_len(&ca_pair->certificate));
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	ca_fini(&ca);
}

static bool is_label_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-';
}

bool certificate_host_is_valid(const char *host)
{
	uint8_t bytes[16];
	size_t label = 0;
	size_t i;

	if (address_of(host, bytes) > 0)
		return true;
	for (i = 0; host[i] != '\0' && i <= HOST_MOST; i++) {
		if (host[i] == '.' && (label == 0 || host[i - 1] == '-'))
			return false;
		label = host[i] == '.' ? 0 : label + 1;
		if (label > LABEL_MOST || (label == 1 && host[i] == '-') ||
		    (label > 0 && !is_label_byte(host[i])))
			return false;
	}
	return label > 0 && i <= HOST_MOST && host[i - 1] != '-';
}

static enum err import_first(const char *pem, size_t len,
			     gnutls_x509_crt_t *crt_r)
{
	gnutls_datum_t text = { (unsigned char *)(uintptr_t)pem,
				(unsigned)len };

	if (len > INT_MAX)
		return ERR_BAD_INPUT;
	must(gnutls_x509_crt_init(crt_r));
	if (gnutls_x509_crt_import(*crt_r, &text, GNUTLS_X509_FMT_PEM) >= 0)
		return ERR_OK;
	gnutls_x509_crt_deinit(*crt_r);
	return ERR_BAD_INPUT;
}

/* False when the text holds no CA, or not its key. */
static bool read_ca(const struct certificate_pair *pair, struct ca *ca,
		    struct buf *why)
{
	gnutls_datum_t key = datum(&pair->key);
	uint8_t ids[2][KEY_ID_BYTES] = { { 0 }, { 0 } };
	size_t lens[2] = { KEY_ID_BYTES, KEY_ID_BYTES };

	if (import_first(buf_at(&pair->certificate),
			 buf_len(&pair->certificate), &ca->crt) != ERR_OK) {
		buf_add_text(why, "the CA's file holds no certificate");
		return false;
	}
	must(gnutls_x509_privkey_init(&ca->key));
	if (gnutls_x509_privkey_import2(ca->key, &key, GNUTLS_X509_FMT_PEM,
					NULL, 0) < 0) {
		buf_add_text(why, "the CA's key cannot be read");
	} else if (gnutls_x509_privkey_get_key_id(ca->key, 0, ids[0],
						  &lens[0]) < 0 ||
		   gnutls_x509_crt_get_key_id(ca->crt, 0, ids[1], &lens[1]) <
			   0 ||
		   memcmp(ids[0], ids[1], KEY_ID_BYTES) != 0) {
		buf_add_text(why, "the CA's key is not that of the CA's "
				  "certificate");
	} else {
		return true;
	}
	ca_fini(ca);
	return false;
}

static bool has_signed(const struct ca *ca, gnutls_x509_crt_t crt)
{
	unsigned flaws = 0;

	return gnutls_x509_crt_check_issuer(crt, ca->crt) == 1 &&
	       gnutls_x509_crt_verify(crt, &ca->crt, 1,
				      GNUTLS_VERIFY_DISABLE_TIME_CHECKS,
				      &flaws) >= 0 &&
	       flaws == 0;
}

static void copy_hosts(gnutls_x509_crt_t from, gnutls_x509_crt_t to)
{
	for (unsigned i = 0;; i++) {
		char name[HOST_MOST + 1];
		size_t len = sizeof(name);
		int type = gnutls_x509_crt_get_subject_alt_name(from, i, name,
								&len, NULL);

		if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return;
		if (type != GNUTLS_SAN_DNSNAME && type != GNUTLS_SAN_IPADDRESS)
			continue; /* no host, or too long for one */
		must(gnutls_x509_crt_set_subject_alt_name(
			to, (gnutls_x509_subject_alt_name_t)type, name,
			(unsigned)len, GNUTLS_FSAN_APPEND));
	}
}

static void copy_key(gnutls_x509_crt_t from, gnutls_x509_crt_t to)
{
	gnutls_pubkey_t key;

	must(gnutls_pubkey_init(&key));
	must(gnutls_pubkey_import_x509(key, from, 0));
	must(gnutls_x509_crt_set_pubkey(to, key));
	gnutls_pubkey_deinit(key);
}

static enum err renew(const struct ca *ca, gnutls_x509_crt_t before,
		      struct buf *renewed, struct buf *why)
{
	char name[COMMON_NAME + 1] = "";
	size_t len = sizeof(name);
	time_t begins;
	time_t ends = choose_times(ca, &begins);
	gnutls_x509_crt_t crt;

	if (!has_signed(ca, before)) {
		buf_add_text(why, "the CA has not signed the certificate");
		return ERR_BAD_INPUT;
	}
	if (ends <= begins + DAY_S) {
		buf_add_text(why, "the CA itself ends");
		return ERR_BAD_INPUT;
	}
	if (gnutls_x509_crt_get_dn_by_oid(before, GNUTLS_OID_X520_COMMON_NAME,
					  0, 0, name, &len) < 0)
		name[0] = '\0';
	must(gnutls_x509_crt_init(&crt));
	copy_key(before, crt);
	fill(crt, name[0] != '\0' ? name : "Rialto", begins, ends);
	restrict_to_server(crt);
	copy_hosts(before, crt);
	sign_by(ca, crt);
	export(crt, renewed);
	gnutls_x509_crt_deinit(crt);
	return ERR_OK;
}

enum err certificate_renew(const struct certificate_pair *ca_pair,
			   const struct buf *chain, struct buf *renewed,
			   struct buf *why)
{
	gnutls_x509_crt_t before;
	struct ca ca;
	enum err e = ERR_BAD_INPUT;

	if (import_first(buf_at(chain), buf_len(chain), &before) != ERR_OK) {
		buf_add_text(why, "the file holds no certificate");
		return ERR_BAD_INPUT;
	}
	if (read_ca(ca_pair, &ca, why)) {
		e = renew(&ca, before, renewed, why);
		if (e == ERR_OK)
			buf_add(renewed, buf_at(&ca_pair->certificate),
				buf_len(&ca_pair->certificate));
		ca_fini(&ca);
	}
	gnutls_x509_crt_deinit(before);
	return e;
}

enum err certificate_fingerprint(const char *pem, size_t len,
				 char text_r[FINGERPRINT_TEXT])
{
	gnutls_x509_crt_t crt;
	uint8_t bytes[DIGEST_BYTES];
	size_t size = sizeof(bytes);
	gnutls_datum_t digest = { bytes, sizeof(bytes) };
	gnutls_datum_t text;
	enum err e = import_first(pem, len, &crt);

	if (e != ERR_OK)
		return e;
	must(gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, bytes,
					     &size));
	gnutls_x509_crt_deinit(crt);
	must(gnutls_base64_encode2(&digest, &text));
	while (text.size > 0 && text.data[text.size - 1] == '=')
		text.size--;
	snprintf(text_r, FINGERPRINT_TEXT, "SHA256:%.*s", (int)text.size,
		 (const char *)text.data);
	gnutls_free(text.data);
	return ERR_OK;
}

enum err certificate_expiry(const char *pem, size_t len, int64_t *wall_ms_r)
{
	gnutls_x509_crt_t crt;
	enum err e = import_first(pem, len, &crt);
	time_t ends;

	if (e != ERR_OK)
		return e;
	ends = gnutls_x509_crt_get_expiration_time(crt);
	gnutls_x509_crt_deinit(crt);
	if (ends == (time_t)-1)
		return ERR_BAD_INPUT;
	*wall_ms_r = (int64_t)ends * 1000;
	return ERR_OK;
}
