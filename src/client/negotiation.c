#include "client/negotiation.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/channel_proof.h"
#include "crypto/random.h"

enum { IDENTITY_JWS_MOST = 8 * 1024 };

enum err negotiation_begin(struct negotiation *n, gnutls_session_t tls)
{
	memset(n, 0, sizeof(*n));
	/* An empty context and none are the same there (RFC 8446, 7.5). */
	if (gnutls_protocol_get_version(tls) != GNUTLS_TLS1_3 ||
	    gnutls_prf_rfc5705(tls, strlen(session_keys_label),
			       session_keys_label, 0, NULL, SESSION_EXPORTED,
			       (char *)n->exported) != 0)
		return ERR_NOT_ALLOWED;
	random_bytes(n->nonce, sizeof(n->nonce));
	base64url_write(n->nonce, sizeof(n->nonce), n->nonce_text);
	return ERR_OK;
}

void negotiation_wipe(struct negotiation *n)
{
	mem_wipe(n, sizeof(*n));
}

static enum err check(const struct channel_proof *channel, const char *jws,
		      size_t len, char identity_r[IDENTITY_TEXT],
		      const char **why)
{
	uint8_t public[IDENTITY_PUBLIC];
	enum err e = len <= IDENTITY_JWS_MOST
			     ? channel_proof_check(jws, len, channel, public)
			     : ERR_BAD_INPUT;

	if (e != ERR_OK) {
		*why = e == ERR_MAC_FAILED
			       ? "its identity was not signed for this "
				 "connection"
			       : "its identity is no signed text";
		return e;
	}
	memcpy(identity_r, "SHA256:", 7);
	identity_print_kid(public, identity_r + 7);
	return ERR_OK;
}

enum err negotiation_check(const struct negotiation *n,
			   const char *server_nonce, size_t nonce_len,
			   const char *jws, size_t jws_len,
			   struct session_keys *keys_r,
			   char identity_r[IDENTITY_TEXT], const char **why)
{
	struct channel_proof channel;
	enum err e;

	identity_r[0] = '\0';
	if (!base64url_read_exactly(server_nonce, nonce_len,
				    channel.server_nonce,
				    sizeof(channel.server_nonce))) {
		*why = "its nonce is not 32 bytes in base64url";
		return ERR_BAD_INPUT;
	}
	session_keys_derive(n->exported, n->nonce, channel.server_nonce,
			    keys_r);
	memcpy(channel.client_nonce, n->nonce, sizeof(channel.client_nonce));
	memcpy(channel.confirm, keys_r->confirm, sizeof(channel.confirm));
	e = check(&channel, jws, jws_len, identity_r, why);
	if (e != ERR_OK)
		session_keys_wipe(keys_r);
	return e;
}
