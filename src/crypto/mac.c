#include "crypto/mac.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <unistd.h>

#include "log/log.h"

void mac_make(const void *key, size_t key_len, const void *bytes, size_t len,
	      uint8_t mac_r[MAC_BYTES])
{
	int rc = gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, key_len, bytes, len,
				  mac_r);

	if (rc >= 0)
		return;
	log_error("crypto", "cannot make a MAC: %s", gnutls_strerror(rc));
	_exit(71); /* EX_OSERR */
}
