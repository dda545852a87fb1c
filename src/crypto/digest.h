/* SHA-256 (FIPS 180-4). Any thread. */
#ifndef RIALTO_CRYPTO_DIGEST_H
#define RIALTO_CRYPTO_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum { DIGEST_BYTES = 32, DIGEST_TEXT = 2 * DIGEST_BYTES + 1 };

/* The digest of first followed by second; either may be empty. */
void digest_make(const void *first, size_t first_len, const void *second,
		 size_t second_len, uint8_t digest_r[DIGEST_BYTES]);

/* In hexadecimal digits. */
void digest_print(const uint8_t digest[DIGEST_BYTES], char text_r[DIGEST_TEXT]);

/* From as many digits; false, and nothing changed, when it is anything else. */
NODISCARD bool digest_read(const char *text, uint8_t digest_r[DIGEST_BYTES]);

#endif
