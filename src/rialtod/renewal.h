/*
 * Renewing the server certificate that --init made: by the CA beside it, with
 * the same key and names. The old one stays as CERTIFICATE.old. Waits for the
 * disk.
 */
#ifndef RIALTO_RIALTOD_RENEWAL_H
#define RIALTO_RIALTOD_RENEWAL_H

#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/certificate.h"
#include "net/tls.h"

struct renewal {
	char fingerprint[FINGERPRINT_TEXT]; /* of the new certificate */
	int64_t expiry_ms;
};

/*
 * Writes the certificate anew; ca_key is the file of the CA's key, NULL:
 * ca.key beside the certificate. Else why says what is wrong and what would
 * help, and nothing was changed: ERR_NOT_FOUND (the CA or its key is not
 * there), ERR_NOT_ALLOWED (the folder cannot be written), ERR_BAD_INPUT (it is
 * not --init's), ERR_STORAGE_FULL, ERR_IO.
 */
NODISCARD enum err renewal_make(const struct tls_settings *settings,
				const char *ca_key, struct renewal *renewal_r,
				struct buf *why);

#endif
