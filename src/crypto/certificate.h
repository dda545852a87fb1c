/*
 * X.509 certificates (RFC 5280) for a new data directory, and fingerprints.
 * Any thread.
 */
#ifndef RIALTO_CRYPTO_CERTIFICATE_H
#define RIALTO_CRYPTO_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* A key and its certificate, in PEM. Freed with certificate_pair_fini(). */
struct certificate_pair {
	struct buf key;         /* PKCS #8, not encrypted */
	struct buf certificate; /* the server's is followed by the CA's */
};

void certificate_pair_fini(struct certificate_pair *pair);

/* A CA of its own: ECDSA P-256, ten years, path length 0. */
void certificate_make_ca(const char *common_name,
			 struct certificate_pair *pair_r);

/*
 * A host that a certificate may name: an address, or a name of ASCII letters,
 * digits, '-' and '.' (RFC 1123; a name in another script as "xn--…").
 */
bool certificate_host_is_valid(const char *host);

/*
 * A server certificate signed by the CA: ECDSA P-256, 825 days, hosts as
 * subject alternative names (an address becomes an address). At least one
 * host, and all of them valid.
 */
void certificate_make_server(const struct certificate_pair *ca,
			     const char *const *hosts, size_t host_count,
			     struct certificate_pair *pair_r);

/*
 * Makes the first certificate in chain anew: the same key and names, as
 * certificate_make_server() does it, followed by the CA's; nobody's key but
 * the CA's is needed. It may have ended. ERR_BAD_INPUT, and why says which is
 * wrong: the chain, or the CA, or that one has not signed the other.
 */
NODISCARD enum err certificate_renew(const struct certificate_pair *ca,
				     const struct buf *chain,
				     struct buf *renewed, struct buf *why);

/*
 * Bytes for a fingerprint "SHA256:…" with its NUL: the digest of the DER form
 * in base64 without padding, as OpenSSH writes it.
 */
enum { FINGERPRINT_TEXT = 64 };

/* Of the first certificate in PEM text. ERR_BAD_INPUT when there is none. */
NODISCARD enum err certificate_fingerprint(const char *pem, size_t len,
					   char text_r[FINGERPRINT_TEXT]);

/* When the first certificate ends, in wall-clock milliseconds. */
NODISCARD enum err certificate_expiry(const char *pem, size_t len,
				      int64_t *wall_ms_r);

#endif
