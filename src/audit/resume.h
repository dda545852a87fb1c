/*
 * Where an export goes on after a start: how much of the trail audit.log and
 * the archive hold already, whatever moment the last daemon was killed at.
 *
 * What lies behind the stored cursor is compared with the store, since the
 * files may know records that the store has lost by being restored from a
 * backup: from there on the trail is another one.
 */
#ifndef RIALTO_AUDIT_RESUME_H
#define RIALTO_AUDIT_RESUME_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/settings.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

struct resume {
	struct trail_head archived;     /* the last record in the archive */
	uint64_t logged;                /* and in audit.log */
	uint64_t number;                /* of the next file of the archive */
	uint8_t previous[DIGEST_BYTES]; /* where the file before it ends */
};

/* True when there is an archive, or was one. */
NODISCARD enum err resume_has_archive(struct trail *trail,
				      const struct audit_settings *settings,
				      bool *has_archive_r);

/*
 * Looks, and cuts off what was written by half. why names what is wrong:
 * ERR_CORRUPT when the key does not open the archive, ERR_NOT_ALLOWED, ERR_IO,
 * and errors of the store. What may have been tampered with is logged, and
 * is for audit_verify() to find.
 */
NODISCARD enum err resume_find(struct trail *trail,
			       const struct audit_settings *settings,
			       const struct secret *key,
			       struct resume *resume_r, struct buf *why);

#endif
