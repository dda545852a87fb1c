/* Commands about money that is set aside for somebody. */
#include "bank/memo.h"
#include "bank/pending.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "command/bank_text.h"
#include "command/deal_line.h"
#include "command/families.h"

#define DAY_S INT64_C(86400)

enum {
	LIFE_DAYS = 7,
	LONGEST_DAYS = 365,
	LISTED_MOST = 100,
};

/* A deal about a hold that is there. */
struct claim {
	struct deal deal;
	struct hold hold;
};

/* Cuts "until=3d" off the line. */
static enum err take_life(struct call *call, struct deal **deal)
{
	const char *text = deal_cut(call, "until=");
	struct order *order = &(*deal)->order;
	int64_t life_s = LIFE_DAYS * DAY_S;

	if (text == NULL && order->due_ms != 0)
		return ERR_OK;
	if (text == NULL || (quantity_seconds(text, &life_s) && life_s > 0 &&
			     life_s <= LONGEST_DAYS * DAY_S)) {
		order->due_ms = clock_wall_ms() + life_s * 1000;
		return ERR_OK;
	}
	deal_free(deal);
	return call_refuse(call, ERR_BAD_INPUT,
			   "until=3d is in three days: s, m, h, d or w, at "
			   "most %d days.",
			   LONGEST_DAYS);
}

static enum err prepare_hold(struct deal *deal)
{
	struct account from;
	struct account to;
	enum err e = deal_own(deal, deal->account, &from);

	if (e == ERR_OK)
		e = deal_other(deal, deal->whom, true, &to);
	if (e != ERR_OK)
		return e;
	deal->order.from = from.id;
	deal->order.to = to.id;
	return ERR_OK;
}

static void finish_hold(struct call *call, struct deal *deal)
{
	const struct entry *entry = &deal->order.entry;
	const struct posting *posting = entry_posting(entry, entry->subject);
	char amount[MONEY_TEXT];
	char left[MONEY_TEXT];
	char when[CLOCK_TEXT];
	char remark[MEMO_SHOWN];

	deal_print(deal, entry->amount, amount);
	deal_print(deal, posting != NULL ? posting->posted - posting->held : 0,
		   left);
	clock_print(entry->due_ms, when);
	memo_remark(entry->memo, remark);
	call_say(call, "Held %s for %s until %s%s. You can spend %s. #%llu",
		 amount, deal->target, when, remark, left,
		 (unsigned long long)entry->seq);
}

static void notice_hold(const struct deal *deal, const char *memo,
			struct buf *text)
{
	const struct entry *entry = &deal->told_order->entry;
	unsigned long long seq = entry->seq;
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char when[CLOCK_TEXT];

	deal_print(deal, entry->amount, amount);
	clock_print(entry->due_ms, when);
	memo_remark(memo, remark);
	buf_print(text,
		  "%s holds %s for you until %s%s: /capture %llu takes "
		  "it, /release %llu gives it back. #%llu",
		  entry->by, amount, when, remark, seq, seq, seq);
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
	struct deal *deal = deal_new(call, ORDER_HOLD);
	enum err e = take_options(call, &deal);

	if (e == ERR_OK)
		e = deal_read_payment(call, &deal);
	if (e != ERR_OK)
		return e;
	deal->notice = notice_hold;
	return deal_start(call, deal, prepare_hold, finish_hold);
}

/* The payer is told what became of it. */
static enum err prepare_claim(struct deal *deal)
{
	struct claim *claim = CONTAINER(deal, struct claim, deal);
	const struct realm *realm = deal->task.realm;
	struct account payer;
	enum err e =
		pending_hold(realm->store, deal->order.reference, &claim->hold);

	/* The ledger says so, in the same words whether there is one or not. */
	if (e == ERR_NO_SUCH_HOLD)
		return ERR_OK;
	if (e == ERR_OK)
		e = book_account(realm->store, claim->hold.from, &payer);
	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, &payer, deal->target);
	deal_tell(deal, &payer);
	return ERR_OK;
}

static enum err start_claim(struct call *call, enum order_kind kind,
			    const struct deal_form *form,
			    deal_notice_fn *notice, deal_finish_fn *finish)
{
	struct deal *deal = deal_new_in(call, kind, sizeof(struct claim));
	enum err e = deal_read(call, &deal, form);

	if (e != ERR_OK)
		return e;
	deal->notice = notice;
	return deal_start(call, deal, prepare_claim, finish);
}

/* "; 2.00 R goes back" */
static void print_rest(const struct deal *deal, const struct entry *entry,
		       struct buf *out)
{
	money rest = entry->amount - entry->legs[0].amount;
	char text[MONEY_TEXT];

	if (rest <= 0)
		return;
	deal_print(deal, rest, text);
	buf_print(out, "; %s of it is free again", text);
}

static void finish_capture(struct call *call, struct deal *deal)
{
	AUTO(buf_fini) struct buf rest = { 0 };
	const struct entry *entry = &deal->order.entry;
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	deal_print(deal, entry->legs[0].amount, amount);
	deal_print_balance(deal, entry->other, balance);
	print_rest(deal, entry, &rest);
	call_say(call,
		 "Captured %s from %s, hold #%llu%s. New balance: %s. "
		 "#%llu",
		 amount, deal->target, (unsigned long long)entry->reference,
		 buf_text(&rest), balance, (unsigned long long)entry->seq);
}

static void notice_capture(const struct deal *deal, const char *memo,
			   struct buf *text)
{
	const struct entry *entry = &deal->told_order->entry;
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	(void)memo;
	deal_print(deal, entry->legs[0].amount, amount);
	deal_print_balance(deal, deal->told_account, balance);
	buf_print(text, "%s captured %s, hold #%llu", entry->by, amount,
		  (unsigned long long)entry->reference);
	print_rest(deal, entry, text);
	buf_print(text, ". New balance: %s. #%llu", balance,
		  (unsigned long long)entry->seq);
}

/* ID [AMOUNT] [id=UUID] */
static enum err cmd_capture(struct call *call)
{
	static const struct deal_form form = { 1,
					       { DEAL_NUMBER, DEAL_AMOUNT } };

	return start_claim(call, ORDER_CAPTURE, &form, notice_capture,
			   finish_capture);
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

static void notice_release(const struct deal *deal, const char *memo,
			   struct buf *text)
{
	const struct entry *entry = &deal->told_order->entry;
	char amount[MONEY_TEXT];

	(void)memo;
	deal_print(deal, entry->amount, amount);
	buf_print(text, "%s released hold #%llu: %s can be spent again. #%llu",
		  entry->by, (unsigned long long)entry->reference, amount,
		  (unsigned long long)entry->seq);
}

/* ID [id=UUID] */
static enum err cmd_release(struct call *call)
{
	static const struct deal_form form = { 1, { DEAL_NUMBER } };

	return start_claim(call, ORDER_RELEASE, &form, notice_release,
			   finish_release);
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
