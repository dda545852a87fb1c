#include "rialto/peer.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/mem.h"

/* The bytes of the address that host is; 0 when it is a name. */
static unsigned address_bytes(const char *host, unsigned char bytes_r[16])
{
	if (inet_pton(AF_INET, host, bytes_r) == 1)
		return 4;
	if (inet_pton(AF_INET6, host, bytes_r) == 1)
		return 16;
	return 0;
}

static void judge_chain(gnutls_session_t tls, const char *host, struct peer *p)
{
	AUTO(mem_free_text) char *name = mem_text(host);
	unsigned char address[16];
	unsigned char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
	gnutls_typed_vdata_st data[] = {
		{ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)name, 0 },
		{ GNUTLS_DT_KEY_PURPOSE_OID, purpose, 0 },
	};
	gnutls_datum_t words;
	unsigned status;
	int rc;

	data[0].size = address_bytes(host, address);
	if (data[0].size > 0) {
		data[0].type = GNUTLS_DT_IP_ADDRESS;
		data[0].data = address;
	}
	rc = gnutls_certificate_verify_peers(tls, data, COUNT(data), &status);
	if (rc != 0) {
		p->doubt = mem_text(gnutls_strerror(rc));
		return;
	}
	p->is_vouched = status == 0;
	if (status == 0 || gnutls_certificate_verification_status_print(
				   status, GNUTLS_CRT_X509, &words, 0) != 0)
		return;
	p->doubt = mem_print("%.*s", (int)words.size, words.data);
	gnutls_free(words.data);
}

bool peer_judge(gnutls_session_t tls, const char *host, struct peer *peer_r)
{
	unsigned count = 0;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(tls, &count);
	gnutls_datum_t pem;
	enum err e;

	memset(peer_r, 0, sizeof(*peer_r));
	if (chain == NULL || count == 0 ||
	    gnutls_certificate_type_get2(tls, GNUTLS_CTYPE_SERVER) !=
		    GNUTLS_CRT_X509 ||
	    gnutls_pem_base64_encode2("CERTIFICATE", &chain[0], &pem) != 0)
		return false;
	e = certificate_fingerprint((const char *)pem.data, pem.size,
				    peer_r->fingerprint);
	gnutls_free(pem.data);
	if (e != ERR_OK)
		return false;
	judge_chain(tls, host, peer_r);
	return true;
}

void peer_fini(struct peer *p)
{
	mem_free(p->doubt);
	memset(p, 0, sizeof(*p));
}
