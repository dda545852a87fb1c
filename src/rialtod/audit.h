/*
 * The daemon's audit trail: the exporter, its chores, and the records of the
 * daemon's own start and end. Main thread, save for what says otherwise.
 */
#ifndef RIALTO_RIALTOD_AUDIT_H
#define RIALTO_RIALTOD_AUDIT_H

#include "audit/exporter.h"
#include "audit/settings.h"
#include "audit/tally.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/keeper.h"
#include "store/store.h"

struct audit;

/* As exporter_new(). Borrows store and settings. */
NODISCARD enum err audit_open(struct store *store,
			      const struct audit_settings *settings,
			      struct audit **audit_r, struct buf *why);
void audit_close(struct audit **audit);

/* Immutable. */
struct trail *audit_trail(struct audit *audit);
const struct exporter *audit_exporter(const struct audit *audit);

/* Immutable; what is reported to it is written from audit_begin() on. */
struct tally *audit_tally(struct audit *audit);

/*
 * The daemon serves from now on, with a certificate and an identity of these
 * fingerprints: records that, and starts to export. That has a keeper of its
 * own, since one that makes a checkpoint is busy for longer than the export may
 * lag.
 */
void audit_begin(struct audit *audit, const char *certificate,
		 const char *identity);

/* A reload found another certificate. Jobs and main. */
void audit_certificate(struct audit *audit, const char *fingerprint);

/* Somebody has sent SIGHUP, and this came of it. */
void audit_reloaded(struct audit *audit, enum err outcome);

/* It serves no more: records that, and exports the last of it. */
void audit_end(struct audit *audit);

/* An entry for what somebody does at the machine, without a daemon. */
void audit_sign(struct audit_entry *entry_r, const char *action);

/* Any thread: audit.log was renamed. */
void audit_reopen(struct audit *audit);

#endif
