/*
 * Deals whose id was answered before: who asks again is answered as then,
 * whatever has changed since.
 */
#include <stdio.h>
#include <string.h>

#include "command/deal.h"
#include "command/move.h"

bool deal_is_damage(enum err e)
{
	return e == ERR_IO || e == ERR_CORRUPT || e == ERR_BUSY ||
	       e == ERR_STORAGE_FULL || e == ERR_AUDIT_DOWN;
}

void deal_take_id(struct call *call, struct deal *deal, const struct uuid *id)
{
	struct order *order = &deal->order;

	order->id = *id;
	under_way_begin(call->realm->under_way, &deal->asked, order->by.user,
			id, deal->giver);
}

void deal_note_wording(struct deal *deal)
{
	struct order *order = &deal->order;
	/*
	 * Others take their words from elsewhere; and a move that is about an
	 * entry names nobody, but may be two kinds of order: see move_reversal.
	 */
	bool has_words = deal->take != NULL ||
			 (deal->move != NULL && order->reference == 0);

	if (!has_words || uuid_is_none(&order->id))
		return;
	order_note_wording(
		order, deal->account,
		deal->whom[0] != '\0' ? deal->whom : deal->second,
		order->by.is_at_terminal ? deal->settings.cash_account : "");
}

static bool is_same_question(const struct deal *deal,
			     const struct book_answer *known)
{
	uint8_t question[DIGEST_BYTES];

	order_digest(&deal->order, question);
	return memcmp(question, known->question, sizeof(question)) == 0;
}

static bool is_same_wording(const struct deal *deal,
			    const struct book_answer *known)
{
	static const uint8_t none[ORDER_WORDING];
	const uint8_t *wording = deal->order.wording;

	return memcmp(wording, none, sizeof(none)) != 0 &&
	       memcmp(wording, known->wording, sizeof(none)) == 0;
}

const char deal_words_under_way[] =
	"What you have asked under this id is still under way: ask again.";

/* What was asked is not what it comes to now: was it done? */
static enum err refuse_other(struct deal *deal, const struct book_answer *known,
			     enum err e)
{
	uint64_t number = known->seq != 0 ? known->seq : known->number;

	if ((e != ERR_NO_SUCH_USER && e != ERR_NO_SUCH_ACCOUNT) || number == 0)
		return e;
	return refusal_give(&deal->task.why, ERR_ID_CONFLICT,
			    "You have used this id: it was done, as #%llu; "
			    "names have changed since.",
			    (unsigned long long)number);
}

static enum err name_sides(struct deal *deal, account_id own, account_id other)
{
	const struct realm *realm = deal->task.realm;
	struct account account;
	enum err e = book_account(realm->store, own, &account);

	if (e != ERR_OK)
		return e;
	book_print_name(realm->users, &account, deal->own);
	deal->payer[0] = '\0';
	if (account.kind != ACCOUNT_USER || account.name[0] != '\0')
		(void)snprintf(deal->payer, sizeof(deal->payer), "%s",
			       deal->own);
	e = book_account(realm->store, other, &account);
	if (e == ERR_OK)
		book_print_name(realm->users, &account, deal->target);
	return e;
}

/* Of a move: the accounts are those of then. */
static enum err take_move(struct deal *deal, const struct book_answer *known)
{
	struct order *order = &deal->order;
	struct entry entry;
	account_id own;
	account_id other;
	enum err e = book_entry(deal->task.realm->store, known->seq, &entry);

	if (e != ERR_OK)
		return e;
	if (!move_sides(&entry, NULL, &own, &other))
		return ERR_CORRUPT;
	order->from = entry.leg_count > 0 ? entry.legs[0].debit : own;
	order->to = entry.leg_count > 0 ? entry.legs[0].credit : other;
	return name_sides(deal, own, other);
}

/* What it was answered. What is not under way any more, the store has. */
static enum err look_up(struct deal *deal, struct book_answer *known_r)
{
	const struct realm *realm = deal->task.realm;
	const struct order *order = &deal->order;
	bool is_under_way = under_way_before(realm->under_way, order->by.user,
					     &order->id, deal->giver);
	enum err e =
		book_asked(realm->store, order->by.user, &order->id, known_r);

	if (e == ERR_OK || (e == ERR_NOT_FOUND && !is_under_way))
		return e;
	deal->task.why.text[0] = '\0';
	return e != ERR_NOT_FOUND ? e
				  : refusal_give(&deal->task.why, ERR_BUSY,
						 "%s", deal_words_under_way);
}

enum err deal_recall(struct deal *deal, enum err e)
{
	struct book_answer known;
	deal_take_fn *take;
	bool is_same;
	enum err found;

	if (deal_is_damage(e) || uuid_is_none(&deal->order.id) ||
	    deal->order.together != NULL)
		return e;
	found = look_up(deal, &known);
	if (found != ERR_OK)
		return found == ERR_NOT_FOUND ? e : found;
	is_same = is_same_question(deal, &known);
	if (!is_same && !is_same_wording(deal, &known))
		return refuse_other(deal, &known, e);
	deal->task.why.text[0] = '\0';
	if (known.result != ERR_OK)
		return refusal_give(&deal->task.why, known.result, "%s",
				    known.words);
	take = deal->take != NULL ? deal->take : take_move;
	e = is_same ? ERR_OK : take(deal, &known);
	return e == ERR_OK ? deal_obey(deal) : e;
}
