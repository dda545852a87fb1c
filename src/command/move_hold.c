#include "command/move_hold.h"

#include "bank/memo.h"
#include "bank/pending.h"
#include "base/clock.h"

/* A deal about a hold that is there. */
struct claim {
	struct deal deal;
	struct hold hold;
};

static enum err prepare_hold(struct deal *deal)
{
	struct account to = { 0 };
	enum err e = deal_payer(deal, &deal->order.from);

	if (e == ERR_OK)
		e = deal_other(deal, deal->whom, true, &to);
	deal->order.to = to.id;
	return e;
}

/* For those who share the account that it is from. */
static void print_set_aside(const struct deal *deal, const char *memo,
			    struct buf *text)
{
	const struct entry *entry = &deal->told_order->entry;
	const struct posting *posting = entry_posting(entry, entry->subject);
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char left[MONEY_TEXT];
	char when[CLOCK_TEXT];

	deal_print(deal, entry->amount, amount);
	deal_print(deal, posting != NULL ? posting->posted - posting->held : 0,
		   left);
	clock_print(entry->due_ms, when);
	memo_remark(memo, remark);
	buf_print(text,
		  "%s holds %s from %s for %s%s. #%llu\nUntil %s; not held "
		  "is %s of %s",
		  entry->by, amount, deal->payer, deal->target, remark,
		  (unsigned long long)entry->seq, when, left, deal->payer);
}

static void notice_hold(const struct deal *deal, const char *memo,
			struct buf *text)
{
	const struct entry *entry = &deal->told_order->entry;
	unsigned long long seq = entry->seq;
	const char *from = deal->told_pays ? deal->payer : "";
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char when[CLOCK_TEXT];

	if (deal_tells_payer(deal)) {
		print_set_aside(deal, memo, text);
		return;
	}
	deal_print(deal, entry->amount, amount);
	clock_print(entry->due_ms, when);
	memo_remark(memo, remark);
	buf_print(text,
		  "%s holds %s%s%s for you until %s%s. #%llu\n"
		  "/capture %llu takes it, /release %llu gives it back",
		  entry->by, amount, from[0] != '\0' ? " from " : "", from,
		  when, remark, seq, seq, seq);
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

void move_hold_print_rest(const struct deal *deal, const struct entry *entry,
			  struct buf *out)
{
	money rest = entry->amount - entry->legs[0].amount;
	char text[MONEY_TEXT];

	if (rest <= 0)
		return;
	deal_print(deal, rest, text);
	buf_print(out, "; %s of it is free again", text);
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
	move_hold_print_rest(deal, entry, text);
	buf_print(text, ".\nNew balance: %s. #%llu", balance,
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

static account_id payer(const struct deal *deal)
{
	return deal->order.from;
}

/* Whom it is held for; it begins with its deal. */
static account_id receiver(const struct deal *deal)
{
	const struct claim *claim = (const void *)deal;

	return claim->hold.to;
}

const struct move move_hold = {
	.kind = ORDER_HOLD,
	.bytes = sizeof(struct deal),
	.prepare = prepare_hold,
	.notice = notice_hold,
	.account = payer,
};

const struct move move_capture = {
	.kind = ORDER_CAPTURE,
	.bytes = sizeof(struct claim),
	.prepare = prepare_claim,
	.notice = notice_capture,
	.account = receiver,
};

const struct move move_release = {
	.kind = ORDER_RELEASE,
	.bytes = sizeof(struct claim),
	.prepare = prepare_claim,
	.notice = notice_release,
	.account = receiver,
};
