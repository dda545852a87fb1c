#include "command/move.h"

struct deal *move_new(struct call *call, const struct move *move)
{
	struct deal *deal = deal_new_in(call, move->kind, move->bytes);

	deal->move = move;
	deal->remember = move->remember;
	deal->notice = move->notice;
	return deal;
}

enum err move_start(struct call *call, struct deal *deal,
		    deal_finish_fn *finish)
{
	return deal_start(call, deal, deal->move->prepare, finish);
}

account_id move_account(const struct deal *deal)
{
	return deal->move->account(deal);
}

/* Which side of its first leg, or of itself, is the actor's. */
enum side { SIDE_NONE = 0, SIDE_DEBIT, SIDE_CREDIT, SIDE_SUBJECT, SIDE_OTHER };

static const enum side sides[ENTRY_KINDS] = {
	[ENTRY_DEPOSIT] = SIDE_CREDIT, [ENTRY_WITHDRAW] = SIDE_DEBIT,
	[ENTRY_PAY] = SIDE_DEBIT,      [ENTRY_TRANSFER] = SIDE_DEBIT,
	[ENTRY_HOLD] = SIDE_SUBJECT,   [ENTRY_CAPTURE] = SIDE_OTHER,
	[ENTRY_RELEASE] = SIDE_OTHER,
};

/* Who takes back what was done by others was paid by it. */
static enum side side_of(const struct entry *entry,
			 const struct entry *original)
{
	if (original == NULL)
		return sides[entry->kind];
	return original->actor == entry->actor ? sides[original->kind]
					       : SIDE_CREDIT;
}

bool move_sides(const struct entry *entry, const struct entry *original,
		account_id *own_r, account_id *other_r)
{
	const struct entry *shown = original != NULL ? original : entry;
	const struct leg *leg = &shown->legs[0];
	enum side side = side_of(entry, original);
	bool is_first = side == SIDE_DEBIT || side == SIDE_SUBJECT;
	bool has_leg = side == SIDE_DEBIT || side == SIDE_CREDIT;
	account_id first = has_leg ? leg->debit : shown->subject;
	account_id second = has_leg ? leg->credit : shown->other;

	*own_r = is_first ? first : second;
	*other_r = is_first ? second : first;
	return side != SIDE_NONE;
}
