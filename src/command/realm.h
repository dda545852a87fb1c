/*
 * The realm: the parts of the daemon that commands act on, wired together by
 * rialtod. The pointers are immutable while workers run; what they point to
 * says itself which threads may call. The settings are read and replaced as a
 * whole.
 */
#ifndef RIALTO_COMMAND_REALM_H
#define RIALTO_COMMAND_REALM_H

#include <stdatomic.h>
#include <stdint.h>

#include "audit/exporter.h"
#include "audit/tally.h"
#include "audit/trail.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/thread.h"
#include "chat/chat.h"
#include "command/arrivals.h"
#include "command/directory.h"
#include "crypto/identity_key.h"
#include "net/jobs.h"
#include "net/server.h"
#include "plugin/plugins.h"
#include "store/store.h"
#include "user/lockout.h"
#include "user/quota.h"
#include "user/settings.h"
#include "user/shares.h"
#include "user/users.h"

struct factors;
struct ledger;
struct takings;
struct under_way;

/* What of the settings commands look at. */
struct realm_settings {
	char name[65];              /* server.name */
	struct user_settings users; /* but for its texts */
	role_set factor_roles;      /* that need a second factor */
};

struct realm {
	const struct identity_key *identity; /* of this server, to sign by */
	struct store *store;
	struct trail *trail;
	struct tally *tally;
	const struct exporter *exporter; /* of the trail */
	struct users *users;
	struct factors *factors;
	struct ledger *ledger;
	struct takings *takings;
	struct under_way *under_way; /* ids of orders */
	struct chat *chat;
	struct server *server;
	struct jobs *jobs;
	struct jobs *hashers;
	struct shares *hash_shares;   /* of the hashers' queue, by address */
	struct shares *search_shares; /* of searches under way, likewise */
	struct lockout *lockout;
	struct quota *registrations;
	struct directory *directory;
	struct arrivals *arrivals;
	struct plugins *plugins;
	struct shares *plugin_shares; /* of uses, by plugin and address */
	int64_t started_ms;           /* wall clock */

	/* The daemon stops: what takes long is broken off, and answered. */
	atomic_bool is_stopping;

	/* All sessions have ended: no password needs to be hashed any more. */
	atomic_bool is_deserted;

	/* A job reads the whole audit trail. */
	atomic_bool is_reading_audit;

	/* Somebody's data is being exported: one at a time. */
	atomic_bool is_exporting;

	/* The bank's journal is, or is read to be verified, likewise. */
	atomic_bool is_exporting_bank;
	atomic_bool is_verifying_bank;

	/* Payments in lists that are under way, see payments.h. */
	atomic_uint payments;

	/* Somebody imports opening balances: one at a time. */
	atomic_bool is_importing;

	/*
	 * Loads the settings again; report tells what changed and what needs a
	 * restart, or why nothing changed. Jobs and main only.
	 */
	enum err (*reload)(struct realm *realm, struct buf *report);

	/*
	 * Makes the server certificate of --init anew and takes it up; report
	 * tells what came of it, or why nothing was changed. Jobs only.
	 */
	enum err (*renew)(struct realm *realm, struct buf *report);

	/* What status shows of TLS; "" and 0 without. Any thread. */
	void (*certificate)(struct realm *realm, struct buf *fingerprint,
			    int64_t *expiry_ms_r);

	/*
	 * Held by jobs from the check for the last administrator to the change
	 * of the user, so that two at once cannot leave none; and around a
	 * renaming, in the store and in chat. rank: LOCK_ACT
	 */
	struct mutex acts;

	struct mutex lock; /* rank: LOCK_DAEMON */
	struct realm_settings settings GUARDED_BY(lock);
};

/* A copy; any thread. */
void realm_settings(struct realm *realm, struct realm_settings *settings_r);

#endif
