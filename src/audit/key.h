/*
 * The audit key: a file of 32 random bytes that nobody else may read. Whoever
 * has it can read the archive, and write one that looks whole; so a copy of
 * it belongs to where the archive is read later. Start-up only.
 */
#ifndef RIALTO_AUDIT_KEY_H
#define RIALTO_AUDIT_KEY_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

enum { AUDIT_KEY = 32 };

/*
 * Reads the key. Else why says what is wrong and what would help:
 * ERR_NOT_FOUND, ERR_NOT_ALLOWED (also when others may read it),
 * ERR_BAD_INPUT (another length), ERR_IO.
 */
NODISCARD enum err audit_key_load(const char *path, struct secret **key_r,
				  struct buf *why);

/* Makes a key, and its folder where there is none. ERR_EXISTS and so on. */
NODISCARD enum err audit_key_make(const char *path, struct buf *why);

#endif
