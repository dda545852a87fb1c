/*
 * The identity of a server: an Ed25519 key (RFC 8032) that no CA knows about.
 * Clients remember its public half and so find out who stands between. The
 * signatures are made and checked by libsodium: 17 us and 43 us here, where
 * nettle takes 30 us and 93 us, and its copies of the key are wiped.
 *
 * Immutable; any thread.
 */
#ifndef RIALTO_CRYPTO_IDENTITY_KEY_H
#define RIALTO_CRYPTO_IDENTITY_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/base64url.h"

enum {
	IDENTITY_SEED = 32,   /* the private key of RFC 8032 */
	IDENTITY_PUBLIC = 32, /* the public one */
	IDENTITY_SIGNATURE = 64,
	/* SHA-256 of the public key in base64url, and a NUL */
	IDENTITY_KID = BASE64URL_TEXT(32) + 1,
	/* "SHA256:", and that */
	IDENTITY_TEXT = IDENTITY_KID + 7,
};

struct identity_key;

/* The key of this seed; copies it. */
struct identity_key *identity_key_new(const uint8_t seed[IDENTITY_SEED]);

/* Wipes it. */
void identity_key_free(struct identity_key **key);

/*
 * Reads a file with an Ed25519 key in PEM (PKCS #8, RFC 8410) that is not
 * encrypted. Else why says what is wrong: ERR_NOT_FOUND, ERR_NOT_ALLOWED (also
 * when others may read it), ERR_BAD_INPUT, ERR_IO.
 */
NODISCARD enum err identity_key_load(const char *path,
				     struct identity_key **key_r,
				     struct buf *why);

/* Makes a key, and its folder where there is none. ERR_EXISTS and so on. */
NODISCARD enum err identity_key_make(const char *path, struct buf *why);

/* Borrowed. */
const uint8_t *identity_key_public(const struct identity_key *key);
const char *identity_key_kid(const struct identity_key *key);

/* How people see it: "SHA256:…"; borrowed. */
const char *identity_key_text(const struct identity_key *key);

void identity_key_sign(const struct identity_key *key, const void *bytes,
		       size_t len, uint8_t signature_r[IDENTITY_SIGNATURE]);

/* Of a public key, ours or not. */
void identity_print_kid(const uint8_t public[IDENTITY_PUBLIC],
			char kid_r[IDENTITY_KID]);
NODISCARD bool identity_has_signed(const uint8_t public[IDENTITY_PUBLIC],
				   const void *bytes, size_t len,
				   const uint8_t signature[IDENTITY_SIGNATURE]);

#endif
