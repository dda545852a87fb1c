#include "crypto/session_keys.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/hkdf.h"

const char session_keys_label[] = "EXPERIMENTAL-rialto-session-1";

void session_keys_derive(const uint8_t exported[SESSION_EXPORTED],
			 const uint8_t client_nonce[SESSION_NONCE],
			 const uint8_t server_nonce[SESSION_NONCE],
			 struct session_keys *keys_r)
{
	uint8_t salt[2 * SESSION_NONCE];

	memcpy(salt, client_nonce, SESSION_NONCE);
	memcpy(salt + SESSION_NONCE, server_nonce, SESSION_NONCE);
	hkdf_make(exported, SESSION_EXPORTED, salt, sizeof(salt),
		  "rialto/1 request", keys_r->request, sizeof(keys_r->request));
	hkdf_make(exported, SESSION_EXPORTED, salt, sizeof(salt),
		  "rialto/1 response", keys_r->response,
		  sizeof(keys_r->response));
	hkdf_make(exported, SESSION_EXPORTED, salt, sizeof(salt),
		  "rialto/1 confirm", keys_r->confirm, sizeof(keys_r->confirm));
}

void session_keys_wipe(struct session_keys *keys)
{
	mem_wipe(keys, sizeof(*keys));
}
