/*
 * A bank without a daemon: the store in a directory, the ledger with a thread
 * that drains it, the audit trail with its export, and the keeper that looks
 * after all of them, as in the daemon. Failures end the run.
 */
#ifndef RIALTO_BENCH_VAULT_H
#define RIALTO_BENCH_VAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/exporter.h"
#include "audit/trail.h"
#include "bank/ledger.h"
#include "base/keeper.h"
#include "base/thread.h"
#include "store/store.h"
#include "user/users.h"

struct vault {
	struct store *store;
	struct trail *trail;
	struct users *users;
	struct ledger *ledger;
	struct exporter *exporter;
	struct audit_settings audit;
	struct keeper *keeper; /* NULL before vault_keep() */
	struct keeper *clerk;  /* who exports; likewise */
	account_id opening;    /* where funds come from */

	struct thread drain;
	struct mutex lock; /* rank: LOCK_MAILBOX */
	struct cond work;
	bool must_drain GUARDED_BY(lock);
	bool is_over GUARDED_BY(lock);
};

/*
 * The folder is that of a daemon that does not run, see rialtod --init, or
 * empty.
 */
void vault_open(struct vault *v, const char *home);
void vault_close(struct vault *v);

/* Starts the keepers. Whoever fills the vault does its chores before. */
void vault_keep(struct vault *v);
void vault_tidy(struct vault *v);

/*
 * Registers so many users, p0, p1 and so on, that have this password; the
 * number of the first.
 */
user_id vault_register(struct vault *v, int64_t count, const char *password);

/*
 * Opens so many accounts, the main ones of the users from first on, each with
 * funds; their numbers are stored in accounts_r.
 */
void vault_fill(struct vault *v, user_id first, int64_t accounts, money funds,
		account_id *accounts_r);

#endif
