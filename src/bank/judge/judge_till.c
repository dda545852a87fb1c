/* Orders that open and close tills, and what tellers may do at theirs. */
#include <string.h>

#include "bank/account_name.h"
#include "bank/judge/judge.h"

enum err judge_cash(struct order *order, const struct account *cash)
{
	return account_is_till(cash) ? ERR_OK
				     : order_refuse(order, ERR_NOT_ALLOWED,
						    "That is no cash account.");
}

enum err judge_teller(struct order *order, const struct account *till)
{
	if (till->till_user == order->by.user && order->by.user != 0)
		return ERR_OK;
	return order_refuse(order, ERR_NOT_ALLOWED,
			    order->approved_by != 0
				    ? "Whoever has asked for it must have that "
				      "till open, as then."
				    : "You have not opened that till: open it "
				      "first.");
}

enum err judge_stock(const struct batch *batch, struct order *order,
		     const struct account *till)
{
	char have[MONEY_TEXT];
	money left;

	if (order->by.authority != AUTHORITY_TELLER ||
	    (money_add(till->posted, order->amount, &left) && left <= 0))
		return ERR_OK;
	money_print_symbol(-till->posted, &batch->rules.currency, have);
	return order_refuse(order, ERR_INSUFFICIENT_FUNDS,
			    "By the books there is %s in the till. A count "
			    "compares.",
			    have);
}

enum err judge_customer(struct order *order, const struct account *account)
{
	if (order->by.authority != AUTHORITY_TELLER ||
	    !account_is_of(account, order->by.user))
		return ERR_OK;
	return order_refuse(order, ERR_NOT_ALLOWED,
			    "That account is yours, too: another teller must "
			    "do it.");
}

/* after: the name of the last one; "": it was the last page. */
static enum err check_page(struct batch *batch, struct order *order,
			   char after[ACCOUNT_NAME])
{
	account_id ids[TILLS_MOST];
	const struct account *till;
	size_t count;
	enum err e = account_name_tills(batch->txn, batch->tables->names, after,
					ids, &count);

	after[0] = '\0';
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		e = batch_account(batch, ids[i], &till);
		if (e == ERR_OK && till->till_user == order->by.user)
			e = order_refuse(order, ERR_EXISTS,
					 "You have %s open: close it first.",
					 till->name);
		else if (e == ERR_OK && i + 1 == TILLS_MOST)
			memcpy(after, till->name, ACCOUNT_NAME);
	}
	return e;
}

/* A teller has one till at a time, so that it is clear which one is meant. */
static enum err check_hands(struct batch *batch, struct order *order)
{
	char after[ACCOUNT_NAME] = "";
	enum err e;

	do
		e = check_page(batch, order, after);
	while (e == ERR_OK && after[0] != '\0');
	return e;
}

static enum err check_opening(struct batch *batch, struct order *order,
			      const struct account *till)
{
	if (till->till_user != 0)
		return order_refuse(order, ERR_EXISTS,
				    till->till_user == order->by.user
					    ? "You have that till open already."
					    : "Somebody else has that till "
					      "open.");
	if (order->by.authority != AUTHORITY_TELLER)
		return ERR_OK;
	if (order->changes[0].value != (int64_t)order->by.user)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Everybody opens a till for themselves.");
	return check_hands(batch, order);
}

static enum err check_closing(struct order *order, const struct account *till)
{
	if (till->till_user == 0)
		return order_refuse(order, ERR_NOT_FOUND,
				    "The till is not open.");
	if (order->by.authority == AUTHORITY_TELLER &&
	    till->till_user != order->by.user)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Somebody else has opened that till.");
	return ERR_OK;
}

static enum err check(struct batch *batch, struct order *order,
		      const struct account *till)
{
	enum err e;

	if (order->change_count != 1 || order->changes[0].tag != CHANGE_TILL ||
	    order->amount < 0 || order->amount > MONEY_MOST)
		return ERR_CORRUPT;
	e = judge_cash(order, till);
	if (e != ERR_OK)
		return e;
	return order->changes[0].value != 0 ? check_opening(batch, order, till)
					    : check_closing(order, till);
}

/* What was counted is what the books say from now on. */
static enum err settle(struct batch *batch, struct order *order,
		       const struct account *till, struct entry *entry)
{
	account_id over_short = batch->ledger->over_short;
	money over; /* than expected; below zero: short */

	if (!money_add(order->amount, till->posted, &over))
		return order_refuse(order, ERR_BAD_AMOUNT,
				    "No till can hold so much.");
	if (over == 0)
		return ERR_OK;
	if (over > 0 ? entry_add_leg(entry, till->id, over_short, over)
		     : entry_add_leg(entry, over_short, till->id, -over))
		return ERR_OK;
	return ERR_CORRUPT;
}

enum err judge_till(struct batch *batch, struct order *order)
{
	const struct account *till;
	struct entry entry = { .kind = ENTRY_TILL,
			       .subject = order->from,
			       .amount = order->amount };
	enum err e = judge_account(batch, order, order->from, &till);

	if (e == ERR_OK)
		e = check(batch, order, till);
	if (e == ERR_OK)
		e = settle(batch, order, till, &entry);
	if (e != ERR_OK)
		return e;
	memcpy(entry.memo, order->memo, sizeof(entry.memo));
	entry_add_change(&entry, CHANGE_TILL, order->changes[0].value);
	return entry_touch(&entry, order->from)
		       ? batch_post(batch, order, &entry)
		       : ERR_CORRUPT;
}
