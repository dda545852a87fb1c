/* Who answered: the server's certificate and what the CAs say about it. */
#ifndef RIALTO_RIALTO_PEER_H
#define RIALTO_RIALTO_PEER_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

#include "base/attr.h"
#include "crypto/certificate.h"

struct peer {
	char fingerprint[FINGERPRINT_TEXT];
	bool is_vouched; /* by a CA of the session's, for this host, today */
	char *doubt;     /* why it is not, in words of GnuTLS */
};

/*
 * Fills in *peer_r after a handshake. False when the server sent no
 * certificate that could be read. Freed with peer_fini() in every case.
 */
NODISCARD bool peer_judge(gnutls_session_t tls, const char *host,
			  struct peer *peer_r);

void peer_fini(struct peer *p);

#endif
