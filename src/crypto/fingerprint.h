/*
 * Fingerprints of certificates as people write them: SHA-256 of the DER form.
 * Any thread.
 */
#ifndef RIALTO_CRYPTO_FINGERPRINT_H
#define RIALTO_CRYPTO_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "crypto/digest.h"

/*
 * "SHA256:" and base64 without padding, as OpenSSH writes it, or 32 pairs of
 * hexadecimal digits, with or without colons between, as openssl does.
 */
NODISCARD bool fingerprint_parse(const char *text,
				 uint8_t digest_r[DIGEST_BYTES]);

#endif
