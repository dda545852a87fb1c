#include "crypto/identity_key.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypto/digest.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "log/log.h"

struct identity_key {
	uint8_t private[crypto_sign_SECRETKEYBYTES]; /* seed, public key */
	uint8_t public[IDENTITY_PUBLIC];
	char text[IDENTITY_TEXT]; /* "SHA256:", kid */
};

static const char noun[] = "identity key";

/* Fails only when the libraries are broken. */
static void must(bool is_done)
{
	if (is_done)
		return;
	log_error("crypto", "cannot use the identity key");
	_exit(71); /* EX_OSERR */
}

void identity_print_kid(const uint8_t public[IDENTITY_PUBLIC],
			char kid_r[IDENTITY_KID])
{
	uint8_t digest[DIGEST_BYTES];

	digest_make(public, IDENTITY_PUBLIC, NULL, 0, digest);
	base64url_write(digest, sizeof(digest), kid_r);
	kid_r[IDENTITY_KID - 1] = '\0';
}

struct identity_key *identity_key_new(const uint8_t seed[IDENTITY_SEED])
{
	struct identity_key *key = mem_zero(sizeof(*key));
	char kid[IDENTITY_KID];

	must(sodium_init() >= 0);
	must(crypto_sign_seed_keypair(key->public, key->private, seed) == 0);
	identity_print_kid(key->public, kid);
	snprintf(key->text, sizeof(key->text), "SHA256:%s", kid);
	return key;
}

void identity_key_free(struct identity_key **key)
{
	if (*key == NULL)
		return;
	mem_wipe(*key, sizeof(**key));
	mem_free(*key);
	*key = NULL;
}

/* For these, wiping the number is left to us. */
static void drop_number(gnutls_datum_t *number)
{
	if (number->data == NULL)
		return;
	mem_wipe(number->data, number->size);
	gnutls_free(number->data);
}

static bool take_seed(gnutls_x509_privkey_t from, uint8_t seed_r[IDENTITY_SEED])
{
	AUTO(drop_number) gnutls_datum_t x = { 0 };
	AUTO(drop_number) gnutls_datum_t k = { 0 };
	gnutls_ecc_curve_t curve;

	if (gnutls_x509_privkey_get_pk_algorithm(from) !=
		    GNUTLS_PK_EDDSA_ED25519 ||
	    gnutls_x509_privkey_export_ecc_raw(from, &curve, &x, NULL, &k) <
		    0 ||
	    k.size != IDENTITY_SEED)
		return false;
	memcpy(seed_r, k.data, IDENTITY_SEED);
	return true;
}

static bool read_pem(const struct buf *pem, uint8_t seed_r[IDENTITY_SEED])
{
	gnutls_datum_t text = { (unsigned char *)buf_at(pem),
				(unsigned)buf_len(pem) };
	gnutls_x509_privkey_t key;
	bool is_read;

	must(gnutls_x509_privkey_init(&key) >= 0);
	is_read = gnutls_x509_privkey_import2(key, &text, GNUTLS_X509_FMT_PEM,
					      NULL, GNUTLS_PKCS_PLAIN) >= 0 &&
		  take_seed(key, seed_r);
	gnutls_x509_privkey_deinit(key);
	return is_read;
}

enum err identity_key_load(const char *path, struct identity_key **key_r,
			   struct buf *why)
{
	AUTO(buf_wipe) struct buf pem = { 0 };
	uint8_t seed[IDENTITY_SEED];
	enum err e = key_file_read(path, noun, &pem, why);

	*key_r = NULL;
	if (e != ERR_OK)
		return e;
	if (!read_pem(&pem, seed)) {
		buf_print(why,
			  "%s is not an identity key: it must be an Ed25519 "
			  "key in PEM, without a password",
			  path);
		return ERR_BAD_INPUT;
	}
	*key_r = identity_key_new(seed);
	mem_wipe(seed, sizeof(seed));
	return ERR_OK;
}

static void write_pem(const struct identity_key *from, struct buf *pem_r)
{
	gnutls_datum_t x = { (unsigned char *)(uintptr_t)from->public,
			     IDENTITY_PUBLIC };
	gnutls_datum_t k = { (unsigned char *)(uintptr_t)from->private,
			     IDENTITY_SEED };
	gnutls_x509_privkey_t key;
	gnutls_datum_t text;

	must(gnutls_x509_privkey_init(&key) >= 0);
	must(gnutls_x509_privkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_ED25519,
						&x, NULL, &k) >= 0);
	must(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
					       GNUTLS_PKCS_PLAIN, &text) >= 0);
	buf_init(pem_r);
	buf_add(pem_r, text.data, text.size);
	drop_number(&text);
	gnutls_x509_privkey_deinit(key);
}

enum err identity_key_make(const char *path, struct buf *why)
{
	AUTO(identity_key_free) struct identity_key *key = NULL;
	AUTO(buf_wipe) struct buf pem = { 0 };
	uint8_t seed[IDENTITY_SEED];

	random_bytes(seed, sizeof(seed));
	key = identity_key_new(seed);
	mem_wipe(seed, sizeof(seed));
	write_pem(key, &pem);
	return key_file_make(path, noun, buf_at(&pem), buf_len(&pem), why);
}

const uint8_t *identity_key_public(const struct identity_key *key)
{
	return key->public;
}

const char *identity_key_kid(const struct identity_key *key)
{
	return key->text + IDENTITY_TEXT - IDENTITY_KID;
}

const char *identity_key_text(const struct identity_key *key)
{
	return key->text;
}

void identity_key_sign(const struct identity_key *key, const void *bytes,
		       size_t len, uint8_t signature_r[IDENTITY_SIGNATURE])
{
	must(crypto_sign_detached(signature_r, NULL, bytes, len,
				  key->private) == 0);
}

bool identity_has_signed(const uint8_t public[IDENTITY_PUBLIC],
			 const void *bytes, size_t len,
			 const uint8_t signature[IDENTITY_SIGNATURE])
{
	must(sodium_init() >= 0);
	return crypto_sign_verify_detached(signature, bytes, len, public) == 0;
}
