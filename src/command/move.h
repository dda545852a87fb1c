/*
 * Moves: the acts by which members move their own money, whatever front-end
 * they use. A move knows how its order is filled in, who else is told, and in
 * whose account the actor looks for the balance; the words of the answer are
 * the front-end's. See deal.h for the way that it goes.
 */
#ifndef RIALTO_COMMAND_MOVE_H
#define RIALTO_COMMAND_MOVE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "command/command.h"
#include "command/deal.h"

struct move {
	enum order_kind kind;
	size_t bytes; /* of a struct that begins with its deal */
	deal_prepare_fn *prepare;
	deal_remember_fn *remember; /* or NULL */
	deal_notice_fn *notice;     /* or NULL */

	/* Of a deal that is prepared: the actor's account; 0: none is known. */
	account_id (*account)(const struct deal *deal);
};

/*
 * What each reads of its deal, besides order.id, order.memo and code. "" as an
 * account is the main one.
 */
extern const struct move move_deposit;    /* account, order.amount */
extern const struct move move_withdrawal; /* account, order.amount */
extern const struct move move_payment;    /* account, whom, order.amount */
extern const struct move move_transfer;   /* account, second, order.amount */
extern const struct move move_hold;       /* as a payment, and order.due_ms */
extern const struct move move_capture;    /* order.reference, order.amount (0:
					     all of it) */
extern const struct move move_release;    /* order.reference */
extern const struct move move_undo;       /* order.reference; 0: the last */
extern const struct move move_refund;     /* order.reference */
extern const struct move move_reversal;   /* an undo of what the actor did, else
					     a refund: order.reference */

/* A deal that is going to be that move, to be filled in; see deal_new(). */
struct deal *move_new(struct call *call, const struct move *move);

/* Takes over the deal, which move_new() made; returns as task_start(). */
NODISCARD enum err move_start(struct call *call, struct deal *deal,
			      deal_finish_fn *finish);

/* Once it is prepared: the account whose balance the actor is told, or 0. */
account_id move_account(const struct deal *deal);

/*
 * The same from an entry alone that one of the moves has made, and the one on
 * the other side of it. original: the entry that a reversal takes back, else
 * NULL. False for other entries.
 */
NODISCARD bool move_sides(const struct entry *entry,
			  const struct entry *original, account_id *own_r,
			  account_id *other_r);

#endif
