#include "net/tls.h"

#include <assert.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/certificate.h"

enum {
	PEM_MOST = 1 << 20,
	/* A ClientHello and a client's certificate chain fit well. */
	HANDSHAKE_MESSAGE_MOST = 24 * 1024,
};

/* AES-128-GCM first: half the price of ChaCha20 where there is AES-NI. */
static const char default_priorities[] =
	"NONE:+VERS-TLS1.3:+VERS-TLS1.2"
	":+ECDHE-ECDSA:+ECDHE-RSA"
	":+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+AEAD:+COMP-NULL"
	":+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1"
	":+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384"
	":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384"
	":+SIGN-EDDSA-ED25519:+SIGN-RSA-PSS-RSAE-SHA256"
	":+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384"
	":+CTYPE-SRV-X509:+CTYPE-CLI-X509"
	":%SERVER_PRECEDENCE";

struct tls {
	atomic_uint refs;
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priorities;
	gnutls_datum_t ticket_key;
	int64_t expiry_ms;
	char fingerprint[FINGERPRINT_TEXT];
	bool asks_clients;
};

/* The words must be true of the private key as well: never its content. */
static enum err read_pem(const char *what, const char *path, struct buf *out,
			 struct buf *why)
{
	enum err e = file_read(path, PEM_MOST, out);

	if (e == ERR_NOT_FOUND)
		buf_print(why, "the %s %s does not exist", what, path);
	else if (e == ERR_NOT_ALLOWED)
		buf_print(why, "the %s %s may not be read", what, path);
	else if (e != ERR_OK)
		buf_print(why, "the %s %s cannot be read", what, path);
	return e;
}

static enum err load_pair(struct tls *tls, const struct tls_settings *settings,
			  const struct buf *certificate, const struct buf *key,
			  struct buf *why)
{
	gnutls_datum_t c = { (unsigned char *)buf_at(certificate),
			     (unsigned)buf_len(certificate) };
	gnutls_datum_t k = { (unsigned char *)buf_at(key),
			     (unsigned)buf_len(key) };
	int rc = gnutls_certificate_set_x509_key_mem(tls->credentials, &c, &k,
						     GNUTLS_X509_FMT_PEM);

	if (rc < 0) {
		buf_print(why, "%s and %s do not serve: %s",
			  settings->certificate, settings->key,
			  gnutls_strerror(rc));
		return ERR_BAD_INPUT;
	}
	if (certificate_fingerprint(buf_at(certificate), buf_len(certificate),
				    tls->fingerprint) != ERR_OK ||
	    certificate_expiry(buf_at(certificate), buf_len(certificate),
			       &tls->expiry_ms) != ERR_OK) {
		buf_print(why, "%s holds no certificate",
			  settings->certificate);
		return ERR_BAD_INPUT;
	}
	return ERR_OK;
}

static enum err load_files(struct tls *tls, const struct tls_settings *settings,
			   struct buf *why)
{
	AUTO(buf_fini) struct buf certificate = { 0 };
	AUTO(buf_wipe) struct buf key = { 0 };
	enum err e = read_pem("certificate", settings->certificate,
			      &certificate, why);

	if (e == ERR_OK)
		e = read_pem("key", settings->key, &key, why);
	if (e == ERR_OK)
		e = load_pair(tls, settings, &certificate, &key, why);
	return e;
}

static enum err load_client_ca(struct tls *tls, const char *path,
			       struct buf *why)
{
	int count;

	if (path == NULL)
		return ERR_OK;
	count = gnutls_certificate_set_x509_trust_file(tls->credentials, path,
						       GNUTLS_X509_FMT_PEM);
	if (count > 0) {
		tls->asks_clients = true;
		return ERR_OK;
	}
	buf_print(why, "the client CA %s holds no certificate%s%s", path,
		  count < 0 ? ": " : "",
		  count < 0 ? gnutls_strerror(count) : "");
	return ERR_BAD_INPUT;
}

static enum err load_priorities(struct tls *tls, const char *text,
				struct buf *why)
{
	const char *at;
	int rc = gnutls_priority_init(&tls->priorities,
				      text == NULL ? default_priorities : text,
				      &at);

	if (rc == 0)
		return ERR_OK;
	buf_print(why, "tls.priorities: GnuTLS does not understand \"%s\"",
		  rc == GNUTLS_E_INVALID_REQUEST ? at : text);
	return ERR_BAD_INPUT;
}

static void take_ticket_key(struct tls *tls, const struct tls *before)
{
	int rc;

	if (before != NULL) {
		tls->ticket_key.data = gnutls_malloc(before->ticket_key.size);
		assert(tls->ticket_key.data != NULL);
		memcpy(tls->ticket_key.data, before->ticket_key.data,
		       before->ticket_key.size);
		tls->ticket_key.size = before->ticket_key.size;
		return;
	}
	rc = gnutls_session_ticket_key_generate(&tls->ticket_key);
	assert(rc == 0);
	(void)rc;
}

enum err tls_new(const struct tls_settings *settings, const struct tls *before,
		 struct tls **tls_r, struct buf *why)
{
	struct tls *tls = mem_zero(sizeof(*tls));
	enum err e;

	atomic_init(&tls->refs, 1);
	take_ticket_key(tls, before);
	if (gnutls_certificate_allocate_credentials(&tls->credentials) != 0)
		e = ERR_INTERNAL;
	else
		e = load_files(tls, settings, why);
	if (e == ERR_OK)
		e = load_client_ca(tls, settings->client_ca, why);
	if (e == ERR_OK)
		e = load_priorities(tls, settings->priorities, why);
	if (e != ERR_OK)
		tls_unref(&tls);
	*tls_r = tls;
	return e;
}

struct tls *tls_ref(struct tls *tls)
{
	atomic_fetch_add_explicit(&tls->refs, 1, memory_order_relaxed);
	return tls;
}

void tls_unref(struct tls **tls)
{
	struct tls *t = *tls;

	*tls = NULL;
	if (t == NULL || atomic_fetch_sub(&t->refs, 1) != 1)
		return;
	if (t->credentials != NULL)
		gnutls_certificate_free_credentials(t->credentials);
	if (t->priorities != NULL)
		gnutls_priority_deinit(t->priorities);
	if (t->ticket_key.data != NULL)
		mem_wipe(t->ticket_key.data, t->ticket_key.size);
	gnutls_free(t->ticket_key.data);
	mem_free(t);
}

int64_t tls_expiry_ms(const struct tls *tls)
{
	return tls->expiry_ms;
}

const char *tls_fingerprint(const struct tls *tls)
{
	return tls->fingerprint;
}

static int verify_client(gnutls_session_t session)
{
	unsigned status = 0;

	if (gnutls_certificate_get_peers(session, NULL) == NULL)
		return 0; /* none shown: only services that need one mind */
	if (gnutls_certificate_verify_peers2(session, &status) != 0)
		return GNUTLS_E_CERTIFICATE_ERROR;
	return status == 0 ? 0 : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

gnutls_session_t tls_session(struct tls *tls, const char *alpn, int fd)
{
	gnutls_session_t session;
	gnutls_datum_t name = { NULL, 0 };
	unsigned char protocol[32];
	size_t len = strlen(alpn);

	if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NONBLOCK |
					  GNUTLS_NO_SIGNAL) != 0)
		return NULL;
	assert(len < sizeof(protocol));
	memcpy(protocol, alpn, len);
	name.data = protocol;
	name.size = (unsigned)len;
	gnutls_priority_set(session, tls->priorities);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
			       tls->credentials);
	gnutls_session_ticket_enable_server(session, &tls->ticket_key);
	/* A peer that names protocols, but not ours, is refused (RFC 7301). */
	gnutls_alpn_set_protocols(session, &name, 1, GNUTLS_ALPN_MANDATORY);
	gnutls_handshake_set_max_packet_length(session, HANDSHAKE_MESSAGE_MOST);
	if (tls->asks_clients) {
		gnutls_certificate_server_set_request(session,
						      GNUTLS_CERT_REQUEST);
		gnutls_session_set_verify_function(session, verify_client);
	}
	gnutls_transport_set_int(session, fd);
	return session;
}
