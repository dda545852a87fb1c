/*
 * What was taken back: in "bank_reversals", under the number of an entry, the
 * number of the entry that has taken it back. Any thread.
 */
#ifndef RIALTO_BANK_REVERSAL_H
#define RIALTO_BANK_REVERSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

/* The stored form, version first; out is empty. */
void reversal_encode(uint64_t by, struct buf *out);
/* False, and nothing changed, for what reversal_encode() cannot have made. */
NODISCARD bool reversal_decode(const void *bytes, size_t len, uint64_t *by_r);

#endif
