/* Records that were cut or changed, for the tests of what is stored. */
#ifndef RIALTO_TESTS_UNIT_BANK_DAMAGE_H
#define RIALTO_TESTS_UNIT_BANK_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Reads bytes, and writes what it has read to again_r; false: it has refused
 * them.
 */
typedef bool damage_fn(const void *bytes, size_t len, struct buf *again_r);

/*
 * Whole bytes come back as they were; cut short or longer ones are refused;
 * with any bit flipped they are refused, or come back as they are then: so
 * nothing that was read is something else than what is stored.
 */
void damage_assert(const struct buf *whole, damage_fn *read);

#endif
