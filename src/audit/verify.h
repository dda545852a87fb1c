/*
 * Is the trail whole? Every record of the store and of the archive and every
 * line of audit.log is read, and they are compared with each other and with
 * what the store says was exported; so what was changed, dropped, exchanged or
 * cut is found. Waits for the disk; also while the exporter works.
 */
#ifndef RIALTO_AUDIT_VERIFY_H
#define RIALTO_AUDIT_VERIFY_H

#include <stdint.h>

#include "audit/settings.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

/* What is read beside the store. */
struct audit_scope {
	const struct audit_settings *settings;
	const struct secret *key; /* NULL: every sealed file is a finding */

	/* A head that the log told once, which must be there; or NULL. */
	const struct trail_head *known;
};

/* How much was found to be there. */
struct audit_extent {
	uint64_t stored;   /* records in the store */
	uint64_t archived; /* records in the archive */
	uint64_t files;    /* of the archive */
	uint64_t lines;    /* in audit.log */
	struct trail_head head;
};

/*
 * Findings, a line each, are added to report; any makes it ERR_CORRUPT. Else
 * errors of the store, or of the files.
 */
NODISCARD enum err audit_verify(struct trail *trail,
				const struct audit_scope *scope,
				struct buf *report,
				struct audit_extent *extent_r);

/* Adds a line that says it in words. */
void audit_print_extent(const struct audit_extent *extent, struct buf *out);

#endif
