/*
 * Signed texts: JWS in compact form (RFC 7515), "alg" "EdDSA" over Ed25519
 * (RFC 8037). The public key stands in the header as "jwk", and its SHA-256
 * as "kid": whose it is, is for the reader to know. Any thread.
 */
#ifndef RIALTO_CRYPTO_JWS_H
#define RIALTO_CRYPTO_JWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/identity_key.h"

/*
 * Signs len bytes and adds the JWS to out. typ says what it is about (ASCII,
 * at most 32 characters that need no escape); NULL leaves it out.
 */
void jws_sign(const struct identity_key *key, const char *typ,
	      const void *payload, size_t len, struct buf *out);

/* The same under a header of the caller's, in JSON. */
void jws_sign_under(const struct identity_key *key, const char *header,
		    const void *payload, size_t len, struct buf *out);

/*
 * Reads a JWS and checks that the key in its header has signed it. Adds what
 * was signed to payload_r, and writes the key: who it belongs to was not
 * checked.
 *
 * ERR_BAD_INPUT when it is none, has another "typ" (typ NULL: has one), an
 * "alg" that is not "EdDSA", a "crit", or a "kid" that is not the key's;
 * ERR_MAC_FAILED when the signature does not hold. Members of the header that
 * nobody knows are ignored (RFC 7515, 4).
 */
NODISCARD enum err jws_open(const char *jws, size_t len, const char *typ,
			    struct buf *payload_r,
			    uint8_t public_r[IDENTITY_PUBLIC]);

/* The same by a key that is known, whatever the header says of keys. */
NODISCARD enum err jws_open_by(const char *jws, size_t len, const char *typ,
			       const uint8_t public[IDENTITY_PUBLIC],
			       struct buf *payload_r);

#endif
