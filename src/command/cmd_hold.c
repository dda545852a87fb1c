/* Commands about money that is set aside for somebody. */
#include "bank/memo.h"
#include "bank/pending.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/bank_text.h"
#include "command/deal_line.h"
#include "command/families.h"
#include "command/move_hold.h"

#define DAY_S INT64_C(86400)

enum { LISTED_MOST = 100 };

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

/* The list of what is open. */
struct listing {
	struct task task;
	struct bank_text text;
	int64_t now_ms;
	size_t count;
	struct hold holds[PENDING_MOST];
};

static enum err print_hold(struct listing *l, const struct hold *hold)
{
	char from[BOOK_NAME];
	char to[BOOK_NAME];
	char amount[MONEY_TEXT];
	char when[CLOCK_TEXT];
	char remark[MEMO_SHOWN];
	struct entry entry;
	enum err e = book_entry(l->task.realm->store, hold->seq, &entry);

	if (e != ERR_OK)
		return e;
	bank_text_name(&l->text, hold->from, from);
	bank_text_name(&l->text, hold->to, to);
	memo_remark(bank_text_hides_memo(&l->text, &entry) ? "" : entry.memo,
		    remark);
	money_print_symbol(hold->amount, &l->text.currency, amount);
	clock_print(hold->due_ms, when);
	buf_print(&l->task.text, "#%llu %s from %s for %s until %s%s\n",
		  (unsigned long long)hold->seq, amount, from, to, when,
		  remark);
	l->count++;
	return ERR_OK;
}

/* One between two accounts of mine is listed by its payer. */
static bool is_listed(const struct hold *hold, bool is_payer,
		      const struct account *mine, size_t count)
{
	for (size_t i = 0; !is_payer && i < count; i++)
		if (mine[i].id == hold->from)
			return true;
	return false;
}

static enum err list_holds(struct listing *l, bool is_payer,
			   const struct account *mine, size_t count)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		size_t found;

		e = pending_holds(l->task.realm->store, mine[i].id, is_payer,
				  l->now_ms, l->holds, &found);
		for (size_t j = 0; e == ERR_OK && j < found; j++) {
			if (is_listed(&l->holds[j], is_payer, mine, count))
				continue;
			if (l->count == LISTED_MOST)
				return ERR_OK;
			e = print_hold(l, &l->holds[j]);
		}
	}
	return e;
}

static void stage_holds(struct task *task)
{
	struct listing *l = CONTAINER(task, struct listing, task);
	struct account *mine;
	size_t count;
	enum err e = book_accounts_of(task->realm->store, task->actor.user,
				      &mine, &count);

	if (e == ERR_OK)
		e = list_holds(l, true, mine, count);
	if (e == ERR_OK)
		e = list_holds(l, false, mine, count);
	if (e == ERR_OK && l->count == 0)
		buf_add_text(&task->text, "Nothing is held.\n");
	if (l->count == LISTED_MOST)
		buf_print(&task->text, "%d are shown; there may be more.\n",
			  LISTED_MOST);
	mem_free(mine);
	task_answer(task, e);
}

static enum err cmd_holds(struct call *call)
{
	struct listing *l = mem_zero(sizeof(*l));

	bank_text_init(&l->text, call->realm, call->caller->user);
	l->now_ms = clock_wall_ms();
	return task_start(call, &l->task, TASK_JOBS, stage_holds, NULL, NULL);
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
