/* HMAC-SHA-256 (RFC 2104). Any thread. */
#ifndef RIALTO_CRYPTO_MAC_H
#define RIALTO_CRYPTO_MAC_H

#include <stddef.h>
#include <stdint.h>

enum { MAC_BYTES = 32 };

void mac_make(const void *key, size_t key_len, const void *bytes, size_t len,
	      uint8_t mac_r[MAC_BYTES]);

#endif
