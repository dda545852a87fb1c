/*
 * What the bank does by the clock: standing orders, interest, and letting
 * holds and requests end that nobody touches. Days are those of calendar.h.
 *
 * What is due is paid once: the id of each payment derives from what it is for
 * and from the day it was due, so it can be asked for again after a crash, and
 * the ledger remembers the answer. All that became due while nobody was there
 * is made up for, the oldest first, each as if it were its day. A clock that
 * goes back pays nothing again; one that jumps ahead while the daemon runs is
 * believed after SCHEDULE_DOUBT_MS only, since it may be put right; one that is
 * far away from the last run, also at a start, see trust.h.
 */
#ifndef RIALTO_BANK_SCHEDULE_H
#define RIALTO_BANK_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/trail.h"
#include "bank/ledger.h"
#include "bank/schedule/standing.h"
#include "bank/tiding.h"
#include "store/store.h"
#include "user/users.h"

struct schedule;

enum {
	SCHEDULE_PIECE = 32, /* payments of one call of schedule_run() */
	SCHEDULE_TRIES = 4,  /* of one payment, a day apart */
	SCHEDULE_JUMP_MS = 3600 * 1000,
	SCHEDULE_DOUBT_MS = 600 * 1000,
	SCHEDULE_SWEEP_MS = 10 * 1000,
};

/*
 * A line for one user. from is the user whose memo it has, and plain the same
 * line without that; 0: it has none.
 */
struct schedule_notice {
	user_id to;
	user_id from;
	const char *text;
	const char *plain;
	uint64_t seq; /* the entry that it is about, for who gets something */
	struct tiding_name tiding; /* that it is; of no kind: none */
};

struct schedule_parts {
	struct store *store;
	struct trail *trail;
	struct users *users;
	struct ledger *ledger;
	/* True when the user is here, and was told. It holds no lock. */
	bool (*tell)(void *arg, const struct schedule_notice *notice);
	void *arg;
};

/* Borrows the parts. */
struct schedule *schedule_new(const struct schedule_parts *parts);
void schedule_free(struct schedule **schedule);

/*
 * Does a bounded part of what is due. True: there is more, call again soon.
 * Jobs only, and one at a time.
 */
bool schedule_run(struct schedule *schedule);

/*
 * The order by which a standing order pays what is due now, but for its
 * giver's name.
 */
void schedule_order(const struct standing *standing, struct order *order_r);

#endif
