#include "crypto/random.h"

#include <assert.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <unistd.h>

#include "log/log.h"

void random_bytes(void *bytes, size_t len)
{
	int rc = gnutls_rnd(GNUTLS_RND_KEY, bytes, len);

	if (rc >= 0)
		return;
	log_error("random", "no random numbers: %s", gnutls_strerror(rc));
	_exit(71); /* EX_OSERR */
}

uint64_t random_below(uint64_t limit)
{
	uint64_t number;
	uint64_t uneven;

	assert(limit > 0);
	/* 2^64 modulo limit: as many of the lowest would come too often. */
	uneven = -limit % limit;
	do {
		random_bytes(&number, sizeof(number));
	} while (number < uneven);
	return number % limit;
}
