/*
 * The client's half of what binds a server's identity to a TLS 1.3 channel
 * (doc/protocol.md): a nonce and the channel's exporter, and the check of
 * what the server signed. Nothing here decides whom to trust. Any thread.
 */
#ifndef RIALTO_CLIENT_NEGOTIATION_H
#define RIALTO_CLIENT_NEGOTIATION_H

#include <gnutls/gnutls.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/base64url.h"
#include "crypto/identity_key.h"
#include "crypto/session_keys.h"

enum { NEGOTIATION_NONCE_TEXT = BASE64URL_TEXT(SESSION_NONCE) + 1 };

struct negotiation {
	uint8_t exported[SESSION_EXPORTED];
	uint8_t nonce[SESSION_NONCE];
	char nonce_text[NEGOTIATION_NONCE_TEXT]; /* to be sent */
};

/*
 * Begins for a channel whose handshake is done. ERR_NOT_ALLOWED when that is
 * not TLS 1.3. To be wiped.
 */
NODISCARD enum err negotiation_begin(struct negotiation *n,
				     gnutls_session_t tls);

void negotiation_wipe(struct negotiation *n);

/*
 * Checks the server's nonce and its identity, a JWS: that the key in it has
 * signed for just this channel. identity_r becomes that key's "SHA256:…",
 * which the caller compares with what it knows; keys_r are the session's, to
 * be wiped.
 *
 * ERR_BAD_INPUT when they are not what a server says, ERR_MAC_FAILED when the
 * signature does not hold or was made for another channel: then somebody
 * stands between. why says it in words.
 */
NODISCARD enum err negotiation_check(const struct negotiation *n,
				     const char *server_nonce, size_t nonce_len,
				     const char *jws, size_t jws_len,
				     struct session_keys *keys_r,
				     char identity_r[IDENTITY_TEXT],
				     const char **why);

#endif
