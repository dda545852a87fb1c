/*
 * The log files: which are needed, and where the log ends on the disk.
 */
#ifndef RIALTO_STORE_LOGS_H
#define RIALTO_STORE_LOGS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/* The first log file that recovery would need now; 0: do not know. */
uint32_t logs_first_needed(struct store *store);

/* Up to where the log is on the disk: a file and the bytes in it. */
struct logs_end {
	uint32_t file;
	uint32_t offset;
};

NODISCARD enum err logs_find_end(struct store *store, struct logs_end *end_r);

/* Removes what neither recovery nor the last backup needs. */
void logs_remove(struct store *store);

#endif
