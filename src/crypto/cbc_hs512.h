/*
 * A256CBC-HS512 (RFC 7518, 5.2.5): AES-256 in CBC mode, then HMAC-SHA-512 over
 * what it made and what stands beside, by halves of one key of 64 bytes. In
 * memory of our own, so that nothing of a key remains: wipe it. One owner.
 */
#ifndef RIALTO_CRYPTO_CBC_HS512_H
#define RIALTO_CRYPTO_CBC_HS512_H

#include <nettle/aes.h>
#include <nettle/hmac.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum {
	CBC_HS512_KEY = 64, /* the first half authenticates */
	CBC_HS512_BLOCK = 16,
	CBC_HS512_IV = CBC_HS512_BLOCK,
	CBC_HS512_TAG = 32,
};

/* For one of both directions. */
struct cbc_hs512 {
	struct aes256_ctx cipher;
	struct hmac_sha512_ctx mac;
};

/* What is sealed, as it travels; borrowed. */
struct cbc_hs512_message {
	const void *beside; /* authenticated, not encrypted */
	size_t beside_len;
	const uint8_t *iv;     /* CBC_HS512_IV bytes */
	const uint8_t *sealed; /* whole blocks, one at least */
	size_t sealed_len;
};

void cbc_hs512_init_to_seal(struct cbc_hs512 *c,
			    const uint8_t key[CBC_HS512_KEY]);
void cbc_hs512_init_to_open(struct cbc_hs512 *c,
			    const uint8_t key[CBC_HS512_KEY]);
void cbc_hs512_wipe(struct cbc_hs512 *c);

/* How long text of len bytes becomes: padded by 1 to 16 bytes (PKCS #7). */
static inline size_t cbc_hs512_sealed_len(size_t len)
{
	return (len / CBC_HS512_BLOCK + 1) * CBC_HS512_BLOCK;
}

/* Writes cbc_hs512_sealed_len(len) bytes; no two texts under one iv. */
void cbc_hs512_encrypt(const struct cbc_hs512 *c,
		       const uint8_t iv[CBC_HS512_IV], const void *text,
		       size_t len, uint8_t *sealed_r);

void cbc_hs512_sign(struct cbc_hs512 *c, const struct cbc_hs512_message *m,
		    uint8_t tag_r[CBC_HS512_TAG]);

/* Does the tag hold? In constant time. Ask before decrypting. */
NODISCARD bool cbc_hs512_is_genuine(struct cbc_hs512 *c,
				    const struct cbc_hs512_message *m,
				    const uint8_t tag[CBC_HS512_TAG]);

/*
 * Writes sealed_len bytes, of which the first *len_r are the text; not in
 * place. False when the padding is wrong.
 */
NODISCARD bool cbc_hs512_decrypt(const struct cbc_hs512 *c,
				 const struct cbc_hs512_message *m,
				 uint8_t *text_r, size_t *len_r);

#endif
