/*
 * A seal: AES-256-GCM (NIST SP 800-38D) under one key, where a counter is the
 * nonce. What was sealed can be neither read nor changed without the key, nor
 * opened with another counter or beside other bytes. One owner.
 */
#ifndef RIALTO_CRYPTO_SEAL_H
#define RIALTO_CRYPTO_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum { SEAL_KEY = 32, SEAL_TAG = 16 };

struct seal;

/* Copies the key. */
struct seal *seal_new(const uint8_t key[SEAL_KEY]);
void seal_free(struct seal **seal);

/* Bytes that are not sealed themselves, but must be the same to open. */
struct seal_beside {
	const void *bytes;
	size_t len;
};

/*
 * Writes len + SEAL_TAG bytes. No two different things may ever be sealed
 * with one key and one counter.
 */
void seal_make(struct seal *seal, uint64_t counter, struct seal_beside beside,
	       const void *bytes, size_t len, void *sealed_r);

/*
 * Writes sealed_len - SEAL_TAG bytes; false, and nothing of use in bytes_r,
 * when this was not sealed so.
 */
NODISCARD bool seal_open(struct seal *seal, uint64_t counter,
			 struct seal_beside beside, const void *sealed,
			 size_t sealed_len, void *bytes_r);

#endif
