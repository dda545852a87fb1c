/* Moves of money that happen at once. */
#include <stdio.h>

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
	deal_tell(deal, &account);
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

/* For those who share the account: what was done, from where or to where. */
static void print_shared(const struct deal *deal, const char *done,
			 const char *where, struct buf *text)
{
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	deal_print_balance(deal, deal->told_account, balance);
	buf_print(text, "%s %s %s %s. #%llu\nNew balance of %s: %s",
		  deal->order.by.name, done, amount, where,
		  (unsigned long long)deal->order.entry.seq, deal->told_into,
		  balance);
}

static void notice_cash(const struct deal *deal, const char *memo,
			struct buf *text)
{
	bool is_in = deal->order.kind == ORDER_DEPOSIT;
	char where[BOOK_NAME + 8];

	(void)memo;
	(void)snprintf(where, sizeof(where), "%s %s", is_in ? "to" : "from",
		       deal->told_into);
	print_shared(deal, is_in ? "deposited" : "withdrew", where, text);
}

static enum err prepare_pay(struct deal *deal)
{
	struct account to = { 0 };
	enum err e = deal_payer(deal, &deal->order.from);

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
	const struct entry *entry = &deal->order.entry;
	const struct currency *currency = &deal->settings.currency;
	const char *by = deal->order.by.name;

	if (deal_tells_payer(deal))
		income_print_paid(currency, entry, deal->payer, deal->target,
				  by, memo, text);
	else
		income_print_payment(
			currency, entry, deal->told_account, deal->told_into,
			deal->told_pays ? deal->payer : "", by, memo, text);
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
	deal_set_payer(deal, &from);
	deal_tell(deal, &to);
	return ERR_OK;
}

static void notice_transfer(const struct deal *deal, const char *memo,
			    struct buf *text)
{
	const char *payer = deal->payer;
	char where[2 * BOOK_NAME + 16];

	(void)memo;
	(void)snprintf(where, sizeof(where), "from %s to %s",
		       payer[0] != '\0' ? payer : deal->order.by.name,
		       deal->target);
	print_shared(deal, "transferred", where, text);
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
	.notice = notice_cash,
	.account = receiver,
};

const struct move move_withdrawal = {
	.kind = ORDER_WITHDRAW,
	.bytes = sizeof(struct deal),
	.prepare = prepare_withdrawal,
	.notice = notice_cash,
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
	.notice = notice_transfer,
	.account = payer,
};
