#include "net/client_certificate.h"

#include <gnutls/x509.h>
#include <stddef.h>

enum {
	RSA_MODULUS_MOST = 1 + 8192 / 8, /* with a leading zero */
	RSA_EXPONENT_MOST = 1 + 4,
	LENGTH = 3, /* bytes of a length in a message */
};

/* A server's certificate of the same CA is no client's. */
static int verify_vouched(gnutls_session_t session)
{
	static unsigned char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
	gnutls_typed_vdata_st wanted = { GNUTLS_DT_KEY_PURPOSE_OID, purpose,
					 0 };
	unsigned status = 0;

	if (gnutls_certificate_get_peers(session, NULL) == NULL)
		return 0; /* none shown: only services that need one mind */
	if (gnutls_certificate_verify_peers(session, &wanted, 1, &status) != 0)
		return GNUTLS_E_CERTIFICATE_ERROR;
	return status == 0 ? 0 : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

static int verify_any(gnutls_session_t session)
{
	(void)session;
	return 0;
}

static bool is_short_rsa(gnutls_x509_crt_t crt)
{
	gnutls_datum_t modulus;
	gnutls_datum_t exponent;
	bool is_short;

	if (gnutls_x509_crt_get_pk_rsa_raw(crt, &modulus, &exponent) < 0)
		return false;
	is_short = modulus.size <= RSA_MODULUS_MOST &&
		   exponent.size <= RSA_EXPONENT_MOST;
	gnutls_free(modulus.data);
	gnutls_free(exponent.data);
	return is_short;
}

/* A signature by this key takes us a moment at most. */
static bool is_cheap(const gnutls_datum_t *der)
{
	gnutls_x509_crt_t crt;
	bool is_so = false;

	if (gnutls_x509_crt_init(&crt) < 0)
		return false;
	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) >= 0) {
		switch (gnutls_x509_crt_get_pk_algorithm(crt, NULL)) {
		case GNUTLS_PK_RSA:
		case GNUTLS_PK_RSA_PSS:
			is_so = is_short_rsa(crt);
			break;
		case GNUTLS_PK_ECDSA:
		case GNUTLS_PK_EDDSA_ED25519:
		case GNUTLS_PK_EDDSA_ED448:
			is_so = true;
			break;
		default:
			break;
		}
	}
	gnutls_x509_crt_deinit(crt);
	return is_so;
}

/* Takes a run of bytes with its length before it off the message. */
static bool take(gnutls_datum_t *message, size_t length_bytes,
		 gnutls_datum_t *run_r)
{
	size_t size = 0;

	if (message->size < length_bytes)
		return false;
	for (size_t i = 0; i < length_bytes; i++)
		size = size << 8 | message->data[i];
	message->data += length_bytes;
	message->size -= (unsigned)length_bytes;
	if (message->size < size)
		return false;
	run_r->data = message->data;
	run_r->size = (unsigned)size;
	message->data += size;
	message->size -= (unsigned)size;
	return true;
}

/*
 * The first certificate of a Certificate message (RFC 8446, 4.4.2; RFC 5246,
 * 7.4.2) has the key by which GnuTLS will check the peer's signature, however
 * long that takes: with 8 KiB of RSA modulus and exponent, 15 seconds.
 */
static int check_message(gnutls_session_t session, unsigned type, unsigned when,
			 unsigned incoming, const gnutls_datum_t *message)
{
	gnutls_datum_t rest = *message;
	gnutls_datum_t context;
	gnutls_datum_t list;
	gnutls_datum_t first;

	(void)type;
	(void)when;
	if (!incoming)
		return 0;
	if (gnutls_protocol_get_version(session) == GNUTLS_TLS1_3 &&
	    !take(&rest, 1, &context))
		return GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
	if (!take(&rest, LENGTH, &list))
		return GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
	if (list.size == 0)
		return 0; /* it has none */
	if (!take(&list, LENGTH, &first))
		return GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
	return is_cheap(&first) ? 0 : GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM;
}

static void ask(gnutls_session_t session,
		gnutls_certificate_verify_function *verify)
{
	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
	gnutls_session_set_verify_function(session, verify);
	gnutls_handshake_set_hook_function(session,
					   GNUTLS_HANDSHAKE_CERTIFICATE_PKT,
					   GNUTLS_HOOK_PRE, check_message);
}

void client_certificate_ask_vouched(gnutls_session_t session)
{
	ask(session, verify_vouched);
}

void client_certificate_ask_any(gnutls_session_t session)
{
	ask(session, verify_any);
	/* Or clients would leave out what none of our CAs has signed. */
	gnutls_certificate_send_x509_rdn_sequence(session, 1);
}

bool client_certificate_fingerprint(gnutls_session_t session,
				    uint8_t digest_r[DIGEST_BYTES])
{
	unsigned count = 0;
	const gnutls_datum_t *der =
		gnutls_certificate_get_peers(session, &count);

	if (der == NULL || count == 0)
		return false;
	digest_make(der[0].data, der[0].size, NULL, 0, digest_r);
	return true;
}
