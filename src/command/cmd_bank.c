/* Commands of the bank: what is there, and money that moves at once. */
#include "bank/memo.h"
#include "base/mem.h"
#include "command/bank_text.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/income.h"
#include "command/look.h"

static void stage_balance(struct task *task)
{
	struct look *look = CONTAINER(task, struct look, task);
	struct account account;
	enum err e = look_find(look, &account);

	if (e == ERR_OK)
		bank_text_balance(&look->text, &account, &task->text);
	task_answer(task, e);
}

static enum err cmd_balance(struct call *call)
{
	struct look *look = look_new(call, sizeof(*look));
	enum err e = ERR_OK;

	if (call->argc > 0)
		e = look_take_account(call, look, call->argv[0]);
	return e == ERR_OK ? task_start(call, &look->task, TASK_JOBS,
					stage_balance, NULL, NULL)
			   : e;
}

static void stage_accounts(struct task *task)
{
	struct look *look = CONTAINER(task, struct look, task);
	struct account *list;
	size_t count;
	enum err e = book_accounts_of(task->realm->store, task->actor.user,
				      &list, &count);

	for (size_t i = 0; i < count; i++)
		bank_text_account(&look->text, &list[i], &task->text);
	if (e == ERR_OK && count == 0)
		buf_add_text(&task->text, "You have no account yet.\n");
	mem_free(list);
	task_answer(task, e);
}

static enum err cmd_accounts(struct call *call)
{
	struct look *look = look_new(call, sizeof(*look));

	return task_start(call, &look->task, TASK_JOBS, stage_accounts, NULL,
			  NULL);
}

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

static void say_cash(struct call *call, const struct deal *deal,
		     const char *done, account_id account)
{
	char amount[MONEY_TEXT];
	char fee[DEAL_FEE];
	char balance[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	deal_print_fee(deal, fee);
	deal_print_balance(deal, account, balance);
	call_say(call, "%s %s.%s New balance: %s.", done, amount, fee, balance);
}

static void finish_deposit(struct call *call, struct deal *deal)
{
	say_cash(call, deal, "Deposited", deal->order.to);
}

static void finish_withdrawal(struct call *call, struct deal *deal)
{
	say_cash(call, deal, "Withdrew", deal->order.from);
}

/* AMOUNT [ACCOUNT] [id=UUID] */
static enum err start_cash(struct call *call, enum order_kind kind,
			   deal_prepare_fn *prepare, deal_finish_fn *finish)
{
	static const struct deal_form form = { 1,
					       { DEAL_AMOUNT, DEAL_ACCOUNT } };
	struct deal *deal = deal_new(call, kind);
	enum err e = deal_read(call, &deal, &form);

	return e == ERR_OK ? deal_start(call, deal, prepare, finish) : e;
}

static enum err cmd_deposit(struct call *call)
{
	return start_cash(call, ORDER_DEPOSIT, prepare_deposit, finish_deposit);
}

static enum err cmd_withdraw(struct call *call)
{
	return start_cash(call, ORDER_WITHDRAW, prepare_withdrawal,
			  finish_withdrawal);
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

static void finish_pay(struct call *call, struct deal *deal)
{
	const struct entry *entry = &deal->order.entry;
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char fee[DEAL_FEE];
	char balance[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	deal_print_fee(deal, fee);
	deal_print_balance(deal, deal->order.from, balance);
	memo_remark(entry->memo, remark);
	call_say(call, "Paid %s to %s%s.%s New balance: %s. #%llu", amount,
		 deal->target, remark, fee, balance,
		 (unsigned long long)entry->seq);
}

static void notice_pay(const struct deal *deal, const char *memo,
		       struct buf *text)
{
	income_print_payment(&deal->settings.currency, &deal->order.entry,
			     deal->told_account, deal->told_into,
			     deal->order.by.name, memo, text);
}

/* USER AMOUNT [memo] [from=ACCOUNT] [id=UUID] */
static enum err cmd_pay(struct call *call)
{
	struct deal *deal = deal_new(call, ORDER_PAY);
	enum err e = deal_read_payment(call, &deal);

	if (e != ERR_OK)
		return e;
	deal->notice = notice_pay;
	deal->remember = remember_pay;
	return deal_start(call, deal, prepare_pay, finish_pay);
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

static void finish_transfer(struct call *call, struct deal *deal)
{
	char amount[MONEY_TEXT];
	char from[MONEY_TEXT];
	char to[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	deal_print_balance(deal, deal->order.from, from);
	deal_print_balance(deal, deal->order.to, to);
	call_say(call, "Transferred %s to %s. New balances: %s and %s. #%llu",
		 amount, deal->target, from, to,
		 (unsigned long long)deal->order.entry.seq);
}

/* FROM TO AMOUNT [id=UUID] */
static enum err cmd_transfer(struct call *call)
{
	static const struct deal_form form = {
		3, { DEAL_ACCOUNT, DEAL_SECOND, DEAL_AMOUNT }
	};
	struct deal *deal = deal_new(call, ORDER_TRANSFER);
	enum err e = deal_read(call, &deal, &form);

	return e == ERR_OK ? deal_start(call, deal, prepare_transfer,
					finish_transfer)
			   : e;
}

const struct command commands_bank[] = {
	{ "balance", 0, 1, ROLE_USER, COMMAND_PERSON, cmd_balance, "[ACCOUNT]",
	  "what is in your account" },
	{ "accounts", 0, 0, ROLE_USER, COMMAND_PERSON, cmd_accounts, "",
	  "your accounts, and what is in them" },
	{ "deposit", 1, 3, ROLE_USER, COMMAND_PERSON, cmd_deposit,
	  "AMOUNT [ACCOUNT]", "put cash into your account" },
	{ "withdraw", 1, 3, ROLE_USER, COMMAND_PERSON, cmd_withdraw,
	  "AMOUNT [ACCOUNT]", "take cash out of your account" },
	{ "pay", 2, 3, ROLE_USER, COMMAND_PERSON | COMMAND_REST, cmd_pay,
	  "USER AMOUNT [MEMO] [from=ACCOUNT]", "pay somebody" },
	{ "transfer", 3, 4, ROLE_USER, COMMAND_PERSON, cmd_transfer,
	  "FROM TO AMOUNT", "move money between your own accounts" },
	{ 0 },
};
