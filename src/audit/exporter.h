/*
 * The exporter: copies what is durable of the trail, in its order, to readable
 * lines (audit.log) and to the sealed archive, a new file of it at each start.
 *
 * Both are synced before the cursor that says so is stored; so whenever the
 * daemon is killed, the next one finds what is missing. Where a file cannot be
 * written, the exporter says so once and tries again; when it has fallen
 * audit.backlog records behind, trail_write() refuses acts.
 */
#ifndef RIALTO_AUDIT_EXPORTER_H
#define RIALTO_AUDIT_EXPORTER_H

#include "audit/settings.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/secret.h"

struct exporter;

/* How often exporter_tick() should run. */
enum { EXPORTER_PERIOD_MS = 100 };

/*
 * Reads the key, or makes it when nothing was ever sealed; finds where to go
 * on; and looks whether audit.log can be written. From now on the lag counts.
 * why says what is wrong and what would help. Borrows trail and settings.
 */
NODISCARD enum err exporter_new(struct trail *trail,
				const struct audit_settings *settings,
				struct exporter **exporter_r, struct buf *why);
void exporter_free(struct exporter **exporter);

/* The keeper's chore: exports what is durable by now. */
void exporter_tick(struct exporter *exporter);

/*
 * Exports everything, as far as the disk takes it, when nobody acts any more
 * and the keeper has ended.
 */
void exporter_finish(struct exporter *exporter);

/* Any thread: somebody renamed audit.log, so it is to be opened anew. */
void exporter_reopen(struct exporter *exporter);

/* What opens the archive, and where it is; borrowed, any thread. */
const struct secret *exporter_key(const struct exporter *exporter);
const struct audit_settings *exporter_settings(const struct exporter *exporter);

/* Tells the daemon's log where the chain ends, so that a cut shows. */
void exporter_tell(struct trail *trail);

#endif
