/*
 * The committer: one thread that flushes the log for many transactions at
 * once and then releases whoever waits for them. While it sleeps, a thread
 * that has committed may take its place for a turn.
 *
 * A transaction is counted before its commit can be seen by others, and a
 * flush counts for all up to the first that was counted but had not returned
 * from its commit when the flush began. So a ticket taken by whoever saw the
 * transaction covers it, and what is published as durable is.
 */
#ifndef RIALTO_STORE_COMMITTER_H
#define RIALTO_STORE_COMMITTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/list.h"
#include "store/store.h"

struct committer;

/* A commit under way, on its thread's stack. */
struct commit {
	uint64_t ticket;
	struct list link;
};

/* Starts the thread. Borrows the store, whose environment must be open. */
struct committer *committer_new(struct store *store);

/* Makes everything durable, ends the thread and frees *c. */
void committer_free(struct committer **c);

/* Around DB_TXN->commit(), whatever that returns. Any thread. */
void committer_enter(struct committer *c, struct commit *commit);
void committer_leave(struct committer *c, struct commit *commit);

/* See store_ticket(), store_is_durable(), store_when_durable(). */
uint64_t committer_ticket(struct committer *c);
uint64_t committer_durable(struct committer *c);
void committer_wait(struct committer *c, struct store_waiter *waiter);

/* See store_take_over() and store_hand_back(). */
NODISCARD bool committer_take_over(struct committer *c);
void committer_hand_back(struct committer *c, bool does_turn);

/* See store_flush(). Not from the committer itself. */
void committer_flush(struct committer *c);

/* See store_hurry(). */
void committer_hurry(struct committer *c, int64_t most_ms);

/* Makes everything durable soon, though nobody waits for it. */
void committer_kick(struct committer *c);

/* How many flushes there were. */
uint64_t committer_flushes(struct committer *c);

#endif
