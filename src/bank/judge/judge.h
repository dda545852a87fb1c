/*
 * Judging orders, from the inside of this folder: each function carries out
 * one kind of order within a batch, or refuses it. What they return is as
 * struct batch has it.
 */
#ifndef RIALTO_BANK_JUDGE_H
#define RIALTO_BANK_JUDGE_H

#include "bank/judge/batch.h"
#include "bank/order.h"
#include "bank/tiding.h"
#include "base/attr.h"
#include "base/err.h"

/* Any order; when it was answered before, that is the answer. */
NODISCARD enum err judge(struct batch *batch, struct order *order);

typedef enum err judge_fn(struct batch *batch, struct order *order);

judge_fn judge_open, judge_terms, judge_freeze, judge_close, judge_holders,
	judge_till;
judge_fn judge_deposit, judge_withdraw, judge_pay, judge_transfer,
	judge_interest, judge_opening, judge_adjust;
judge_fn judge_hold, judge_capture, judge_release, judge_sweep;
judge_fn judge_reverse, judge_refund, judge_rules;
judge_fn judge_request, judge_accept, judge_decline, judge_cancel;

/* Lets an overdue hold end; ERR_OK also when it has been closed. */
NODISCARD enum err judge_expire(struct batch *batch, uint64_t seq);

/* Lets all holds end that are overdue and for the account. */
NODISCARD enum err judge_overdue(struct batch *batch, account_id account);

/*
 * The same for requests, some at a time: all (account 0), those that wait for
 * the account (is_payer), or those that it has made.
 */
NODISCARD enum err judge_overdue_requests(struct batch *batch,
					  account_id account, bool is_payer,
					  size_t *count_r);

/*
 * Leaves word of the order, which was obeyed, for a user or the people of an
 * account, unless it is who acts. The tiding has its name and its account.
 */
NODISCARD enum err judge_tell(struct batch *batch, const struct order *order,
			      struct tiding *tiding, user_id user);
NODISCARD enum err judge_tell_people(struct batch *batch,
				     const struct order *order,
				     struct tiding *tiding, account_id id);

/* The account of an order, with words when there is none. */
NODISCARD enum err judge_account(struct batch *batch, struct order *order,
				 account_id id,
				 const struct account **account_r);

/* The same, and a member who acts must be its owner or a holder. */
NODISCARD enum err judge_own_account(struct batch *batch, struct order *order,
				     account_id id,
				     const struct account **account_r);

/* Is it a cash account? */
NODISCARD enum err judge_cash(struct order *order, const struct account *cash);

/*
 * May the member who acts reach into it, for as much as went into an account or
 * came out? At terminals, or at one till only, if at all.
 */
NODISCARD enum err judge_self(struct batch *batch, struct order *order,
			      const struct account *cash);

/* Has the teller who acts opened it? */
NODISCARD enum err judge_teller(struct order *order,
				const struct account *till);

/* Tellers give no more than what is in the till by the books. */
NODISCARD enum err judge_stock(const struct batch *batch, struct order *order,
			       const struct account *till);

/* Tellers do not serve themselves. */
NODISCARD enum err judge_customer(struct order *order,
				  const struct account *account);

/* Does the order need a second person's approval for so much? */
NODISCARD enum err judge_approval(const struct batch *batch,
				  struct order *order, money amount);

/*
 * As batch_post(), when a second person has approved of so much, if one must:
 * nobody is asked for what cannot be.
 */
NODISCARD enum err judge_post(struct batch *batch, struct order *order,
			      struct entry *entry, money amount);

/*
 * As batch_post(), of money that leaves a member: a second factor has proved
 * who it is, if so much needs one. ERR_CODE_REQUIRED, only when all else is as
 * it must be.
 */
NODISCARD enum err judge_post_proved(struct batch *batch, struct order *order,
				     struct entry *entry, money amount);

/* Pays: an entry of that kind, with its fee, as judge_pay() does. */
NODISCARD enum err judge_payment(struct batch *batch, struct order *order,
				 account_id from, account_id to, money amount,
				 uint64_t request);

#endif
