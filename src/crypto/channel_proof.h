/*
 * What a server says so that a client knows who is at the other end of its TLS
 * channel: a JWS by the server's identity key over what both have derived from
 * that channel. Somebody between has two channels, and can sign for neither.
 * Any thread.
 */
#ifndef RIALTO_CRYPTO_CHANNEL_PROOF_H
#define RIALTO_CRYPTO_CHANNEL_PROOF_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/identity_key.h"
#include "crypto/session_keys.h"

/* Of one negotiation: what both ends know. */
struct channel_proof {
	uint8_t confirm[SESSION_CONFIRM]; /* of struct session_keys */
	uint8_t client_nonce[SESSION_NONCE];
	uint8_t server_nonce[SESSION_NONCE];
};

/* Adds the JWS to out. */
void channel_proof_sign(const struct identity_key *key,
			const struct channel_proof *channel, struct buf *out);

/*
 * Is jws a proof for this channel? Then the key that has signed it is in
 * public_r; the client must still ask whether it is the one it knows.
 *
 * ERR_BAD_INPUT when it is no such JWS; ERR_MAC_FAILED when the signature does
 * not hold, or was made for another channel: somebody is between.
 */
NODISCARD enum err channel_proof_check(const char *jws, size_t len,
				       const struct channel_proof *channel,
				       uint8_t public_r[IDENTITY_PUBLIC]);

#endif
