/*
 * What a TLS listener speaks with: certificate, key, priorities, and the key
 * of the session tickets (RFC 8446 4.6.1, RFC 5077). TLS 1.3 and 1.2 with
 * AEAD suites and forward secrecy only; no early data, no renegotiation.
 *
 * Immutable once made; shared by reference, so a new certificate replaces the
 * old one while sessions that began with the old one go on. Any thread.
 */
#ifndef RIALTO_NET_TLS_H
#define RIALTO_NET_TLS_H

#include <gnutls/gnutls.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct tls;

struct tls_settings {
	char *certificate;
	char *key;
	char *client_ca;  /* NULL: clients are not asked for one */
	char *priorities; /* NULL: ours */
};

/*
 * Loads the files. On failure why says which and what is wrong with it:
 * ERR_NOT_FOUND, ERR_NOT_ALLOWED, ERR_BAD_INPUT. The ticket key is taken over
 * from before, which may be NULL, so that tickets survive a reload.
 */
NODISCARD enum err tls_new(const struct tls_settings *settings,
			   const struct tls *before, struct tls **tls_r,
			   struct buf *why);

/*
 * Tries what tls_new() would load and tells everything that is wrong: setting
 * is "tls.key", flaw goes on after "is VALUE, which ".
 */
void tls_examine(const struct tls_settings *settings,
		 void (*tell)(void *arg, const char *setting, const char *value,
			      const char *flaw),
		 void *arg);

struct tls *tls_ref(struct tls *tls);
void tls_unref(struct tls **tls);

/*
 * From now on GnuTLS wipes what it frees: records that were decrypted, with
 * passwords in them, are among that. Once, before there are other threads.
 */
void tls_wipe_frees(void);

/* When the server's certificate ends, wall-clock milliseconds. */
int64_t tls_expiry_ms(const struct tls *tls);

/* The certificate's fingerprint, "SHA256:…"; borrowed. */
const char *tls_fingerprint(const struct tls *tls);

/*
 * A server session on fd that offers alpn; the caller must keep tls until
 * gnutls_deinit(). NULL when there is no memory for it.
 */
gnutls_session_t tls_session(struct tls *tls, const char *alpn, int fd);

#endif
