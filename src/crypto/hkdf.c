#include "crypto/hkdf.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypto/mac.h"
#include "log/log.h"

/* GnuTLS takes what it only reads without const. */
static gnutls_datum_t datum(const void *bytes, size_t len)
{
	gnutls_datum_t d = { (unsigned char *)(uintptr_t)bytes, (unsigned)len };

	return d;
}

void hkdf_make(const void *key, size_t key_len, const void *salt,
	       size_t salt_len, const char *info, void *out_r, size_t out_len)
{
	gnutls_datum_t key_datum = datum(key, key_len);
	gnutls_datum_t salt_datum = datum(salt, salt_len);
	gnutls_datum_t info_datum = datum(info, strlen(info));
	uint8_t prk[MAC_BYTES];
	gnutls_datum_t prk_datum = { prk, sizeof(prk) };
	int rc = gnutls_hkdf_extract(GNUTLS_MAC_SHA256, &key_datum, &salt_datum,
				     prk);

	if (rc >= 0)
		rc = gnutls_hkdf_expand(GNUTLS_MAC_SHA256, &prk_datum,
					&info_datum, out_r, out_len);
	mem_wipe(prk, sizeof(prk));
	if (rc >= 0)
		return;
	log_error("crypto", "cannot derive a key: %s", gnutls_strerror(rc));
	_exit(71); /* EX_OSERR */
}
