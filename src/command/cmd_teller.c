/* Commands by which tellers take and give cash. */
#include <inttypes.h>
#include <stdio.h>

#include "bank/book.h"
#include "bank/memo.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/till_text.h"

static struct deal *deal_of_teller(struct call *call, enum order_kind kind)
{
	struct deal *deal = deal_new(call, kind);

	deal->order.by.authority = AUTHORITY_TELLER;
	return deal;
}

/* What the order's entry made of a till: above zero, there is more in it. */
static money cash_of(const struct deal *deal, account_id till)
{
	return -entry_net(&deal->order.entry, till);
}

static void print_stock(const struct deal *deal, account_id till,
			char text_r[MONEY_TEXT])
{
	const struct posting *posting = entry_posting(&deal->order.entry, till);

	deal_print(deal, posting != NULL ? -posting->posted : 0, text_r);
}

static enum err prepare_opening(struct deal *deal)
{
	struct account till;
	enum err e = till_find(deal->task.realm, deal->account, &till,
			       &deal->task.why);

	if (e != ERR_OK)
		return e;
	deal->order.from = till.id;
	(void)snprintf(deal->target, sizeof(deal->target), "%s", till.name);
	return ERR_OK;
}

static void finish_opening(struct call *call, struct deal *deal)
{
	char counted[MONEY_TEXT];
	char words[TILL_WORDS];

	deal_print(deal, deal->order.amount, counted);
	till_compare(&deal->settings.currency, cash_of(deal, deal->order.from),
		     words);
	call_say(call,
		 "You have opened %s with %s, %s the books said. #%" PRIu64,
		 deal->target, counted, words, deal->order.entry.seq);
}

/* TILL COUNTED [id=UUID] */
static enum err cmd_open(struct call *call)
{
	static const struct deal_form form = { 2,
					       { DEAL_ACCOUNT, DEAL_COUNTED } };
	struct deal *deal = deal_of_teller(call, ORDER_TILL);
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	order_add_change(&deal->order, CHANGE_TILL,
			 (int64_t)deal->order.by.user);
	return deal_start(call, deal, prepare_opening, finish_opening);
}

static enum err find_till(struct deal *deal, struct account *till_r)
{
	const struct realm *realm = deal->task.realm;

	return deal->account[0] != '\0' ? till_find(realm, deal->account,
						    till_r, &deal->task.why)
					: till_own(realm, deal->order.by.user,
						   till_r, &deal->task.why);
}

static enum err prepare_closing(struct deal *deal)
{
	struct account till;
	enum err e = find_till(deal, &till);

	if (e != ERR_OK)
		return e;
	deal->order.from = till.id;
	(void)snprintf(deal->target, sizeof(deal->target), "%s", till.name);
	return ERR_OK;
}

/* It may be somebody else's till by now, or none is open. */
static enum err take_closing(struct deal *deal, const struct book_answer *known)
{
	const struct realm *realm = deal->task.realm;
	struct entry entry;
	struct account till;
	enum err e = book_entry(realm->store, known->seq, &entry);

	if (e == ERR_OK)
		e = book_account(realm->store, entry.subject, &till);
	if (e != ERR_OK)
		return e;
	deal->order.from = till.id;
	(void)snprintf(deal->target, sizeof(deal->target), "%s", till.name);
	return ERR_OK;
}

/* The sheet is that of the day which the entry has ended. */
static void stage_closing(struct task *task)
{
	struct deal *deal = CONTAINER(task, struct deal, task);
	struct bank_text text = { .realm = task->realm,
				  .currency = deal->settings.currency };
	struct account till;
	enum err e = prepare_closing(deal);

	if (e == ERR_OK)
		e = deal_obey(deal);
	if (e != ERR_OK)
		e = deal_recall(deal, e);
	if (e == ERR_OK)
		e = book_account(task->realm->store, deal->order.from, &till);
	if (e == ERR_OK)
		e = till_print_sheet(&text, &till, deal->order.entry.seq,
				     &task->text);
	task_answer(task, e);
}

static void finish_closing(struct call *call, struct deal *deal)
{
	char words[TILL_WORDS];

	call_say_lines(call, &deal->task.text);
	till_compare(&deal->settings.currency, cash_of(deal, deal->order.from),
		     words);
	call_say(call, "%s is closed: you have counted %s expected. #%" PRIu64,
		 deal->target, words, deal->order.entry.seq);
}

/* COUNTED [TILL] [id=UUID]: a till of others, for administrators. */
static enum err cmd_close(struct call *call)
{
	static const struct deal_form form = { 1,
					       { DEAL_COUNTED, DEAL_ACCOUNT } };
	struct deal *deal = deal_of_teller(call, ORDER_TILL);
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	if (call->argc > 1 && caller_has_role(call->caller, ROLE_ADMIN))
		deal->order.by.authority = AUTHORITY_ADMIN;
	order_add_change(&deal->order, CHANGE_TILL, 0);
	deal->take = take_closing;
	return deal_begin(call, deal, stage_closing, finish_closing);
}

/* The customer's account and one's own till. */
static enum err find_both(struct deal *deal, account_id *account_r,
			  account_id *till_r)
{
	struct account account;
	struct account till;
	enum err e = deal_other(deal, deal->whom, true, &account);

	if (e == ERR_OK)
		e = find_till(deal, &till);
	if (e != ERR_OK)
		return e;
	*account_r = account.id;
	*till_r = till.id;
	(void)snprintf(deal->second, sizeof(deal->second), "%s", till.name);
	return ERR_OK;
}

/* What was about another's account, or till, at one's own till of then. */
static enum err take_cash(struct deal *deal, const struct book_answer *known)
{
	const struct realm *realm = deal->task.realm;
	struct order *order = &deal->order;
	bool is_in = order->kind == ORDER_DEPOSIT;
	struct account other;
	struct account own;
	struct entry entry;
	enum err e = book_entry(realm->store, known->seq, &entry);

	if (e == ERR_OK && entry.leg_count == 0)
		e = ERR_CORRUPT;
	if (e != ERR_OK)
		return e;
	order->from = entry.legs[0].debit;
	order->to = entry.legs[0].credit;
	e = book_account(realm->store, is_in ? order->to : order->from, &other);
	if (e == ERR_OK)
		e = book_account(realm->store, is_in ? order->from : order->to,
				 &own);
	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, &other, deal->target);
	(void)snprintf(deal->second, sizeof(deal->second), "%s", own.name);
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

static void say_cash(struct call *call, const struct deal *deal,
		     const char *done, account_id till)
{
	const struct entry *entry = &deal->order.entry;
	char memo[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char stock[MONEY_TEXT];
	char fee[DEAL_FEE];

	deal_print(deal, deal->order.amount, amount);
	deal_print_fee(deal, fee);
	memo_remark(entry->memo, memo);
	print_stock(deal, till, stock);
	call_say(call, "%s %s%s: %s.%s In %s: %s. #%" PRIu64, done,
		 deal->target, memo, amount, fee, deal->second, stock,
		 entry->seq);
}

static void finish_deposit(struct call *call, struct deal *deal)
{
	say_cash(call, deal, "Deposited for", deal->order.from);
}

static void finish_withdrawal(struct call *call, struct deal *deal)
{
	say_cash(call, deal, "Withdrew for", deal->order.to);
}

static void tell_cash(const struct deal *deal, const char *done,
		      const char *memo, struct buf *text)
{
	const struct entry *entry = &deal->order.entry;
	char words[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];
	char fee[DEAL_FEE];

	deal_print(deal, deal->order.amount, amount);
	deal_print_fee(deal, fee);
	deal_print_balance(deal, deal->told_account, balance);
	memo_remark(memo, words);
	buf_print(text, "%s (teller) %s %s%s.%s New balance: %s. #%" PRIu64,
		  entry->by, done, amount, words, fee, balance, entry->seq);
}

static void notice_deposit(const struct deal *deal, const char *memo,
			   struct buf *text)
{
	tell_cash(deal, "has deposited for you", memo, text);
}

static void notice_withdrawal(const struct deal *deal, const char *memo,
			      struct buf *text)
{
	tell_cash(deal, "has paid out to you", memo, text);
}

/* USER AMOUNT [MEMO] [id=UUID] */
static enum err start_cash(struct call *call, enum order_kind kind,
			   deal_prepare_fn *prepare, deal_finish_fn *finish,
			   deal_notice_fn *notice)
{
	struct deal *deal = deal_of_teller(call, kind);
	enum err e = deal_read(call, &deal, &deal_form_payment);

	if (e != ERR_OK)
		return e;
	deal->notice = notice;
	deal->take = take_cash;
	return deal_start(call, deal, prepare, finish);
}

static enum err cmd_deposit(struct call *call)
{
	return start_cash(call, ORDER_DEPOSIT, prepare_deposit, finish_deposit,
			  notice_deposit);
}

static enum err cmd_withdraw(struct call *call)
{
	return start_cash(call, ORDER_WITHDRAW, prepare_withdrawal,
			  finish_withdrawal, notice_withdrawal);
}

/* In the books the till that gets the cash is debited: see order.h. */
static enum err prepare_move(struct deal *deal)
{
	const struct realm *realm = deal->task.realm;
	struct account other;
	struct account own;
	enum err e =
		till_own(realm, deal->order.by.user, &own, &deal->task.why);

	if (e == ERR_OK)
		e = till_find(realm, deal->whom, &other, &deal->task.why);
	if (e != ERR_OK)
		return e;
	deal->order.from = other.id;
	deal->order.to = own.id;
	(void)snprintf(deal->second, sizeof(deal->second), "%s", own.name);
	(void)snprintf(deal->target, sizeof(deal->target), "%s", other.name);
	deal_tell_user(deal, &other, other.till_user);
	return ERR_OK;
}

static void finish_move(struct call *call, struct deal *deal)
{
	char amount[MONEY_TEXT];
	char stock[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	print_stock(deal, deal->order.to, stock);
	call_say(call, "Moved %s to %s. In %s: %s. #%" PRIu64, amount,
		 deal->target, deal->second, stock, deal->order.entry.seq);
}

static void notice_move(const struct deal *deal, const char *memo,
			struct buf *text)
{
	char amount[MONEY_TEXT];
	char stock[MONEY_TEXT];

	(void)memo;
	deal_print(deal, deal->order.amount, amount);
	print_stock(deal, deal->order.from, stock);
	buf_print(text, "%s (teller) moved %s from %s. In %s: %s. #%" PRIu64,
		  deal->order.entry.by, amount, deal->second, deal->target,
		  stock, deal->order.entry.seq);
}

/* AMOUNT TILL [id=UUID] */
static enum err cmd_move(struct call *call)
{
	static const struct deal_form form = { 2, { DEAL_AMOUNT, DEAL_WHOM } };
	struct deal *deal = deal_of_teller(call, ORDER_ADJUST);
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	deal->notice = notice_move;
	deal->take = take_cash;
	return deal_start(call, deal, prepare_move, finish_move);
}

/* The member whose cash it was is told; the ledger refuses what is no cash. */
static enum err prepare_reversal(struct deal *deal)
{
	const struct realm *realm = deal->task.realm;
	const struct leg *leg;
	struct account account;
	struct entry entry;
	enum err e = book_entry(realm->store, deal->order.reference, &entry);

	if (e == ERR_NOT_FOUND || (e == ERR_OK && entry.kind != ENTRY_DEPOSIT &&
				   entry.kind != ENTRY_WITHDRAW))
		return refusal_give(&deal->task.why, ERR_NOT_FOUND,
				    "#%" PRIu64 " is neither a deposit nor a "
				    "withdrawal.",
				    deal->order.reference);
	if (e != ERR_OK)
		return e;
	leg = &entry.legs[0];
	e = book_account(realm->store,
			 entry.kind == ENTRY_DEPOSIT ? leg->credit : leg->debit,
			 &account);
	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, &account, deal->target);
	deal_tell(deal, &account);
	return ERR_OK;
}

static void finish_reversal(struct call *call, struct deal *deal)
{
	call_say(call, "Took back #%" PRIu64 " of %s. #%" PRIu64,
		 deal->order.reference, deal->target, deal->order.entry.seq);
}

static void notice_reversal(const struct deal *deal, const char *memo,
			    struct buf *text)
{
	const struct entry *entry = &deal->order.entry;
	char words[MEMO_SHOWN];
	char balance[MONEY_TEXT];

	deal_print_balance(deal, deal->told_account, balance);
	memo_remark(memo, words);
	buf_print(text,
		  "%s (teller) took back #%" PRIu64 "%s. New balance: %s. "
		  "#%" PRIu64,
		  entry->by, entry->reference, words, balance, entry->seq);
}

/* #ID REASON [id=UUID] */
static enum err cmd_reverse(struct call *call)
{
	static const struct deal_form form = { 2,
					       { DEAL_NUMBER, DEAL_REASON } };
	struct deal *deal = deal_of_teller(call, ORDER_REVERSE);
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	deal->notice = notice_reversal;
	return deal_start(call, deal, prepare_reversal, finish_reversal);
}

const struct command commands_teller[] = {
	{ "teller open", 2, 3, ROLE_TELLER, COMMAND_PERSON, cmd_open,
	  "TILL COUNTED", "open a till: what you have counted is in it" },
	{ "teller close", 1, 3, ROLE_TELLER | ROLE_ADMIN, 0, cmd_close,
	  "COUNTED [TILL]", "close your till, and see the day's sheet" },
	{ "teller deposit", 2, 3, ROLE_TELLER, COMMAND_PERSON | COMMAND_REST,
	  cmd_deposit, "USER AMOUNT [MEMO]", "take cash for somebody" },
	{ "teller withdraw", 2, 3, ROLE_TELLER, COMMAND_PERSON | COMMAND_REST,
	  cmd_withdraw, "USER AMOUNT [MEMO]", "give cash to somebody" },
	{ "teller move", 2, 3, ROLE_TELLER, COMMAND_PERSON, cmd_move,
	  "AMOUNT TILL", "move cash out of your till into another" },
	{ "teller reverse", 2, 2, ROLE_TELLER, COMMAND_PERSON | COMMAND_REST,
	  cmd_reverse, "#ID REASON", "take back a deposit or a withdrawal" },
	{ 0 },
};
