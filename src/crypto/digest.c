#include "crypto/digest.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log/log.h"

void digest_make(const void *first, size_t first_len, const void *second,
		 size_t second_len, uint8_t digest_r[DIGEST_BYTES])
{
	gnutls_hash_hd_t hash;
	int rc = gnutls_hash_init(&hash, GNUTLS_DIG_SHA256);

	if (rc >= 0 && first_len > 0)
		rc = gnutls_hash(hash, first, first_len);
	if (rc >= 0 && second_len > 0)
		rc = gnutls_hash(hash, second, second_len);
	if (rc < 0) {
		log_error("crypto", "cannot make a digest: %s",
			  gnutls_strerror(rc));
		_exit(71); /* EX_OSERR */
	}
	gnutls_hash_deinit(hash, digest_r);
}

void digest_print(const uint8_t digest[DIGEST_BYTES], char text_r[DIGEST_TEXT])
{
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		snprintf(text_r + 2 * i, 3, "%02x", digest[i]);
}

bool digest_read(const char *text, uint8_t digest_r[DIGEST_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(text) != DIGEST_TEXT - 1 ||
	    strspn(text, digits) != DIGEST_TEXT - 1)
		return false;
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		ptrdiff_t high = strchr(digits, text[2 * i]) - digits;
		ptrdiff_t low = strchr(digits, text[2 * i + 1]) - digits;

		digest_r[i] = (uint8_t)(16 * high + low);
	}
	return true;
}
