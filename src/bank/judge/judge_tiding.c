/* What of an order is told to others: see tiding.h. */
#include <stdio.h>

#include "bank/judge/judge.h"

/* By the clock nobody is told at once but by the clock. */
static void note_user(struct batch *batch, user_id user)
{
	if (batch->fall_count < FALLS_MOST)
		batch->falls[batch->fall_count++] =
			(struct fall){ .user = user };
}

enum err judge_tell(struct batch *batch, const struct order *order,
		    struct tiding *tiding, user_id user)
{
	bool is_damaged;
	enum err e;

	if (user == 0 || user == order->by.user)
		return ERR_OK;
	tiding->user = user;
	tiding->made_ms = batch->now_ms;
	tiding->actor = order->by.user;
	(void)snprintf(tiding->by, sizeof(tiding->by), "%s", order->by.name);
	if (order->by.authority == AUTHORITY_BANK)
		note_user(batch, user);
	e = tiding_put(batch->txn, batch->tables->tidings, tiding, &is_damaged);
	if (e == ERR_OK)
		batch->has_bad_news |= is_damaged;
	return e;
}

enum err judge_tell_people(struct batch *batch, const struct order *order,
			   struct tiding *tiding, account_id id)
{
	struct account account;
	enum err e = batch_peek(batch, id, &account);

	/* Damage to whom it is for is in no money's way either. */
	if (e == ERR_CORRUPT || e == ERR_NO_SUCH_ACCOUNT) {
		batch->has_bad_news = true;
		return ERR_OK;
	}
	if (e == ERR_OK && account.owner != 0)
		e = judge_tell(batch, order, tiding, account.owner);
	for (unsigned i = 0; e == ERR_OK && i < account.holder_count; i++)
		e = judge_tell(batch, order, tiding, account.holders[i]);
	return e;
}
