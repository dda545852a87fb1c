/* Orders about holds: two steps instead of one. */
#include <string.h>

#include "bank/judge/judge.h"

enum { HOLDS_MOST = 100, SWEPT_AT_ONCE = 128 };

#define HOLD_LONGEST_MS (INT64_C(366) * 24 * 3600 * 1000)

static enum err check_hold(struct batch *batch, struct order *order,
			   const struct account *from, const struct account *to)
{
	uint64_t seqs[HOLDS_MOST];
	size_t count;
	enum err e;

	if (from->id == to->id ||
	    (to->kind == ACCOUNT_USER && to->owner == order->by.user))
		return order_refuse(order, ERR_SELF_PAYMENT,
				    "That account is yours.");
	if (from->kind == ACCOUNT_HOUSE || to->kind == ACCOUNT_HOUSE)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Nothing is held from or for the house.");
	if (order->due_ms <= batch->now_ms ||
	    order->due_ms > batch->now_ms + HOLD_LONGEST_MS)
		return order_refuse(
			order, ERR_BAD_INPUT,
			"A hold ends after now, and within a year.");
	e = hold_list(batch->txn, &batch->tables->holds, from->id, true,
		      INT64_MAX, seqs, HOLDS_MOST, &count);
	if (e == ERR_OK && count == HOLDS_MOST)
		e = order_refuse(order, ERR_LIMIT,
				 "%d holds of the account are open; more "
				 "are not made.",
				 HOLDS_MOST);
	return e;
}

enum err judge_hold(struct batch *batch, struct order *order)
{
	struct entry entry = { .kind = ENTRY_HOLD,
			       .subject = order->from,
			       .other = order->to,
			       .amount = order->amount,
			       .due_ms = order->due_ms };
	const struct account *from;
	const struct account *to;
	struct hold hold;
	enum err e = judge_own_account(batch, order, order->from, &from);

	if (e == ERR_OK)
		e = judge_account(batch, order, order->to, &to);
	if (e == ERR_OK && (order->amount <= 0 || order->amount > MONEY_MOST))
		e = order_refuse(order, ERR_BAD_AMOUNT,
				 "That is more than any account can hold.");
	if (e == ERR_OK && (to->flags & ACCOUNT_CLOSED) != 0)
		e = order_refuse(order, ERR_ACCOUNT_CLOSED,
				 "The other account is closed.");
	if (e == ERR_OK)
		e = check_hold(batch, order, from, to);
	if (e != ERR_OK)
		return e;
	memcpy(entry.memo, order->memo, sizeof(entry.memo));
	if (!entry_touch(&entry, order->from))
		return ERR_CORRUPT;
	e = judge_post_proved(batch, order, &entry, order->amount);
	if (e != ERR_OK)
		return e;
	if (!hold_apply(&hold, &order->entry))
		return ERR_CORRUPT;
	return hold_put(batch->txn, &batch->tables->holds, &hold);
}

static enum err refuse_hold(struct order *order)
{
	return order_refuse(order, ERR_NO_SUCH_HOLD,
			    "There is no hold #%llu of yours.",
			    (unsigned long long)order->reference);
}

/* Whom it does not concern learns nothing of it, not even that it is there. */
static enum err check_receiver(struct batch *batch, struct order *order,
			       const struct hold *hold)
{
	const struct account *account;
	enum err e = judge_own_account(batch, order, hold->to, &account);

	if (e != ERR_NOT_ALLOWED)
		return e;
	e = batch_account(batch, hold->from, &account);
	if (e != ERR_OK)
		return e;
	if (!account_is_of(account, order->by.user))
		return refuse_hold(order);
	return order_refuse(order, ERR_NOT_ALLOWED,
			    "Only the one it is for can do that.");
}

/* The open hold that the order is about, with all that is overdue expired. */
static enum err find_open(struct batch *batch, struct order *order,
			  struct hold *hold_r)
{
	const struct hold_tables *tables = &batch->tables->holds;
	const struct account *account;
	enum err e = hold_get(batch->txn, tables, order->reference, hold_r);

	if (e == ERR_NO_SUCH_HOLD)
		return refuse_hold(order);
	if (e == ERR_OK)
		e = check_receiver(batch, order, hold_r);
	if (e == ERR_OK)
		e = batch_account(batch, hold_r->from, &account);
	if (e == ERR_OK)
		e = hold_get(batch->txn, tables, order->reference, hold_r);
	if (e == ERR_OK && hold_r->closed_by != 0)
		e = order_refuse(order, ERR_HOLD_CLOSED,
				 "Hold #%llu is closed already, by #%llu (%s).",
				 (unsigned long long)hold_r->seq,
				 (unsigned long long)hold_r->closed_by,
				 entry_kind_word(hold_r->state));
	return e;
}

/* Posts an entry that closes the hold. */
static enum err close(struct batch *batch, struct order *order,
		      struct hold *hold, enum entry_kind kind, money captured)
{
	struct entry entry = { .kind = kind,
			       .subject = hold->from,
			       .other = hold->to,
			       .reference = hold->seq,
			       .amount = hold->amount };
	enum err e;

	memcpy(entry.memo, order->memo, sizeof(entry.memo));
	if (!entry_touch(&entry, hold->from) ||
	    (captured > 0 &&
	     !entry_add_leg(&entry, hold->from, hold->to, captured)))
		return ERR_CORRUPT;
	e = batch_post(batch, order, &entry);
	if (e != ERR_OK)
		return e;
	if (!hold_apply(hold, &order->entry))
		return ERR_CORRUPT;
	return hold_put(batch->txn, &batch->tables->holds, hold);
}

enum err judge_capture(struct batch *batch, struct order *order)
{
	char most[MONEY_TEXT];
	struct hold hold;
	money amount;
	enum err e = find_open(batch, order, &hold);

	if (e != ERR_OK)
		return e;
	amount = order->amount != 0 ? order->amount : hold.amount;
	if (amount < 0 || amount > hold.amount) {
		money_print_symbol(hold.amount, &batch->rules.currency, most);
		return order_refuse(order, ERR_BAD_AMOUNT, "It holds %s.",
				    most);
	}
	return close(batch, order, &hold, ENTRY_CAPTURE, amount);
}

enum err judge_release(struct batch *batch, struct order *order)
{
	struct hold hold;
	enum err e = find_open(batch, order, &hold);

	return e == ERR_OK ? close(batch, order, &hold, ENTRY_RELEASE, 0) : e;
}

enum err judge_expire(struct batch *batch, uint64_t seq)
{
	struct order order = { .by.authority = AUTHORITY_BANK };
	struct tiding tiding = { .name = { TIDING_HOLD_EXPIRED, seq } };
	struct hold hold;
	enum err e = hold_get(batch->txn, &batch->tables->holds, seq, &hold);

	if (e == ERR_NO_SUCH_HOLD)
		return ERR_CORRUPT; /* the index has it */
	if (e != ERR_OK || hold.closed_by != 0)
		return e;
	e = close(batch, &order, &hold, ENTRY_EXPIRE, 0);
	if (e == ERR_OK)
		e = judge_tell_people(batch, &order, &tiding, hold.from);
	if (e == ERR_OK)
		e = judge_tell_people(batch, &order, &tiding, hold.to);
	return batch_is_refusal(e) ? ERR_CORRUPT : e;
}

/* It is in the list: so it is there, its payer too, and it ends now. */
static enum err end_overdue(struct batch *batch, uint64_t seq)
{
	const struct hold_tables *tables = &batch->tables->holds;
	const struct account *payer;
	struct hold hold;
	enum err e = hold_get(batch->txn, tables, seq, &hold);

	if (e == ERR_OK) /* which lets its overdue holds end */
		e = batch_account(batch, hold.from, &payer);
	if (e == ERR_OK)
		e = hold_get(batch->txn, tables, seq, &hold);
	if (e == ERR_NO_SUCH_HOLD || e == ERR_NO_SUCH_ACCOUNT ||
	    (e == ERR_OK && hold.closed_by == 0))
		return ERR_CORRUPT;
	return e;
}

static enum err sweep_holds(struct batch *batch, account_id account,
			    size_t *count_r)
{
	uint64_t seqs[SWEPT_AT_ONCE];
	enum err e =
		hold_list(batch->txn, &batch->tables->holds, account, false,
			  batch->now_ms, seqs, SWEPT_AT_ONCE, count_r);

	for (size_t i = 0; e == ERR_OK && i < *count_r; i++)
		e = end_overdue(batch, seqs[i]);
	return e;
}

enum err judge_overdue(struct batch *batch, account_id account)
{
	size_t count = SWEPT_AT_ONCE;
	enum err e = ERR_OK;

	while (e == ERR_OK && count == SWEPT_AT_ONCE)
		e = sweep_holds(batch, account, &count);
	return e;
}

enum err judge_sweep(struct batch *batch, struct order *order)
{
	size_t requests = 0;
	size_t holds;
	enum err e = sweep_holds(batch, 0, &holds);

	if (e == ERR_OK)
		e = judge_overdue_requests(batch, 0, false, &requests);
	order->number = holds + requests;
	return e;
}
