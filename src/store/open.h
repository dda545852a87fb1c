/*
 * Opening a data directory, for all who do: the daemon, verify and restore.
 */
#ifndef RIALTO_STORE_OPEN_H
#define RIALTO_STORE_OPEN_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/* Lies in a directory while a backup is restored into it. */
extern const char open_restoring[];

enum open_how {
	OPEN_TO_USE,   /* makes what is missing */
	OPEN_TO_READ,  /* makes nothing */
	OPEN_RESTORED, /* as OPEN_TO_READ, recovering from all log files */
};

/*
 * Locks, recovers and opens the directory and its tables; no thread is
 * started and errors do not end the process. See store_open().
 */
NODISCARD enum err open_store(const struct store_options *options,
			      enum open_how how, struct store **store_r,
			      struct buf *why);

/* Checkpoints if all went well, closes and frees *store. */
void open_close(struct store **store);

#endif
