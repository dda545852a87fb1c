/*
 * The ledger: the bank's accounts and journal in the store.
 *
 * What changes the bank is an order. Orders wait in one queue; one thread at a
 * time drains it, and carries out many in one transaction, each judged on its
 * own. So no two orders ever wait for each other's locks, an account that all
 * pay into is as fast as any other, and entries are committed in the order of
 * their numbers: whatever a crash leaves is dense and chained.
 *
 * Any thread may call everything here except where it says otherwise.
 */
#ifndef RIALTO_BANK_LEDGER_H
#define RIALTO_BANK_LEDGER_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

#include "audit/trail.h"
#include "bank/account.h"
#include "bank/departures.h"
#include "bank/entry.h"
#include "bank/order.h"
#include "bank/settings.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

struct ledger;

/* The tables that must be in the store's options. */
#define LEDGER_TABLES                                                          \
	"bank_entries", "bank_accounts", "bank_names", "bank_months",          \
		"bank_ids", "bank_holds", "bank_hold_index", "bank_reversals", \
		"bank_requests", "bank_request_index", "bank_meta",            \
		"bank_approvals", "bank_tidings"

enum {
	LEDGER_QUEUE_MOST = 16384, /* orders that may wait */
	/*
	 * Orders of one transaction: enough to share what it costs, and so few
	 * that the disk takes those before meanwhile. Measured, see
	 * performance.md.
	 */
	LEDGER_BATCH = 32,
	LEDGER_TURN = 64, /* transactions, before other jobs have a turn */
};

struct ledger_parts {
	struct store *store;
	struct trail *trail;
	/*
	 * Somebody is to call ledger_drain(), within this or soon. Never
	 * called meanwhile.
	 */
	void (*wake)(void *arg);
	/* The same, but not within this, which must not wait. */
	void (*call)(void *arg);
	void *arg;
};

/* Borrows the parts' store and trail. */
struct ledger *ledger_new(const struct ledger_parts *parts);
void ledger_free(struct ledger **ledger);

/*
 * At start and after a reload; start-up and jobs only. Writes an entry when
 * the rules are others than before, and the first ones of a new bank: its
 * currency, and the house accounts of the settings with "fees", "income",
 * "over-short" and "opening". ERR_NOT_ALLOWED and words when the currency has
 * changed although there is money; ERR_CORRUPT; errors of store_run().
 */
NODISCARD enum err ledger_set(struct ledger *ledger,
			      const struct bank_settings *settings,
			      struct buf *why);

/*
 * Makes a cash account of this name, unless it is there. Start-up and jobs
 * only. Errors of ledger_run().
 */
NODISCARD enum err ledger_open_till(struct ledger *ledger, const char *name);

/* Those who are being removed; see departures.h. */
struct departures *ledger_departures(struct ledger *ledger);

/* A copy of the settings. */
void ledger_settings(struct ledger *ledger, struct bank_settings *settings_r);

/*
 * Queues an order, or (linked by together) a group of orders that are all
 * carried out, in one transaction, or none: then the first that was refused
 * says why, and the others are ERR_AGAIN. False, and nothing is queued, when
 * too many wait. What was judged is told by done.
 *
 * Besides what the kind says, an order may be refused with ERR_STORAGE_FULL,
 * ERR_AUDIT_DOWN, ERR_BUSY, ERR_FLOOD, ERR_ID_CONFLICT, ERR_CORRUPT, ERR_IO.
 */
NODISCARD bool ledger_submit(struct ledger *ledger, struct order *order);

/*
 * The same for so many, each on its own and none in a group: all of them are
 * queued at once, so that they share transactions, or none.
 */
NODISCARD bool ledger_submit_each(struct ledger *ledger,
				  struct order *const *orders, size_t count);

/* The same, for who has more to do, or must not wait, as workers. */
NODISCARD bool ledger_post_each(struct ledger *ledger,
				struct order *const *orders, size_t count);
NODISCARD bool ledger_post(struct ledger *ledger, struct order *order);

/*
 * Takes one of the orders that a user may give in a time, for what the bank
 * writes down of a member beside them: ledger_submit() does so itself. False
 * when none is left, for *wait_s_r.
 */
NODISCARD bool ledger_may_ask(struct ledger *ledger, user_id user,
			      int64_t *wait_s_r);

#define LEDGER_FLOOD_WORDS                                                     \
	"You give the bank too many orders. Try again in %" PRId64 " s."

/*
 * The number of a user's main account, as book_main(): what was read lately is
 * not read again. Jobs only. ERR_NO_SUCH_ACCOUNT.
 */
NODISCARD enum err ledger_main(struct ledger *ledger, user_id owner,
			       account_id *id_r);

/* The same, of what is remembered: never waits, any thread. False: ask. */
NODISCARD bool ledger_remember_main(struct ledger *ledger, user_id owner,
				    account_id *id_r);

/* Carries out what waits, until nothing does; jobs that hold no lock. */
void ledger_drain(struct ledger *ledger);

/*
 * The same for so many transactions (LEDGER_TURN) at most. False: more waits,
 * and the caller sees to it that this is called again.
 */
NODISCARD bool ledger_drain_some(struct ledger *ledger);

/*
 * Submits an order or a group, and waits until all of it is done: for tests,
 * and jobs that must. Returns the result of this order.
 */
enum err ledger_run(struct ledger *ledger, struct order *order);

/*
 * Calls fn while no order is being carried out: what it reads by store_view()
 * is of one moment. Orders wait meanwhile, so it must be short.
 */
NODISCARD enum err ledger_still(struct ledger *ledger, store_fn *fn, void *arg);

/*
 * Accounts in which less is available than their owners have set for a notice
 * (TERM_NOTICE), since an entry, and users for whom there are tidings from the
 * bank itself; gathered as it happens, when too many wait the rest is left out.
 * Takes out up to most; how many. They may not be durable yet.
 */
struct fall {
	account_id account; /* 0: of a user */
	uint64_t seq;       /* the entry */
	user_id user;
};
size_t ledger_falls(struct ledger *ledger, struct fall *falls_r, size_t most);

/* How many orders, transactions and refusals since the start. */
struct ledger_figures {
	uint64_t orders;
	uint64_t batches;
	uint64_t entries;
	uint64_t refused;
	uint64_t waiting;
};
void ledger_figures(struct ledger *ledger, struct ledger_figures *figures_r);

#endif
