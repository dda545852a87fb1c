#include "crypto/hkdf.h"

#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/mac.h"

/* By nettle, as GnuTLS does not wipe what it had to keep meanwhile. */
void hkdf_make(const void *key, size_t key_len, const void *salt,
	       size_t salt_len, const char *info, void *out_r, size_t out_len)
{
	struct hmac_sha256_ctx mac;
	uint8_t prk[MAC_BYTES];

	hmac_sha256_set_key(&mac, salt_len, salt);
	hkdf_extract(&mac, (nettle_hash_update_func *)hmac_sha256_update,
		     (nettle_hash_digest_func *)hmac_sha256_digest, MAC_BYTES,
		     key_len, key, prk);
	hmac_sha256_set_key(&mac, sizeof(prk), prk);
	hkdf_expand(&mac, (nettle_hash_update_func *)hmac_sha256_update,
		    (nettle_hash_digest_func *)hmac_sha256_digest, MAC_BYTES,
		    strlen(info), (const uint8_t *)info, out_len, out_r);
	mem_wipe(&mac, sizeof(mac));
	mem_wipe(prk, sizeof(prk));
}
