/* Commands about money that is set aside for somebody. */
#include "bank/memo.h"
#include "base/clock.h"
#include "base/quantity.h"
#include "command/bank_text.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/hold_list.h"
#include "command/move_hold.h"

#define DAY_S INT64_C(86400)

/* Cuts "until=3d" off the line. */
static enum err take_life(struct call *call, struct deal **deal)
{
	const char *text = deal_cut(call, "until=");
	struct order *order = &(*deal)->order;
	int64_t life_s = HOLD_LIFE_DAYS * DAY_S;

	if (text == NULL && order->due_ms != 0)
		return ERR_OK;
	if (text == NULL || (quantity_seconds(text, &life_s) && life_s > 0 &&
			     life_s <= HOLD_LONGEST_DAYS * DAY_S)) {
		order->due_ms = clock_wall_ms() + life_s * 1000;
		return ERR_OK;
	}
	deal_free(deal);
	return call_refuse(call, ERR_BAD_INPUT,
			   "until=3d is in three days: s, m, h, d or w, at "
			   "most %d days.",
			   HOLD_LONGEST_DAYS);
}

static void finish_hold(struct call *call, struct deal *deal)
{
	const struct entry *entry = &deal->order.entry;
	const struct posting *posting = entry_posting(entry, entry->subject);
	char amount[MONEY_TEXT];
	char left[MONEY_TEXT];
	char of[DEAL_OF];
	char when[CLOCK_TEXT];
	char remark[MEMO_SHOWN];

	deal_print(deal, entry->amount, amount);
	deal_print_of(deal->payer, of);
	deal_print(deal, posting != NULL ? posting->posted - posting->held : 0,
		   left);
	clock_print(entry->due_ms, when);
	memo_remark(entry->memo, remark);
	call_say(call, "Held %s for %s until %s%s.", amount, deal->target, when,
		 remark);
	call_say(call, "You can spend %s%s. #%llu", left, of,
		 (unsigned long long)entry->seq);
}

/* In whatever order they stand. */
static enum err take_options(struct call *call, struct deal **deal)
{
	enum err (*const options[])(struct call *,
				    struct deal **) = { take_life, deal_id,
							deal_from };
	enum err e = ERR_OK;

	for (size_t pass = 0; pass < COUNT(options); pass++)
		for (size_t i = 0; e == ERR_OK && i < COUNT(options); i++)
			e = options[i](call, deal);
	return e;
}

/* USER AMOUNT [memo] [until=3d] [from=ACCOUNT] [id=UUID] */
static enum err cmd_hold(struct call *call)
{
	struct deal *deal = move_new(call, &move_hold);
	enum err e = take_options(call, &deal);

	if (e == ERR_OK)
		e = deal_read_payment(call, &deal);
	return e == ERR_OK ? move_start(call, deal, finish_hold) : e;
}

static enum err start_claim(struct call *call, const struct move *move,
			    const struct deal_form *form,
			    deal_finish_fn *finish)
{
	struct deal *deal = move_new(call, move);
	enum err e = deal_read(call, &deal, form);

	return e == ERR_OK ? move_start(call, deal, finish) : e;
}

static void finish_capture(struct call *call, struct deal *deal)
{
	AUTO(buf_fini) struct buf rest = { 0 };
	const struct entry *entry = &deal->order.entry;
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	deal_print(deal, entry->legs[0].amount, amount);
	deal_print_balance(deal, move_account(deal), balance);
	move_hold_print_rest(deal, entry, &rest);
	call_say(call, "Captured %s from %s, hold #%llu%s.", amount,
		 deal->target, (unsigned long long)entry->reference,
		 buf_text(&rest));
	call_say(call, "New balance: %s. #%llu", balance,
		 (unsigned long long)entry->seq);
}

/* ID [AMOUNT] [id=UUID] */
static enum err cmd_capture(struct call *call)
{
	static const struct deal_form form = { 1,
					       { DEAL_NUMBER, DEAL_AMOUNT } };

	return start_claim(call, &move_capture, &form, finish_capture);
}

static void finish_release(struct call *call, struct deal *deal)
{
	const struct entry *entry = &deal->order.entry;
	char amount[MONEY_TEXT];

	deal_print(deal, entry->amount, amount);
	call_say(call, "Released hold #%llu: %s can spend %s again. #%llu",
		 (unsigned long long)entry->reference, deal->target, amount,
		 (unsigned long long)entry->seq);
}

/* ID [id=UUID] */
static enum err cmd_release(struct call *call)
{
	static const struct deal_form form = { 1, { DEAL_NUMBER } };

	return start_claim(call, &move_release, &form, finish_release);
}

static void show_hold(struct hold_list *list, const struct hold_seen *seen)
{
	const struct hold *hold = seen->hold;
	char amount[MONEY_TEXT];
	char when[CLOCK_TEXT];
	char remark[MEMO_SHOWN];

	memo_remark(seen->memo, remark);
	money_print_symbol(hold->amount, &list->text.currency, amount);
	clock_print(hold->due_ms, when);
	buf_print(&list->task.text, "#%llu %s from %s for %s until %s%s\n",
		  (unsigned long long)hold->seq, amount, seen->from, seen->to,
		  when, remark);
}

static void stage_holds(struct task *task)
{
	struct hold_list *list = CONTAINER(task, struct hold_list, task);
	enum err e = hold_list_read(list);

	if (e == ERR_OK && list->count == 0)
		buf_add_text(&task->text, "Nothing is held.\n");
	if (list->has_more)
		buf_print(&task->text, "%zu are shown; there may be more.\n",
			  list->count);
	task_answer(task, e);
}

static enum err cmd_holds(struct call *call)
{
	struct hold_list *list = hold_list_new(call, show_hold);

	return task_start(call, &list->task, TASK_JOBS, stage_holds, NULL,
			  NULL);
}

const struct command commands_hold[] = {
	{ "hold", 2, 3, ROLE_USER, COMMAND_PERSON | COMMAND_REST, cmd_hold,
	  "USER AMOUNT [MEMO] [until=3d] [from=ACCOUNT]", "set money aside" },
	{ "capture", 1, 3, ROLE_USER, COMMAND_PERSON, cmd_capture,
	  "ID [AMOUNT]", "take what is held for you" },
	{ "release", 1, 2, ROLE_USER, COMMAND_PERSON, cmd_release, "ID",
	  "give back what is held for you" },
	{ "holds", 0, 0, ROLE_USER, COMMAND_PERSON, cmd_holds, "",
	  "what you hold for others, and they for you" },
	{ 0 },
};
