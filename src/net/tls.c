#include "net/tls.h"

#include <assert.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/certificate.h"
#include "net/client_certificate.h"

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

/* One load under way. */
struct loading {
	const struct tls_settings *settings;
	struct tls *tls;
	struct buf certificate; /* PEM */
	struct buf key;         /* PEM */
};

static gnutls_datum_t datum(const struct buf *b)
{
	gnutls_datum_t d = { (unsigned char *)buf_at(b), (unsigned)buf_len(b) };

	return d;
}

/* The words must be true of the private key as well: never its content. */
static enum err read_pem(const char *path, struct buf *out, struct buf *why)
{
	enum err e = file_read(path, PEM_MOST, out);

	if (e == ERR_NOT_FOUND)
		buf_add_text(why, "does not exist");
	else if (e == ERR_NOT_ALLOWED)
		buf_add_text(why, "may not be read");
	else if (e != ERR_OK)
		buf_add_text(why, "cannot be read");
	return e;
}

/* All of them, for clients are sent all. */
static int count_certificates(const struct buf *pem)
{
	gnutls_datum_t text = datum(pem);
	gnutls_x509_crt_t *all;
	unsigned count;
	int rc = gnutls_x509_crt_list_import2(&all, &count, &text,
					      GNUTLS_X509_FMT_PEM, 0);

	if (rc < 0)
		return rc;
	for (unsigned i = 0; i < count; i++)
		gnutls_x509_crt_deinit(all[i]);
	gnutls_free(all);
	return (int)count;
}

static enum err load_certificate(struct loading *l, struct buf *why)
{
	const struct buf *pem = &l->certificate;
	enum err e = read_pem(l->settings->certificate, &l->certificate, why);
	int count;

	if (e != ERR_OK)
		return e;
	count = count_certificates(pem);
	if (count > 0 &&
	    certificate_fingerprint(buf_at(pem), buf_len(pem),
				    l->tls->fingerprint) == ERR_OK &&
	    certificate_expiry(buf_at(pem), buf_len(pem), &l->tls->expiry_ms) ==
		    ERR_OK)
		return ERR_OK;
	buf_print(why, "holds no certificate%s%s", count < 0 ? ": " : "",
		  count < 0 ? gnutls_strerror(count) : "");
	buf_fini(&l->certificate);
	return ERR_BAD_INPUT;
}

static int try_key(const struct buf *pem)
{
	gnutls_datum_t text = datum(pem);
	gnutls_x509_privkey_t key;
	int rc = gnutls_x509_privkey_init(&key);

	if (rc < 0)
		return rc;
	rc = gnutls_x509_privkey_import2(key, &text, GNUTLS_X509_FMT_PEM, NULL,
					 0);
	gnutls_x509_privkey_deinit(key);
	return rc;
}

static enum err load_key(struct loading *l, struct buf *why)
{
	enum err e = read_pem(l->settings->key, &l->key, why);
	gnutls_datum_t certificate;
	gnutls_datum_t key;
	int rc;

	if (e != ERR_OK)
		return e;
	rc = try_key(&l->key);
	if (rc < 0) {
		buf_print(why, "holds no private key: %s", gnutls_strerror(rc));
		return ERR_BAD_INPUT;
	}
	if (buf_len(&l->certificate) == 0)
		return ERR_OK; /* that is another flaw */
	certificate = datum(&l->certificate);
	key = datum(&l->key);
	rc = gnutls_certificate_set_x509_key_mem(
		l->tls->credentials, &certificate, &key, GNUTLS_X509_FMT_PEM);
	if (rc >= 0)
		return ERR_OK;
	buf_print(why, "does not fit the certificate %s: %s",
		  l->settings->certificate, gnutls_strerror(rc));
	return ERR_BAD_INPUT;
}

static enum err load_client_ca(struct loading *l, struct buf *why)
{
	AUTO(buf_fini) struct buf pem = { 0 };
	gnutls_datum_t text;
	enum err e;
	int count;

	if (l->settings->client_ca == NULL)
		return ERR_OK;
	e = read_pem(l->settings->client_ca, &pem, why);
	if (e != ERR_OK)
		return e;
	text = datum(&pem);
	count = gnutls_certificate_set_x509_trust_mem(
		l->tls->credentials, &text, GNUTLS_X509_FMT_PEM);
	if (count > 0) {
		l->tls->asks_clients = true;
		return ERR_OK;
	}
	buf_print(why, "holds no certificate%s%s", count < 0 ? ": " : "",
		  count < 0 ? gnutls_strerror(count) : "");
	return ERR_BAD_INPUT;
}

static enum err load_priorities(struct loading *l, struct buf *why)
{
	const char *text = l->settings->priorities;
	const char *at;
	int rc = gnutls_priority_init(&l->tls->priorities,
				      text == NULL ? default_priorities : text,
				      &at);

	if (rc == 0)
		return ERR_OK;
	buf_add_text(why, "GnuTLS does not understand");
	if (rc == GNUTLS_E_INVALID_REQUEST)
		buf_print(why, " from \"%s\" on", at);
	return ERR_BAD_INPUT;
}

static const struct part {
	const char *setting;
	const char *noun;
	size_t offset; /* of the value in struct tls_settings */
	enum err (*load)(struct loading *l, struct buf *why);
} parts[] = {
	{ "tls.certificate", "the certificate",
	  offsetof(struct tls_settings, certificate), load_certificate },
	{ "tls.key", "the key", offsetof(struct tls_settings, key), load_key },
	{ "tls.client_ca", "the client CA",
	  offsetof(struct tls_settings, client_ca), load_client_ca },
	{ "tls.priorities", "tls.priorities is",
	  offsetof(struct tls_settings, priorities), load_priorities },
};

static const char *value_of(const struct part *part,
			    const struct tls_settings *settings)
{
	char *const *value =
		(char *const *)((const char *)settings + part->offset);

	return *value == NULL ? "auto" : *value;
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

static struct loading begin_loading(const struct tls_settings *settings)
{
	struct tls *tls = mem_zero(sizeof(*tls));
	struct loading l = { .settings = settings, .tls = tls };
	int rc = gnutls_certificate_allocate_credentials(&tls->credentials);

	assert(rc == 0); /* out of memory */
	(void)rc;
	atomic_init(&tls->refs, 1);
	return l;
}

static void end_loading(struct loading *l)
{
	tls_unref(&l->tls);
	buf_fini(&l->certificate);
	buf_wipe(&l->key);
}

enum err tls_new(const struct tls_settings *settings, const struct tls *before,
		 struct tls **tls_r, struct buf *why)
{
	AUTO(end_loading) struct loading l = begin_loading(settings);
	AUTO(buf_fini) struct buf words = { 0 };

	*tls_r = NULL;
	for (size_t i = 0; i < COUNT(parts); i++) {
		enum err e = parts[i].load(&l, &words);

		if (e == ERR_OK)
			continue;
		buf_print(why, "%s %s %s", parts[i].noun,
			  value_of(&parts[i], settings), buf_text(&words));
		return e;
	}
	take_ticket_key(l.tls, before);
	*tls_r = l.tls;
	l.tls = NULL;
	return ERR_OK;
}

void tls_examine(const struct tls_settings *settings,
		 void (*tell)(void *arg, const char *setting, const char *value,
			      const char *flaw),
		 void *arg)
{
	AUTO(end_loading) struct loading l = begin_loading(settings);

	for (size_t i = 0; i < COUNT(parts); i++) {
		AUTO(buf_fini) struct buf flaw = { 0 };

		if (parts[i].load(&l, &flaw) != ERR_OK)
			tell(arg, parts[i].setting,
			     value_of(&parts[i], settings), buf_text(&flaw));
	}
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

void tls_wipe_frees(void)
{
	gnutls_free = mem_wipe_free;
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
	if (tls->asks_clients)
		client_certificate_ask_vouched(session);
	gnutls_transport_set_int(session, fd);
	return session;
}
