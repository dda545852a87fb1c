/*
 * Keys for one session, made of its TLS channel by HKDF (RFC 5869) over
 * SHA-256, so that both ends have the same and nobody between them has either.
 * Any thread.
 */
#ifndef RIALTO_CRYPTO_SESSION_KEYS_H
#define RIALTO_CRYPTO_SESSION_KEYS_H

#include <stdint.h>

#include "crypto/jwe.h"

enum {
	SESSION_EXPORTED = 32, /* bytes of the TLS exporter (RFC 8446, 7.5) */
	SESSION_NONCE = 32,
	SESSION_CONFIRM = 32,
};

/* The label of what is exported, for this use and no other. */
extern const char session_keys_label[];

struct session_keys {
	uint8_t request[JWE_KEY];  /* seals what the client says */
	uint8_t response[JWE_KEY]; /* and what the server says */
	uint8_t confirm[SESSION_CONFIRM];
};

/* To be wiped. */
void session_keys_derive(const uint8_t exported[SESSION_EXPORTED],
			 const uint8_t client_nonce[SESSION_NONCE],
			 const uint8_t server_nonce[SESSION_NONCE],
			 struct session_keys *keys_r);

void session_keys_wipe(struct session_keys *keys);

#endif
