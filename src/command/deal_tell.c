/* Who is told of a deal, besides the one who gives it. */
#include "bank/tiding.h"
#include "chat/ignore/ignore_people.h"
#include "command/deal.h"
#include "command/takings.h"

static bool is_told(const struct deal *deal, user_id id,
		    const struct order *order)
{
	for (unsigned i = 0; i < deal->told_count; i++)
		if (deal->told[i].user == id && deal->told[i].order == order)
			return true;
	return false;
}

/* The actor sees the answer. */
static bool may_tell(const struct deal *deal, user_id id,
		     const struct order *order)
{
	return id != 0 && id != deal->order.by.user &&
	       !is_told(deal, id, order) && deal->told_count < DEAL_TOLD;
}

static void tell_user(struct deal *deal, user_id id,
		      const struct account *account, const struct order *order)
{
	struct deal_told *told = &deal->told[deal->told_count];
	bool is_main =
		account->kind == ACCOUNT_USER && account->name[0] == '\0';

	if (!may_tell(deal, id, order))
		return;
	*told = (struct deal_told){ .user = id,
				    .account = account->id,
				    .order = order };
	if (!is_main)
		book_print_name(deal->task.realm->users, account, told->into);
	deal->told_count++;
}

void deal_tell_order(struct deal *deal, const struct account *account,
		     const struct order *order)
{
	tell_user(deal, account->owner, account, order);
	for (unsigned i = 0; i < account->holder_count; i++)
		tell_user(deal, account->holders[i], account, order);
}

void deal_tell(struct deal *deal, const struct account *account)
{
	deal_tell_order(deal, account, &deal->order);
}

void deal_tell_user(struct deal *deal, const struct account *account,
		    user_id user)
{
	tell_user(deal, user, account, &deal->order);
}

static void tell_one(struct deal *deal, const struct deal_told *told)
{
	AUTO(buf_fini) struct buf text = { 0 };
	const struct order *order = told->order;
	struct takings_cause cause;
	const struct realm *realm = deal->task.realm;
	uint64_t seq = order->entry.seq;
	const char *memo = seq != 0 ? order->entry.memo : order->memo;
	bool hides = ignore_has(realm->chat, told->user, order->by.user,
				IGNORE_MEMOS);

	deal->told_account = told->account;
	deal->told_into = told->into;
	deal->told_order = order;
	deal->notice(deal, hides ? "" : memo, &text);
	cause.seq = seq;
	tiding_of_order(order, &cause.tiding);
	(void)takings_tell_of(realm->takings, told->user, &cause,
			      buf_text(&text));
}

void deal_tell_others(struct deal *deal)
{
	if (deal->is_told || deal->notice == NULL ||
	    deal->task.result != ERR_OK || deal->order.is_repeated)
		return;
	deal->is_told = true;
	for (unsigned i = 0; i < deal->told_count; i++)
		tell_one(deal, &deal->told[i]);
}
