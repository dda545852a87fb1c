/* HKDF with SHA-256 (RFC 5869). Any thread. */
#ifndef RIALTO_CRYPTO_HKDF_H
#define RIALTO_CRYPTO_HKDF_H

#include <stddef.h>

/* Extracts from key and salt, and expands for info to out_len bytes. */
void hkdf_make(const void *key, size_t key_len, const void *salt,
	       size_t salt_len, const char *info, void *out_r, size_t out_len);

#endif
