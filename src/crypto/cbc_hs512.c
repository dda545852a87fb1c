#include "crypto/cbc_hs512.h"

#include <assert.h>
#include <nettle/cbc.h>
#include <nettle/memops.h>
#include <string.h>

#include "base/mem.h"

enum { HALF = CBC_HS512_KEY / 2 };

void cbc_hs512_init_to_seal(struct cbc_hs512 *c,
			    const uint8_t key[CBC_HS512_KEY])
{
	hmac_sha512_set_key(&c->mac, HALF, key);
	aes256_set_encrypt_key(&c->cipher, key + HALF);
}

void cbc_hs512_init_to_open(struct cbc_hs512 *c,
			    const uint8_t key[CBC_HS512_KEY])
{
	hmac_sha512_set_key(&c->mac, HALF, key);
	aes256_set_decrypt_key(&c->cipher, key + HALF);
}

/*
 * The processor has the keys of each round in registers, until something else
 * needs these; whatever interrupts, or resolves a symbol, saves them onto the
 * stack. So the cipher runs once more with what is left of the keys: zeros.
 */
void cbc_hs512_wipe(struct cbc_hs512 *c)
{
	uint8_t block[CBC_HS512_BLOCK] = { 0 };

	mem_wipe(c, sizeof(*c));
	aes256_encrypt(&c->cipher, sizeof(block), block, block);
	aes256_decrypt(&c->cipher, sizeof(block), block, block);
	mem_wipe_stack();
}

void cbc_hs512_encrypt(const struct cbc_hs512 *c,
		       const uint8_t iv[CBC_HS512_IV], const void *text,
		       size_t len, uint8_t *sealed_r)
{
	size_t whole = len - len % CBC_HS512_BLOCK;
	uint8_t padding = (uint8_t)(CBC_HS512_BLOCK - len % CBC_HS512_BLOCK);
	uint8_t chain[CBC_HS512_BLOCK];
	uint8_t last[CBC_HS512_BLOCK];

	memcpy(chain, iv, sizeof(chain));
	cbc_aes256_encrypt(&c->cipher, chain, whole, sealed_r, text);
	memset(last, padding, sizeof(last));
	if (len > whole)
		memcpy(last, (const uint8_t *)text + whole, len - whole);
	cbc_aes256_encrypt(&c->cipher, chain, sizeof(last), sealed_r + whole,
			   last);
	mem_wipe(last, sizeof(last));
}

void cbc_hs512_sign(struct cbc_hs512 *c, const struct cbc_hs512_message *m,
		    uint8_t tag_r[CBC_HS512_TAG])
{
	uint64_t bits = (uint64_t)m->beside_len * 8;
	uint8_t length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	hmac_sha512_update(&c->mac, m->beside_len, m->beside);
	hmac_sha512_update(&c->mac, CBC_HS512_IV, m->iv);
	hmac_sha512_update(&c->mac, m->sealed_len, m->sealed);
	hmac_sha512_update(&c->mac, sizeof(length), length);
	hmac_sha512_digest(&c->mac, CBC_HS512_TAG, tag_r);
}

bool cbc_hs512_is_genuine(struct cbc_hs512 *c,
			  const struct cbc_hs512_message *m,
			  const uint8_t tag[CBC_HS512_TAG])
{
	uint8_t want[CBC_HS512_TAG];

	cbc_hs512_sign(c, m, want);
	return memeql_sec(want, tag, sizeof(want)) != 0;
}

bool cbc_hs512_decrypt(const struct cbc_hs512 *c,
		       const struct cbc_hs512_message *m, uint8_t *text_r,
		       size_t *len_r)
{
	uint8_t chain[CBC_HS512_BLOCK];
	uint8_t padding;

	assert(m->sealed_len > 0 && m->sealed_len % CBC_HS512_BLOCK == 0);
	memcpy(chain, m->iv, sizeof(chain));
	cbc_decrypt(&c->cipher, (nettle_cipher_func *)aes256_decrypt,
		    CBC_HS512_BLOCK, chain, m->sealed_len, text_r, m->sealed);
	padding = text_r[m->sealed_len - 1];
	if (padding == 0 || padding > CBC_HS512_BLOCK)
		return false;
	for (size_t i = 1; i <= padding; i++)
		if (text_r[m->sealed_len - i] != padding)
			return false;
	*len_r = m->sealed_len - padding;
	return true;
}
