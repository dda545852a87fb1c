/*
 * A copy of the data directory that can be restored, taken while it is used;
 * and checks of a data directory that nobody uses.
 */
#ifndef RIALTO_STORE_BACKUP_H
#define RIALTO_STORE_BACKUP_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/*
 * Copies everything durable at the start, and perhaps more, into dir, which
 * is absent or empty. why says what went wrong: ERR_EXISTS (something is in
 * dir), ERR_BAD_INPUT (dir is in the data directory itself), ERR_BUSY (a backup
 * runs already), ERR_STORAGE_FULL, ERR_NOT_ALLOWED, ERR_IO. A backup that
 * failed leaves no file that looks whole. One job.
 */
NODISCARD enum err backup_make(struct store *store, const char *dir,
			       struct buf *why);

/*
 * Makes the data directory dir, absent or empty, from a backup, and verifies
 * it. Nobody may use dir. Errors as above; ERR_BAD_INPUT when there is no
 * whole backup.
 */
NODISCARD enum err backup_restore(const char *backup, const char *dir,
				  struct buf *why);

/*
 * Verifies the pages of every table of a data directory that no daemon uses
 * (else ERR_BUSY), after recovery. Findings, a line each, are added to
 * report; any makes it ERR_CORRUPT.
 */
NODISCARD enum err store_verify(const struct store_options *options,
				struct buf *report);

#endif
