/* Commands that take money moves back: the payer's, and the receiver's. */
#include "command/deal_line.h"
#include "command/families.h"
#include "command/move_undo.h"

static void finish_undo(struct call *call, struct deal *deal)
{
	const struct entry *original = move_undo_original(deal);
	const struct undoable *kind = move_undo_kind(deal);
	const struct leg *leg = &original->legs[0];
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	deal_print(deal, leg->amount, amount);
	deal_print_balance(deal, move_account(deal), balance);
	call_say(call,
		 "Took back the %s #%llu: %s %s %s. New balance: %s. #%llu",
		 kind->what, (unsigned long long)original->seq, amount,
		 kind->is_in ? "to" : "from", deal->target, balance,
		 (unsigned long long)deal->order.entry.seq);
}

/* [ID] [id=UUID] */
static enum err cmd_undo(struct call *call)
{
	struct deal *deal = move_new(call, &move_undo);
	enum err e = deal_read_choice(call, &deal,
				      "With an id, say what is to be undone.");

	return e == ERR_OK ? move_start(call, deal, finish_undo) : e;
}

static void finish_refund(struct call *call, struct deal *deal)
{
	const struct entry *original = move_undo_original(deal);
	const struct leg *leg = &original->legs[0];
	char amount[MONEY_TEXT];
	char balance[MONEY_TEXT];

	deal_print(deal, leg->amount, amount);
	deal_print_balance(deal, move_account(deal), balance);
	call_say(call,
		 "Refunded %s to %s, payment #%llu. New balance: %s. #%llu",
		 amount, deal->target, (unsigned long long)original->seq,
		 balance, (unsigned long long)deal->order.entry.seq);
}

/* ID [memo] [id=UUID] */
static enum err cmd_refund(struct call *call)
{
	static const struct deal_form form = { 1, { DEAL_NUMBER, DEAL_MEMO } };
	struct deal *deal = move_new(call, &move_refund);
	enum err e = deal_read(call, &deal, &form);

	return e == ERR_OK ? move_start(call, deal, finish_refund) : e;
}

const struct command commands_undo[] = {
	{ "undo", 0, 2, ROLE_USER, COMMAND_PERSON, cmd_undo, "[ID]",
	  "take your last payment back, if it is not too late" },
	{ "refund", 1, 2, ROLE_USER, COMMAND_PERSON | COMMAND_REST, cmd_refund,
	  "ID [MEMO]", "give back what you were paid" },
	{ 0 },
};
