/* Moves of money that happen at once. */
#include "bank/book.h"
#include "command/income.h"
#include "command/move.h"

/* The caller's account and the till. */
static enum err find_both(struct deal *deal, account_id *account_r,
			  account_id *till_r)
{
	const struct realm *realm = deal->task.realm;
	struct account account;
	struct account till;
	enum err e = deal_own(deal, deal->account, &account);

	if (e == ERR_OK)
		e = book_find(realm->store, ACCOUNT_HOUSE, 0,
			      deal->settings.cash_account, &till);
	if (e != ERR_OK)
		return e;
	*account_r = account.id;
	*till_r = till.id;
	book_print_name(realm->users, &till, deal->target);
	return ERR_OK;
}

static enum err prepare_deposit(struct deal *deal)
{
	return find_both(deal, &deal->order.to, &deal->order.from);
}

static enum err prepare_withdrawal(struct deal *deal)
{
	return find_both(deal, &deal->order.from, &deal->order.to);
}

static enum err prepare_pay(struct deal *deal)
{
	struct account to = { 0 };
	enum err e = deal_own_number(deal, deal->account, &deal->order.from);

	if (e == ERR_OK)
		e = deal_other(deal, deal->whom, true, &to);
	deal->order.to = to.id;
	return e;
}

/* Nothing is done as often as this. */
static bool remember_pay(struct deal *deal)
{
	return deal->account[0] == '\0' &&
	       deal_remember(deal, &deal->order.from, deal->whom,
			     &deal->order.to);
}

static void notice_pay(const struct deal *deal, const char *memo,
		       struct buf *text)
{
	income_print_payment(&deal->settings.currency, &deal->order.entry,
			     deal->told_account, deal->told_into,
			     deal->order.by.name, memo, text);
}

static enum err prepare_transfer(struct deal *deal)
{
	struct account from;
	struct account to;
	enum err e = deal_own(deal, deal->account, &from);

	if (e == ERR_OK)
		e = deal_own(deal, deal->second, &to);
	if (e != ERR_OK)
		return e;
	deal->order.from = from.id;
	deal->order.to = to.id;
	book_print_name(deal->task.realm->users, &to, deal->target);
	return ERR_OK;
}

static account_id payer(const struct deal *deal)
{
	return deal->order.from;
}

static account_id receiver(const struct deal *deal)
{
	return deal->order.to;
}

const struct move move_deposit = {
	.kind = ORDER_DEPOSIT,
	.bytes = sizeof(struct deal),
	.prepare = prepare_deposit,
	.account = receiver,
};

const struct move move_withdrawal = {
	.kind = ORDER_WITHDRAW,
	.bytes = sizeof(struct deal),
	.prepare = prepare_withdrawal,
	.account = payer,
};

const struct move move_payment = {
	.kind = ORDER_PAY,
	.bytes = sizeof(struct deal),
	.prepare = prepare_pay,
	.remember = remember_pay,
	.notice = notice_pay,
	.account = payer,
};

const struct move move_transfer = {
	.kind = ORDER_TRANSFER,
	.bytes = sizeof(struct deal),
	.prepare = prepare_transfer,
	.account = payer,
};
