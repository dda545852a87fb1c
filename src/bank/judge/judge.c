#include "bank/judge/judge.h"

#include <string.h>

#include "bank/approval.h"
#include "bank/judge/repeat.h"
#include "base/mem.h"

/* In which offices an order of the kind may be given. */
enum office {
	MEMBERS = 1 << AUTHORITY_MEMBER,
	TELLERS = 1 << AUTHORITY_TELLER,
	ADMINS = 1 << AUTHORITY_ADMIN,
	BANK = 1 << AUTHORITY_BANK,
	STAFF = ADMINS | BANK,
	ANYBODY = MEMBERS | TELLERS | STAFF,
};

static const struct {
	judge_fn *judge;
	unsigned offices;
} judges[ORDER_KINDS] = {
	[ORDER_OPEN] = { judge_open, ANYBODY },
	[ORDER_TERMS] = { judge_terms, MEMBERS | STAFF },
	[ORDER_FREEZE] = { judge_freeze, STAFF },
	[ORDER_CLOSE] = { judge_close, MEMBERS | STAFF },
	[ORDER_HOLDERS] = { judge_holders, MEMBERS | STAFF },
	[ORDER_TILL] = { judge_till, TELLERS | STAFF },
	[ORDER_DEPOSIT] = { judge_deposit, ANYBODY },
	[ORDER_WITHDRAW] = { judge_withdraw, ANYBODY },
	[ORDER_PAY] = { judge_pay, MEMBERS | STAFF },
	[ORDER_TRANSFER] = { judge_transfer, MEMBERS | STAFF },
	[ORDER_HOLD] = { judge_hold, MEMBERS | STAFF },
	[ORDER_CAPTURE] = { judge_capture, MEMBERS | STAFF },
	[ORDER_RELEASE] = { judge_release, MEMBERS | STAFF },
	[ORDER_REVERSE] = { judge_reverse, ANYBODY },
	[ORDER_REFUND] = { judge_refund, MEMBERS | STAFF },
	[ORDER_INTEREST] = { judge_interest, BANK },
	[ORDER_OPENING] = { judge_opening, STAFF },
	[ORDER_ADJUST] = { judge_adjust, TELLERS | STAFF },
	[ORDER_REQUEST] = { judge_request, MEMBERS | STAFF },
	[ORDER_ACCEPT] = { judge_accept, MEMBERS | STAFF },
	[ORDER_DECLINE] = { judge_decline, MEMBERS | STAFF },
	[ORDER_CANCEL] = { judge_cancel, MEMBERS | STAFF },
	[ORDER_SWEEP] = { judge_sweep, STAFF },
	[ORDER_RULES] = { judge_rules, BANK },
};

static enum err judge_kind(struct batch *batch, struct order *order)
{
	enum err e;

	if ((judges[order->kind].offices & 1U << order->by.authority) == 0)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "That is for others to do.");
	e = judges[order->kind].judge(batch, order);
	order->result = e;
	return e;
}

/* Most of the time nothing waits: that is found out once for a batch. */
static enum err look_for_waiting(struct batch *batch)
{
	enum err e = ERR_OK;

	if (!batch->is_waiting_known)
		e = approval_any(batch->txn, batch->tables->approvals,
				 &batch->is_any_waiting);
	batch->is_waiting_known = e == ERR_OK;
	return e;
}

/*
 * Nor is an id free that something else waits under. The number of what waits
 * and asks the same as the order, or 0.
 */
static enum err find_waiting(struct batch *batch, struct order *order,
			     uint64_t *number_r)
{
	enum err e;

	*number_r = 0;
	if (uuid_is_none(&order->id) || order->by.authority == AUTHORITY_BANK)
		return ERR_OK;
	e = look_for_waiting(batch);
	if (e == ERR_OK && batch->is_any_waiting)
		e = approval_find(batch->txn, batch->tables->approvals, order,
				  batch->now_ms, number_r);
	return e != ERR_ID_CONFLICT
		       ? e
		       : order_refuse(order, e,
				      "You have used this id for something "
				      "else.");
}

/* Somebody may have refused it, or agreed, meanwhile. */
static enum err check_waiting(struct batch *batch, struct order *order,
			      uint64_t *number_r)
{
	enum err e;

	if (order->approval == 0)
		return find_waiting(batch, order, number_r);
	*number_r = order->approval;
	e = approval_look(batch->txn, batch->tables->approvals,
			  order->approval);
	return e != ERR_NOT_FOUND
		       ? e
		       : order_refuse(order, e,
				      "Nothing waits for approval as #%llu.",
				      (unsigned long long)order->approval);
}

/* What is done waits no longer. */
static enum err judge_waiting(struct batch *batch, struct order *order,
			      uint64_t number)
{
	enum err e = judge_kind(batch, order);

	if (e == ERR_OK && number != 0)
		e = approval_take(batch->txn, batch->tables->approvals, number);
	return e;
}

/*
 * Is it answered for good? Not what waits for a second person, whatever else
 * is against it today: it is judged again when somebody agrees. Nor what is
 * only to be given again, with a code.
 */
static bool is_final(enum err e, uint64_t number)
{
	return e == ERR_OK || (number == 0 && e != ERR_APPROVAL_NEEDED &&
			       e != ERR_CODE_REQUIRED);
}

/* One that its giver may ask again. */
static enum err judge_once(struct batch *batch, struct order *order)
{
	uint64_t number = 0;
	bool is_known;
	bool is_judged;
	enum err e = repeat_claim(batch, order, &is_known);
	enum err kept;

	if (e != ERR_OK || is_known)
		return e;
	e = check_waiting(batch, order, &number);
	is_judged = e == ERR_OK;
	if (is_judged)
		e = judge_waiting(batch, order, number);
	if (e != ERR_OK && !batch_is_refusal(e))
		return e;
	kept = is_judged && is_final(e, number) ? repeat_keep(batch, order)
						: repeat_drop(batch, order);
	return kept == ERR_OK ? e : kept;
}

static enum err judge_plain(struct batch *batch, struct order *order)
{
	uint64_t number = 0;
	enum err e = check_waiting(batch, order, &number);

	return e == ERR_OK ? judge_waiting(batch, order, number) : e;
}

/* Damage is met by whoever moves something: here it is no floor of its own. */
static money floor_of(struct batch *batch, account_id id)
{
	struct account account;

	if (batch_peek(batch, id, &account) != ERR_OK)
		return 0;
	return meta_term(&batch->rules, &account, TERM_FLOOR);
}

static void set_left(struct batch *batch, struct order *order)
{
	const struct entry *entry = &order->entry;

	for (unsigned i = 0; i < entry->posting_count; i++) {
		const struct posting *posting = &entry->postings[i];
		money floor = floor_of(batch, posting->account);
		money left;

		if (floor == MONEY_NONE ||
		    !money_subtract(posting->posted - posting->held, floor,
				    &left))
			left = MONEY_NONE;
		else if (left < 0)
			left = 0;
		order->left[i] = left;
	}
}

enum err judge(struct batch *batch, struct order *order)
{
	enum err e;

	order->result = ERR_OK;
	order->words[0] = '\0';
	order->is_repeated = false;
	order->number = 0;
	order->entry.seq = 0;
	e = uuid_is_none(&order->id) ? judge_plain(batch, order)
				     : judge_once(batch, order);
	order->result = e;
	if (e == ERR_OK && order->entry.seq != 0)
		set_left(batch, order);
	return e;
}

enum err judge_account(struct batch *batch, struct order *order, account_id id,
		       const struct account **account_r)
{
	enum err e = batch_account(batch, id, account_r);

	return e != ERR_NO_SUCH_ACCOUNT
		       ? e
		       : order_refuse(order, e, "There is no such account.");
}

enum err judge_own_account(struct batch *batch, struct order *order,
			   account_id id, const struct account **account_r)
{
	enum err e = judge_account(batch, order, id, account_r);

	if (e == ERR_OK && order->by.authority == AUTHORITY_MEMBER &&
	    !account_is_of(*account_r, order->by.user))
		e = order_refuse(order, ERR_NOT_ALLOWED,
				 "That account is not yours.");
	return e;
}

enum err judge_approval(const struct batch *batch, struct order *order,
			money amount)
{
	char above[MONEY_TEXT];
	money limit = batch->settings.approval_above;

	if (limit == MONEY_NONE || amount <= limit ||
	    (order->approved_by != 0 && order->approved_by != order->by.user))
		return ERR_OK;
	if (amount == MONEY_MOST)
		return order_refuse(order, ERR_APPROVAL_NEEDED,
				    "Interest, and credit without end, need a "
				    "second person.");
	money_print_symbol(limit, &batch->rules.currency, above);
	return order_refuse(order, ERR_APPROVAL_NEEDED,
			    "Above %s a second person must approve.", above);
}

enum err judge_post(struct batch *batch, struct order *order,
		    struct entry *entry, money amount)
{
	enum err e = batch_try(batch, order, entry);

	if (e == ERR_OK)
		e = judge_approval(batch, order, amount);
	return e == ERR_OK ? batch_post(batch, order, entry) : e;
}

/* What the clock does was proved when it was arranged. */
static bool needs_proof(const struct batch *batch, const struct order *order,
			money amount)
{
	money limit = batch->settings.second_factor_above;

	return limit != MONEY_NONE && amount > limit && !order->is_proved &&
	       order->by.authority == AUTHORITY_MEMBER && !order->is_scheduled;
}

enum err judge_post_proved(struct batch *batch, struct order *order,
			   struct entry *entry, money amount)
{
	char above[MONEY_TEXT];
	enum err e;

	if (!needs_proof(batch, order, amount))
		return batch_post(batch, order, entry);
	e = batch_try(batch, order, entry);
	if (e != ERR_OK)
		return e;
	money_print_symbol(batch->settings.second_factor_above,
			   &batch->rules.currency, above);
	return order_refuse(order, ERR_CODE_REQUIRED,
			    "Above %s a code of your second factor is needed.",
			    above);
}
