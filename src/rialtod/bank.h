/*
 * The bank in the daemon: the ledger, and the job that carries out what waits
 * for it.
 */
#ifndef RIALTO_RIALTOD_BANK_H
#define RIALTO_RIALTOD_BANK_H

#include "audit/trail.h"
#include "bank/ledger.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/keeper.h"
#include "command/takings.h"
#include "net/jobs.h"

struct bank;

/*
 * Start-up only; borrows store and trail. NULL when it cannot be opened: why
 * says it in a sentence, *e_r is of ledger_set().
 */
struct bank *bank_open(struct store *store, struct trail *trail,
		       const struct bank_settings *settings, struct buf *why,
		       enum err *e_r);

struct ledger *bank_ledger(struct bank *bank);
struct takings *bank_takings(struct bank *bank);

/* Before the keeper starts; borrows jobs. */
void bank_begin(struct bank *bank, struct keeper *keeper, struct jobs *jobs);

/* When sessions and jobs have ended: does what still waits. */
void bank_end(struct bank *bank);

void bank_close(struct bank **bank);

#endif
