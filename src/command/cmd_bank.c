/* Commands of the bank: what is there, and money that moves at once. */
#include "bank/memo.h"
#include "base/mem.h"
#include "command/bank_text.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/look.h"
#include "command/move.h"

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

static void say_cash(struct call *call, const struct deal *deal,
		     const char *done)
{
	char amount[MONEY_TEXT];
	char fee[DEAL_FEE];
	char balance[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	deal_print_fee(deal, fee);
	deal_print_balance(deal, move_account(deal), balance);
	call_say(call, "%s %s.%s New balance: %s.", done, amount, fee, balance);
}

static void finish_deposit(struct call *call, struct deal *deal)
{
	say_cash(call, deal, "Deposited");
}

static void finish_withdrawal(struct call *call, struct deal *deal)
{
	say_cash(call, deal, "Withdrew");
}

/* AMOUNT [ACCOUNT] [id=UUID] */
static enum err start_cash(struct call *call, const struct move *move,
			   deal_finish_fn *finish)
{
	static const struct deal_form form = { 1,
					       { DEAL_AMOUNT, DEAL_ACCOUNT } };
	struct deal *deal = move_new(call, move);
	enum err e = deal_read(call, &deal, &form);

	return e == ERR_OK ? move_start(call, deal, finish) : e;
}

static enum err cmd_deposit(struct call *call)
{
	return start_cash(call, &move_deposit, finish_deposit);
}

static enum err cmd_withdraw(struct call *call)
{
	return start_cash(call, &move_withdrawal, finish_withdrawal);
}

static void finish_pay(struct call *call, struct deal *deal)
{
	const struct entry *entry = &deal->order.entry;
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char fee[DEAL_FEE];
	char of[DEAL_OF];
	char balance[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	deal_print_fee(deal, fee);
	deal_print_of(deal->payer, of);
	deal_print_balance(deal, deal->order.from, balance);
	memo_remark(entry->memo, remark);
	call_say(call, "Paid %s to %s%s.%s New balance%s: %s. #%llu", amount,
		 deal->target, remark, fee, of, balance,
		 (unsigned long long)entry->seq);
}

/* USER AMOUNT [memo] [from=ACCOUNT] [id=UUID] */
static enum err cmd_pay(struct call *call)
{
	struct deal *deal = move_new(call, &move_payment);
	enum err e = deal_read_payment(call, &deal);

	return e == ERR_OK ? move_start(call, deal, finish_pay) : e;
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
	struct deal *deal = move_new(call, &move_transfer);
	enum err e = deal_read(call, &deal, &form);

	return e == ERR_OK ? move_start(call, deal, finish_transfer) : e;
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
