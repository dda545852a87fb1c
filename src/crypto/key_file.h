/*
 * Files with keys in them, which nobody else may read. Start-up only.
 */
#ifndef RIALTO_CRYPTO_KEY_FILE_H
#define RIALTO_CRYPTO_KEY_FILE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

enum { KEY_FILE_MOST = 4096 };

/*
 * Reads the file into key, which has nothing yet and is to be wiped. Else why
 * says what is wrong, noun being "audit key": ERR_NOT_FOUND,
 * ERR_NOT_ALLOWED (also when others may read it), ERR_BAD_INPUT (no regular
 * file, or more than KEY_FILE_MOST bytes), ERR_IO.
 */
NODISCARD enum err key_file_read(const char *path, const char *noun,
				 struct buf *key, struct buf *why);

/*
 * Makes the file, and its folder where there is none. ERR_EXISTS and so on,
 * and why says it.
 */
NODISCARD enum err key_file_make(const char *path, const char *noun,
				 const void *key, size_t len, struct buf *why);

/*
 * As key_file_read(), of a file of just so many random bytes; ERR_BAD_INPUT,
 * too, when it has another length. NULL in *key_r unless ERR_OK.
 */
NODISCARD enum err key_file_read_random(const char *path, const char *noun,
					size_t size, struct secret **key_r,
					struct buf *why);

/* Makes such a file; as key_file_make(), and why says what would help. */
NODISCARD enum err key_file_make_random(const char *path, const char *noun,
					size_t size, struct buf *why);

#endif
