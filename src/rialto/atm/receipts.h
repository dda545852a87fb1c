/* Receipts that were given, as files of the person's. */
#ifndef RIALTO_RIALTO_ATM_RECEIPTS_H
#define RIALTO_RIALTO_ATM_RECEIPTS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

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
