/*
 * Bytes that nobody may find later: wiped when freed, never logged, compared
 * in constant time. One owner.
 */
#ifndef RIALTO_CRYPTO_SECRET_H
#define RIALTO_CRYPTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct secret {
	size_t len;
	char bytes[]; /* and a NUL behind them that len does not count */
};

/* Copies len bytes. */
NODISCARD struct secret *secret_new(const void *bytes, size_t len);

/* Wipes and frees *s and sets it to NULL; a NULL *s is left alone. */
void secret_free(struct secret **s);

/* Constant time for secrets of one length. */
bool secret_equal(const struct secret *a, const struct secret *b);

#endif
