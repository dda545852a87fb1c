/* Receipts that were given, as files of the person's. */
#ifndef RIALTO_RIALTO_ATM_RECEIPTS_H
#define RIALTO_RIALTO_ATM_RECEIPTS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * As receipt_open(), and signed by who has that identity: ERR_MAC_FAILED when
 * it was somebody else.
 */
NODISCARD enum err receipts_read(const char *receipt, const char *identity,
				 struct buf *words, const char **why);

/* The folder; NULL when there is no home. */
NODISCARD char *receipts_folder(void);

/*
 * Saves one in the folder, made when it is missing, under a name of its date
 * and entry, which only the owner may read. path_r is the caller's. As
 * file_create().
 */
NODISCARD enum err receipts_save(const char *folder, const char *receipt,
				 int64_t time_ms, int64_t entry, char **path_r);

#endif
