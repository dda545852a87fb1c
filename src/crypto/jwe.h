/*
 * One direction of a conversation in sealed messages: JWE in compact form (RFC
 * 7516), "alg" "dir", "enc" "A256CBC-HS512", and a "seq" in the protected
 * header that counts up by one from 0. What was changed, left out, repeated or
 * put in another order does not open. One owner.
 */
#ifndef RIALTO_CRYPTO_JWE_H
#define RIALTO_CRYPTO_JWE_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

enum { JWE_KEY = 64 };

struct jwe;

/* The end that seals, and the one that opens; neither keeps the key itself. */
struct jwe *jwe_new_to_seal(const uint8_t key[JWE_KEY]);
struct jwe *jwe_new_to_open(const uint8_t key[JWE_KEY]);

/* Wipes it. */
void jwe_free(struct jwe **jwe);

/* The number of the next message. */
uint64_t jwe_next(const struct jwe *jwe);

/* Seals len bytes as the next message, and adds it to out, without a line end.
 */
void jwe_seal(struct jwe *jwe, const void *text, size_t len, struct buf *out);

/*
 * Opens the next message and adds its text to text_r, which has to be wiped,
 * and leaves no copy behind when it was empty.
 *
 * ERR_MAC_FAILED when it is no JWE, has another header, or was not sealed
 * under this key; ERR_REPLAY when it was, with a "seq" that is not the next.
 * Then nothing was added, and the next one is the same as before.
 */
NODISCARD enum err jwe_open(struct jwe *jwe, const char *message, size_t len,
			    struct buf *text_r);

#endif
