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
