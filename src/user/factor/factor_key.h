/*
 * The key under which secrets of second factors are sealed: a file of 32
 * random bytes that nobody else may read, and that no backup holds. Start-up
 * only.
 */
#ifndef RIALTO_USER_FACTOR_FACTOR_KEY_H
#define RIALTO_USER_FACTOR_FACTOR_KEY_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

enum { FACTOR_KEY = 32 };

/*
 * Reads the key; makes it first where there is none. Else why says what is
 * wrong and what would help: ERR_NOT_ALLOWED (others may read it),
 * ERR_BAD_INPUT (another length); ERR_NOT_FOUND (it cannot be made), ERR_IO.
 */
NODISCARD enum err factor_key_get(const char *path, struct secret **key_r,
				  struct buf *why);

/* Makes a key, and its folder where there is none. ERR_EXISTS and so on. */
NODISCARD enum err factor_key_make(const char *path, struct buf *why);

#endif
