/*
 * Certificates that clients show: asked for before the handshake, known by
 * their fingerprint after it. Used in the session's worker.
 */
#ifndef RIALTO_NET_CLIENT_CERTIFICATE_H
#define RIALTO_NET_CLIENT_CERTIFICATE_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "crypto/digest.h"

/*
 * Asks for one that a CA of the credentials vouches for, as a client's: with
 * another the handshake fails, without any it does not.
 */
void client_certificate_ask_vouched(gnutls_session_t session);

/*
 * Asks for any: whoever signed it, for whatever, even when it has ended. The
 * handshake proves that the peer has its key, and nothing else is known of it.
 */
void client_certificate_ask_any(gnutls_session_t session);

/* SHA-256 of its DER form; false when none was shown. */
NODISCARD bool client_certificate_fingerprint(gnutls_session_t session,
					      uint8_t digest_r[DIGEST_BYTES]);

#endif
