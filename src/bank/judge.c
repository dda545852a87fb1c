#include "bank/judge.h"

#include <string.h>

#include "bank/repeat.h"
#include "base/mem.h"

static judge_fn *const judges[ORDER_KINDS] = {
	[ORDER_OPEN] = judge_open,       [ORDER_TERMS] = judge_terms,
	[ORDER_FREEZE] = judge_freeze,   [ORDER_CLOSE] = judge_close,
	[ORDER_HOLDERS] = judge_holders, [ORDER_TILL] = judge_till,
	[ORDER_DEPOSIT] = judge_deposit, [ORDER_WITHDRAW] = judge_withdraw,
	[ORDER_PAY] = judge_pay,         [ORDER_TRANSFER] = judge_transfer,
	[ORDER_HOLD] = judge_hold,       [ORDER_CAPTURE] = judge_capture,
	[ORDER_RELEASE] = judge_release, [ORDER_REVERSE] = judge_reverse,
	[ORDER_REFUND] = judge_refund,   [ORDER_INTEREST] = judge_interest,
	[ORDER_OPENING] = judge_opening, [ORDER_ADJUST] = judge_adjust,
	[ORDER_REQUEST] = judge_request, [ORDER_ACCEPT] = judge_accept,
	[ORDER_DECLINE] = judge_decline, [ORDER_CANCEL] = judge_cancel,
	[ORDER_SWEEP] = judge_sweep,     [ORDER_RULES] = judge_rules,
};

enum err judge(struct batch *batch, struct order *order)
{
	bool is_known;
	enum err e;

	order->result = ERR_OK;
	order->words[0] = '\0';
	order->is_repeated = false;
	order->number = 0;
	order->entry.seq = 0;
	if (uuid_is_none(&order->id)) {
		e = judges[order->kind](batch, order);
		order->result = e;
		return e;
	}
	e = repeat_look(batch, order, &is_known);
	if (e != ERR_OK || is_known)
		return e;
	e = judges[order->kind](batch, order);
	order->result = e;
	if (e != ERR_OK && !batch_is_refusal(e))
		return e;
	e = repeat_keep(batch, order);
	return e == ERR_OK ? order->result : e;
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
	money_print_symbol(limit, &batch->rules.currency, above);
	return order_refuse(order, ERR_APPROVAL_NEEDED,
			    "Above %s a second person must approve.", above);
}
