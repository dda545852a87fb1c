/*
 * Reads the whole archive, as lines: what audit.log has, and had. Needs the
 * files and their key, and nothing else. Waits for the disk; also while the
 * exporter works.
 */
#ifndef RIALTO_AUDIT_EXPORT_H
#define RIALTO_AUDIT_EXPORT_H

#include <stdint.h>
#include <stdio.h>

#include "audit/settings.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

/*
 * Writes a line for each record to out, in the archive's order. What cannot be
 * read is passed over, a line for each file in report: ERR_CORRUPT. Half a
 * frame at the very end is being written. Else ERR_NOT_ALLOWED, ERR_IO or
 * ERR_STORAGE_FULL.
 */
NODISCARD enum err audit_export(const struct audit_settings *settings,
				const struct secret *key, FILE *out,
				struct buf *report, uint64_t *count_r);

/*
 * The same into a new file that nobody else may read. ERR_EXISTS; where
 * nothing could be read or written, no file is left. report has words for
 * every failure.
 */
NODISCARD enum err audit_export_file(const struct audit_settings *settings,
				     const struct secret *key, const char *path,
				     struct buf *report, uint64_t *count_r);

#endif
