#include "crypto/seal.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "log/log.h"

enum { NONCE = 12 };

struct seal {
	gnutls_aead_cipher_hd_t cipher;
	uint8_t key[SEAL_KEY];
};

static void must(int rc)
{
	if (rc >= 0)
		return;
	log_error("crypto", "cannot seal: %s", gnutls_strerror(rc));
	_exit(71); /* EX_OSERR */
}

struct seal *seal_new(const uint8_t key[SEAL_KEY])
{
	struct seal *seal = mem_zero(sizeof(*seal));
	gnutls_datum_t datum = { seal->key, sizeof(seal->key) };

	memcpy(seal->key, key, sizeof(seal->key));
	must(gnutls_aead_cipher_init(&seal->cipher, GNUTLS_CIPHER_AES_256_GCM,
				     &datum));
	return seal;
}

void seal_free(struct seal **seal)
{
	if (*seal == NULL)
		return;
	gnutls_aead_cipher_deinit((*seal)->cipher);
	mem_wipe(*seal, sizeof(**seal));
	mem_free(*seal);
	*seal = NULL;
}

static void set_nonce(uint64_t counter, uint8_t nonce_r[NONCE])
{
	memset(nonce_r, 0, NONCE);
	for (int i = 0; i < 8; i++)
		nonce_r[NONCE - 1 - i] = (uint8_t)(counter >> (8 * i));
}

void seal_make(struct seal *seal, uint64_t counter, struct seal_beside beside,
	       const void *bytes, size_t len, void *sealed_r)
{
	uint8_t nonce[NONCE];
	size_t sealed_len = len + SEAL_TAG;

	set_nonce(counter, nonce);
	must(gnutls_aead_cipher_encrypt(seal->cipher, nonce, sizeof(nonce),
					beside.bytes, beside.len, SEAL_TAG,
					bytes, len, sealed_r, &sealed_len));
}

bool seal_open(struct seal *seal, uint64_t counter, struct seal_beside beside,
	       const void *sealed, size_t sealed_len, void *bytes_r)
{
	uint8_t nonce[NONCE];
	size_t len = sealed_len - SEAL_TAG;

	if (sealed_len < SEAL_TAG)
		return false;
	set_nonce(counter, nonce);
	return gnutls_aead_cipher_decrypt(seal->cipher, nonce, sizeof(nonce),
					  beside.bytes, beside.len, SEAL_TAG,
					  sealed, sealed_len, bytes_r,
					  &len) >= 0;
}
