#include "credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "crypto/certificate.h"

static void write_pem(const char *path, const struct buf *pem)
{
	assert_int_equal(file_write(path, 0600, buf_at(pem), buf_len(pem)),
			 ERR_OK);
}

static struct tls *make(bool asks)
{
	static const char *const hosts[] = { "localhost" };
	char dir[] = "/tmp/rialto-tls-XXXXXX";
	char certificate[64];
	char key[64];
	char client_ca[64];
	struct tls_settings settings = { certificate, key,
					 asks ? client_ca : NULL, NULL };
	AUTO(certificate_pair_fini) struct certificate_pair ca = { 0 };
	AUTO(certificate_pair_fini) struct certificate_pair pair = { 0 };
	AUTO(buf_fini) struct buf why = { 0 };
	struct tls *tls;

	assert_non_null(mkdtemp(dir));
	snprintf(certificate, sizeof(certificate), "%s/crt", dir);
	snprintf(key, sizeof(key), "%s/key", dir);
	snprintf(client_ca, sizeof(client_ca), "%s/ca", dir);
	certificate_make_ca("test", &ca);
	certificate_make_server(&ca, hosts, 1, &pair);
	write_pem(certificate, &pair.certificate);
	write_pem(key, &pair.key);
	write_pem(client_ca, &ca.certificate);
	if (tls_new(&settings, NULL, &tls, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	unlink(certificate);
	unlink(key);
	unlink(client_ca);
	rmdir(dir);
	return tls;
}

struct tls *credentials_new(void)
{
	return make(false);
}

struct tls *credentials_new_asking(void)
{
	return make(true);
}
