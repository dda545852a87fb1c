#include "command/move_undo.h"

#include <inttypes.h>
#include <stdio.h>

#include "bank/memo.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "base/text.h"

enum { LOOKED_AT_MOST = 500 }; /* entries of an account */

const struct entry *move_undo_original(const struct deal *deal)
{
	/* It begins with its deal. */
	const struct reversal *reversal = (const void *)deal;

	return &reversal->original;
}

/* What members can take back themselves. */
static const struct undoable undoables[ENTRY_KINDS] = {
	[ENTRY_DEPOSIT] = { "deposit", true },
	[ENTRY_WITHDRAW] = { "withdrawal", false },
	[ENTRY_PAY] = { "payment", false },
	[ENTRY_TRANSFER] = { "transfer", false },
	[ENTRY_CAPTURE] = { "payment", false },
};

const struct undoable *move_undo_kind(const struct deal *deal)
{
	return &undoables[move_undo_original(deal)->kind];
}

/* Looks through an account, from its newest entry back. */
struct looking {
	user_id user;
	int64_t since_ms;
	unsigned left;
	uint64_t reversed[LOOKED_AT_MOST];
	unsigned reversed_count;
	uint64_t best;
	enum entry_kind best_kind;
	uint64_t last;       /* what the user did last, of whatever kind */
	uint64_t taken_back; /* by that; 0: it was something else */
};

static bool is_reversed(const struct looking *l, uint64_t seq)
{
	for (unsigned i = 0; i < l->reversed_count; i++)
		if (l->reversed[i] == seq)
			return true;
	return false;
}

/* What took an entry back stands behind it, and so is seen before. */
static bool look_at(const struct entry *entry, void *arg)
{
	struct looking *l = arg;

	if (entry->time_ms < l->since_ms || l->left-- == 0)
		return false;
	if (entry->actor == l->user && entry->seq > l->last) {
		l->last = entry->seq;
		l->taken_back =
			entry->kind == ENTRY_REVERSE ? entry->reference : 0;
	}
	if (entry->kind == ENTRY_REVERSE && l->reversed_count < LOOKED_AT_MOST)
		l->reversed[l->reversed_count++] = entry->reference;
	if (entry->actor != l->user || undoables[entry->kind].what == NULL ||
	    entry->kind == ENTRY_CAPTURE || is_reversed(l, entry->seq))
		return true;
	if (entry->seq > l->best) {
		l->best = entry->seq;
		l->best_kind = entry->kind;
	}
	return false;
}

static enum err refuse_none(struct deal *deal)
{
	char window[QUANTITY_TEXT];

	quantity_print_seconds(deal->settings.undo_window_s, window);
	return refusal_give(&deal->task.why, ERR_WINDOW_CLOSED,
			    "Of the last %s there is nothing that you can "
			    "undo.",
			    window);
}

static enum err refuse_again(struct deal *deal, const struct looking *l,
			     const struct entry *entry)
{
	const struct realm *realm = deal->task.realm;
	const struct undoable *kind = &undoables[entry->kind];
	const struct leg *leg = &entry->legs[0];
	struct account other;
	char name[BOOK_NAME];
	char amount[MONEY_TEXT];
	enum err e = book_account(
		realm->store, kind->is_in ? leg->debit : leg->credit, &other);

	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, &other, name);
	deal_print(deal, leg->amount, amount);
	return refusal_give(&deal->task.why, ERR_BAD_INPUT,
			    "You have taken back #%" PRIu64 " just now. For "
			    "the %s of %s %s %s as well: /undo %" PRIu64,
			    l->taken_back, kind->what, amount,
			    kind->is_in ? "from" : "to", name, l->best);
}

/*
 * Who presses it once more has perhaps not seen that it was done: the one
 * before is taken back only by its number. A refund was no undo.
 */
static enum err check_again(struct deal *deal, const struct looking *l)
{
	const struct realm *realm = deal->task.realm;
	struct entry entry;
	enum err e;

	if (l->best == 0 || l->taken_back == 0)
		return ERR_OK;
	e = book_entry(realm->store, l->taken_back, &entry);
	if (e != ERR_OK || entry.actor != l->user)
		return e;
	e = book_entry(realm->store, l->best, &entry);
	return e == ERR_OK ? refuse_again(deal, l, &entry) : e;
}

/* The last that the actor has done. */
static enum err choose(struct deal *deal)
{
	const struct realm *realm = deal->task.realm;
	struct looking *l = mem_zero(sizeof(*l));
	struct account *mine;
	size_t count;
	enum err e = book_accounts_of(realm->store, deal->order.by.user, &mine,
				      &count);

	l->user = deal->order.by.user;
	l->since_ms = clock_wall_ms() - deal->settings.undo_window_s * 1000;
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		l->left = LOOKED_AT_MOST;
		l->reversed_count = 0;
		e = book_statement(realm->store, &mine[i], 0, look_at, l);
	}
	if (e == ERR_OK)
		e = check_again(deal, l);
	deal->order.reference = l->best;
	if (l->best != 0)
		(void)snprintf(deal->about, sizeof(deal->about),
			       "#%llu (%s): ", (unsigned long long)l->best,
			       undoables[l->best_kind].what);
	mem_free(mine);
	mem_free(l);
	return e == ERR_OK && deal->order.reference == 0 ? refuse_none(deal)
							 : e;
}

/* A terminal is one for its own cash only. */
static void look_where(struct deal *deal, const struct account *till)
{
	if (account_is_till(till) &&
	    name_compare(till->name, deal->settings.cash_account) != 0)
		deal->order.by.is_at_terminal = false;
}

/* Those behind the other side are told, once it is done. */
static enum err tell_other(struct deal *deal, const struct entry *original)
{
	const struct realm *realm = deal->task.realm;
	bool refunds = deal->order.kind == ORDER_REFUND;
	struct account other;
	enum err e;

	/* What cannot be taken back is for the ledger to refuse. */
	if (undoables[original->kind].what == NULL)
		return ERR_OK;
	e = book_account(realm->store,
			 refunds || undoables[original->kind].is_in
				 ? original->legs[0].debit
				 : original->legs[0].credit,
			 &other);
	if (e != ERR_OK)
		return e;
	look_where(deal, &other);
	book_print_name(realm->users, &other, deal->target);
	deal_tell(deal, &other);
	return ERR_OK;
}

static enum err read_original(struct deal *deal)
{
	struct reversal *reversal = CONTAINER(deal, struct reversal, deal);

	return book_entry(deal->task.realm->store, deal->order.reference,
			  &reversal->original);
}

static enum err prepare(struct deal *deal)
{
	enum err e = deal->order.reference == 0 ? choose(deal) : ERR_OK;

	if (e != ERR_OK)
		return e;
	e = read_original(deal);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	return tell_other(deal, move_undo_original(deal));
}

/* It asks the same however often it is asked: nothing of it ever changes. */
static enum err prepare_either(struct deal *deal)
{
	const struct entry *original = move_undo_original(deal);
	enum err e = read_original(deal);

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (original->actor != deal->order.by.user ||
	    original->kind == ENTRY_CAPTURE)
		deal->order.kind = ORDER_REFUND;
	return tell_other(deal, original);
}

static void notice_undo(const struct deal *deal, const char *memo,
			struct buf *text)
{
	const struct entry *original = move_undo_original(deal);
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	(void)memo;
	deal_print(deal, original->legs[0].amount, amount);
	deal_print_balance(deal, deal->told_account, balance);
	buf_print(text, "%s took back the %s #%llu: %s. New balance: %s. #%llu",
		  deal->order.by.name, move_undo_kind(deal)->what,
		  (unsigned long long)original->seq, amount, balance,
		  (unsigned long long)deal->order.entry.seq);
}

static void notice_refund(const struct deal *deal, const char *memo,
			  struct buf *text)
{
	const struct entry *original = move_undo_original(deal);
	char remark[MEMO_SHOWN];
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	deal_print(deal, original->legs[0].amount, amount);
	deal_print_balance(deal, deal->told_account, balance);
	memo_remark(memo, remark);
	buf_print(
		text, "%s refunded payment #%llu: %s%s. New balance: %s. #%llu",
		deal->order.by.name, (unsigned long long)original->seq, amount,
		remark, balance, (unsigned long long)deal->order.entry.seq);
}

static void notice_either(const struct deal *deal, const char *memo,
			  struct buf *text)
{
	if (deal->order.kind == ORDER_REFUND)
		notice_refund(deal, memo, text);
	else
		notice_undo(deal, memo, text);
}

static account_id account(const struct deal *deal)
{
	const struct leg *leg = &move_undo_original(deal)->legs[0];

	return deal->order.kind == ORDER_REFUND || move_undo_kind(deal)->is_in
		       ? leg->credit
		       : leg->debit;
}

const struct move move_undo = {
	.kind = ORDER_REVERSE,
	.bytes = sizeof(struct reversal),
	.prepare = prepare,
	.notice = notice_undo,
	.account = account,
};

const struct move move_refund = {
	.kind = ORDER_REFUND,
	.bytes = sizeof(struct reversal),
	.prepare = prepare,
	.notice = notice_refund,
	.account = account,
};

const struct move move_reversal = {
	.kind = ORDER_REVERSE,
	.bytes = sizeof(struct reversal),
	.prepare = prepare_either,
	.notice = notice_either,
	.account = account,
};
