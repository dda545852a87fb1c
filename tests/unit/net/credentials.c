#include "credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "crypto/certificate.h"

struct tls *credentials_new(void)
{
	static const char *const hosts[] = { "localhost" };
	char dir[] = "/tmp/rialto-tls-XXXXXX";
	char certificate[64];
	char key[64];
	struct tls_settings settings = { certificate, key, NULL, NULL };
	AUTO(certificate_pair_fini) struct certificate_pair ca = { 0 };
	AUTO(certificate_pair_fini) struct certificate_pair pair = { 0 };
	AUTO(buf_fini) struct buf why = { 0 };
	struct tls *tls;

	assert_non_null(mkdtemp(dir));
	snprintf(certificate, sizeof(certificate), "%s/crt", dir);
	snprintf(key, sizeof(key), "%s/key", dir);
	certificate_make_ca("test", &ca);
	certificate_make_server(&ca, hosts, 1, &pair);
	assert_int_equal(file_write(certificate, 0600,
				    buf_at(&pair.certificate),
				    buf_len(&pair.certificate)),
			 ERR_OK);
	assert_int_equal(
		file_write(key, 0600, buf_at(&pair.key), buf_len(&pair.key)),
		ERR_OK);
	if (tls_new(&settings, NULL, &tls, &why) != ERR_OK)
		fail_msg("%s", buf_text(&why));
	unlink(certificate);
	unlink(key);
	rmdir(dir);
	return tls;
}
