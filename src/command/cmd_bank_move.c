/* Commands by which administrators move what stands in the books. */
#include <inttypes.h>
#include <stdio.h>

#include "command/bank_act.h"
#include "command/deal_line.h"
#include "command/families.h"

/* Who loses what by it; a leg, as the entry had it. */
static enum err find_side(struct deal *deal, account_id id,
			  char name_r[DEAL_WORD])
{
	const struct realm *realm = deal->task.realm;
	struct account account;
	enum err e = book_account(realm->store, id, &account);

	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, &account, name_r);
	deal_tell(deal, &account);
	return ERR_OK;
}

/* An entry that cannot be taken back is the ledger's to refuse. */
static enum err prepare_reverse(struct deal *deal)
{
	struct entry entry;
	enum err e = book_entry(deal->task.realm->store, deal->order.reference,
				&entry);

	if (e == ERR_NOT_FOUND || (e == ERR_OK && entry.leg_count == 0))
		return ERR_OK;
	if (e == ERR_OK)
		e = find_side(deal, entry.legs[0].debit, deal->account);
	if (e == ERR_OK)
		e = find_side(deal, entry.legs[0].credit, deal->second);
	(void)snprintf(deal->target, sizeof(deal->target), "%s", deal->account);
	return e;
}

static void print_reversal(const struct deal *deal, struct buf *out)
{
	const struct entry *entry = &deal->order.entry;
	char amount[MONEY_TEXT];

	/* The first leg is taken back last. */
	deal_print(deal, entry->legs[entry->leg_count - 1].amount, amount);
	buf_print(out, "took back #%" PRIu64 ", %s from %s to %s",
		  deal->order.reference, amount, deal->account, deal->second);
}

static void notice_reverse(const struct deal *deal, const char *memo,
			   struct buf *text)
{
	char balance[MONEY_TEXT];

	deal_print_balance(deal, deal->told_account, balance);
	buf_print(text, "%s ", deal->order.by.name);
	print_reversal(deal, text);
	bank_act_print_reason(memo, text);
	buf_print(text, ". New balance: %s", balance);
	bank_act_print_number(deal, text);
}

static void finish_reverse(struct call *call, struct deal *deal)
{
	AUTO(buf_fini) struct buf text = { 0 };

	buf_add_text(&text, "You ");
	print_reversal(deal, &text);
	bank_act_print_number(deal, &text);
	call_say(call, "%s", buf_text(&text));
}

/* #ID REASON */
static enum err cmd_reverse(struct call *call)
{
	static const struct deal_form form = { 2,
					       { DEAL_NUMBER, DEAL_REASON } };
	struct deal *deal = bank_act_new(call, ORDER_REVERSE);
	enum err e = deal_read(call, &deal, &form);

	if (e != ERR_OK)
		return e;
	deal->notice = notice_reverse;
	return deal_start(call, deal, prepare_reverse, finish_reverse);
}

static enum err prepare_adjust(struct deal *deal)
{
	struct account from;
	struct account to;
	enum err e = bank_act_find(deal, deal->account, &from);

	if (e == ERR_OK)
		e = bank_act_find(deal, deal->second, &to);
	if (e != ERR_OK)
		return e;
	/* Cash is below zero: who gets it is debited, as with a deposit. */
	if (account_is_till(&from) && account_is_till(&to)) {
		deal->order.from = to.id;
		deal->order.to = from.id;
	} else {
		deal->order.from = from.id;
		deal->order.to = to.id;
	}
	return ERR_OK;
}

static void finish_adjust(struct call *call, struct deal *deal)
{
	char amount[MONEY_TEXT];

	deal_print(deal, deal->order.amount, amount);
	call_say(call, "Moved %s from %s to %s. #%" PRIu64, amount,
		 deal->account, deal->second, deal->order.entry.seq);
}

/* FROM TO AMOUNT REASON */
static enum err cmd_adjust(struct call *call)
{
	static const struct deal_form form = {
		4, { DEAL_ACCOUNT, DEAL_SECOND, DEAL_AMOUNT, DEAL_REASON }
	};
	struct deal *deal = bank_act_new(call, ORDER_ADJUST);
	enum err e = deal_read(call, &deal, &form);

	return e == ERR_OK
		       ? deal_start(call, deal, prepare_adjust, finish_adjust)
		       : e;
}

const struct command commands_bank_move[] = {
	{ "bank reverse", 2, 2, ROLE_ADMIN, COMMAND_REST, cmd_reverse,
	  "#ID REASON", "take an entry back, at any time" },
	{ "bank adjust", 4, 4, ROLE_ADMIN, COMMAND_REST, cmd_adjust,
	  "FROM TO AMOUNT REASON", "move money between the house's accounts" },
	{ 0 },
};
