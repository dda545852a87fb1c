/* Who is told of a deal, besides the one who gives it. */
#include <string.h>

#include "bank/tiding.h"
#include "chat/ignore/ignore_people.h"
#include "command/deal.h"
#include "command/takings.h"

/* NULL: not told of that order. */
static struct deal_told *find_told(struct deal *deal, user_id id,
				   const struct order *order)
{
	for (unsigned i = 0; i < deal->told_count; i++)
		if (deal->told[i].user == id && deal->told[i].order == order)
			return &deal->told[i];
	return NULL;
}

/* What goes into an account says more than what goes out of another. */
static void name_account(struct deal *deal, struct deal_told *told,
			 const struct account *account)
{
	bool is_main =
		account->kind == ACCOUNT_USER && account->name[0] == '\0';

	told->account = account->id;
	told->into[0] = '\0';
	if (!is_main)
		book_print_name(deal->task.realm->users, account, told->into);
}

/* The actor sees the answer. */
static void tell_user(struct deal *deal, user_id id,
		      const struct account *account, const struct order *order)
{
	struct deal_told *told = find_told(deal, id, order);

	if (told != NULL && told->pays)
		name_account(deal, told, account);
	if (told != NULL || id == 0 || id == deal->order.by.user ||
	    deal->told_count == DEAL_TOLD)
		return;
	told = &deal->told[deal->told_count++];
	*told = (struct deal_told){ .user = id, .order = order };
	name_account(deal, told, account);
}

bool deal_tells_payer(const struct deal *deal)
{
	return deal->told_pays && strcmp(deal->told_into, deal->payer) == 0;
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

static void tell_one(struct deal *deal, const struct deal_told *told,
		     deal_tell_fn *fn, void *arg)
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
	deal->told_pays = told->pays;
	deal->told_order = order;
	deal->notice(deal, hides ? "" : memo, &text);
	cause.seq = seq;
	tiding_of_order(order, &cause.tiding);
	fn(arg, told->user, &cause, buf_text(&text));
}

void deal_tell_each(struct deal *deal, deal_tell_fn *fn, void *arg)
{
	if (deal->is_told || deal->notice == NULL ||
	    deal->task.result != ERR_OK || deal->order.is_repeated)
		return;
	deal->is_told = true;
	for (unsigned i = 0; i < deal->told_count; i++)
		if (takings_is_wanted(deal->task.realm->takings,
				      deal->told[i].user))
			tell_one(deal, &deal->told[i], fn, arg);
}

static void tell_now(void *arg, user_id user, const struct takings_cause *cause,
		     const char *text)
{
	const struct realm *realm = arg;

	(void)takings_tell_of(realm->takings, user, cause, text);
}

void deal_tell_others(struct deal *deal)
{
	deal_tell_each(deal, tell_now, deal->task.realm);
}
