/* Orders that move money: from cash and to it, and between accounts. */
#include <string.h>

#include "bank/judge/fee.h"
#include "bank/judge/judge.h"

static enum err refuse_range(struct order *order)
{
	return order_refuse(order, ERR_BAD_AMOUNT,
			    "That is more than any account can hold.");
}

/* An entry of one leg, with the memo of the order. */
static enum err begin(struct order *order, enum entry_kind kind,
		      const struct leg *leg, struct entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->kind = kind;
	memcpy(entry->memo, order->memo, sizeof(entry->memo));
	if (leg->debit == leg->credit)
		return order_refuse(order, ERR_SELF_PAYMENT,
				    "Both are the same account.");
	return entry_add_leg(entry, leg->debit, leg->credit, leg->amount)
		       ? ERR_OK
		       : refuse_range(order);
}

/* Adds what the payer owes the house for it. */
static enum err add_fee(struct batch *batch, struct order *order,
			enum fee_kind kind, account_id payer,
			struct entry *entry)
{
	money fee = fee_of(&batch->settings.fees[kind], entry->legs[0].amount);
	account_id fees = batch->ledger->fees;

	if (fee <= 0 || payer == fees || fees == 0 ||
	    order->by.authority == AUTHORITY_BANK)
		return ERR_OK;
	return entry_add_leg(entry, payer, fees, fee) ? ERR_OK
						      : refuse_range(order);
}

enum err judge_self(struct batch *batch, struct order *order,
		    const struct account *cash)
{
	if (batch->settings.cash_policy == CASH_TELLER)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Cash goes through the tellers here. Ask "
				    "one.");
	if (order->by.is_at_terminal)
		return ERR_OK;
	if (batch->settings.cash_policy == CASH_TERMINAL)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Cash goes through the terminals here. Go "
				    "to one.");
	if (cash->id != batch->ledger->cash)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "That is the cash of a teller or of a "
				    "terminal.");
	return ERR_OK;
}

/* Whose cash it is, and who may move it. */
static enum err check_cash(struct batch *batch, struct order *order,
			   const struct account *cash)
{
	enum err e = judge_cash(order, cash);

	if (e != ERR_OK)
		return e;
	if (order->by.authority == AUTHORITY_MEMBER)
		return judge_self(batch, order, cash);
	if (order->by.authority == AUTHORITY_TELLER)
		e = judge_teller(order, cash);
	return e;
}

static enum err check_deposit_caps(struct batch *batch, struct order *order,
				   const struct account *to)
{
	const struct bank_settings *s = &batch->settings;
	money today = to->date == batch->date ? to->day_deposited : 0;
	char most[MONEY_TEXT];

	if (order->by.authority != AUTHORITY_MEMBER)
		return ERR_OK;
	if (s->cash_per_deposit != MONEY_NONE &&
	    order->amount > s->cash_per_deposit) {
		money_print_symbol(s->cash_per_deposit, &batch->rules.currency,
				   most);
		return order_refuse(order, ERR_LIMIT,
				    "At most %s can be deposited at once.",
				    most);
	}
	if (s->cash_per_day != MONEY_NONE &&
	    order->amount > s->cash_per_day - today) {
		money_print_symbol(s->cash_per_day, &batch->rules.currency,
				   most);
		return order_refuse(order, ERR_LIMIT,
				    "At most %s can be deposited in a day.",
				    most);
	}
	return ERR_OK;
}

/* Members are bound by what they may do at once and in a day. */
static enum err post_cash(struct batch *batch, struct order *order,
			  struct entry *entry)
{
	if (order->by.authority != AUTHORITY_MEMBER)
		return judge_post(batch, order, entry, order->amount);
	return entry->kind == ENTRY_DEPOSIT
		       ? batch_post(batch, order, entry)
		       : judge_post_proved(batch, order, entry, order->amount);
}

enum err judge_deposit(struct batch *batch, struct order *order)
{
	const struct leg leg = { order->from, order->to, order->amount };
	const struct account *cash;
	const struct account *to;
	struct entry entry;
	enum err e = judge_account(batch, order, order->from, &cash);

	if (e == ERR_OK)
		e = check_cash(batch, order, cash);
	if (e == ERR_OK)
		e = judge_own_account(batch, order, order->to, &to);
	if (e == ERR_OK && to->kind == ACCOUNT_HOUSE)
		e = order_refuse(order, ERR_NOT_ALLOWED,
				 "That is an account of the house.");
	if (e == ERR_OK)
		e = judge_customer(order, to);
	if (e == ERR_OK)
		e = check_deposit_caps(batch, order, to);
	if (e == ERR_OK)
		e = begin(order, ENTRY_DEPOSIT, &leg, &entry);
	if (e == ERR_OK)
		e = add_fee(batch, order, FEE_DEPOSIT, order->to, &entry);
	return e == ERR_OK ? post_cash(batch, order, &entry) : e;
}

enum err judge_withdraw(struct batch *batch, struct order *order)
{
	const struct leg leg = { order->from, order->to, order->amount };
	const struct account *cash;
	const struct account *from;
	struct entry entry;
	enum err e = judge_own_account(batch, order, order->from, &from);

	if (e == ERR_OK && from->kind == ACCOUNT_HOUSE)
		e = order_refuse(order, ERR_NOT_ALLOWED,
				 "That is an account of the house.");
	if (e == ERR_OK)
		e = judge_customer(order, from);
	if (e == ERR_OK)
		e = judge_account(batch, order, order->to, &cash);
	if (e == ERR_OK)
		e = check_cash(batch, order, cash);
	if (e == ERR_OK)
		e = judge_stock(batch, order, cash);
	if (e == ERR_OK)
		e = begin(order, ENTRY_WITHDRAW, &leg, &entry);
	if (e == ERR_OK)
		e = add_fee(batch, order, FEE_WITHDRAW, order->from, &entry);
	return e == ERR_OK ? post_cash(batch, order, &entry) : e;
}

enum err judge_payment(struct batch *batch, struct order *order,
		       account_id from, account_id to, money amount,
		       uint64_t request)
{
	const struct account *payer;
	const struct account *receiver;
	struct entry entry;
	enum err e = judge_own_account(batch, order, from, &payer);

	if (e == ERR_OK)
		e = judge_account(batch, order, to, &receiver);
	if (e != ERR_OK)
		return e;
	if (receiver->id == payer->id || (receiver->kind == ACCOUNT_USER &&
					  receiver->owner == order->by.user))
		return order_refuse(order, ERR_SELF_PAYMENT,
				    "That account is yours: between your own, "
				    "money is transferred, not paid.");
	if (account_is_till(receiver) || account_is_till(payer))
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Cash moves by deposits and withdrawals.");
	e = begin(order, ENTRY_PAY, &(struct leg){ from, to, amount }, &entry);
	entry.request = request;
	if (e == ERR_OK)
		e = add_fee(batch, order, FEE_PAY, from, &entry);
	return e == ERR_OK ? judge_post_proved(batch, order, &entry, amount)
			   : e;
}

enum err judge_pay(struct batch *batch, struct order *order)
{
	return judge_payment(batch, order, order->from, order->to,
			     order->amount, 0);
}

/* What others share with the actor is not the actor's alone. */
static bool is_own(const struct account *account, user_id user)
{
	return account->kind == ACCOUNT_USER && account->owner == user;
}

enum err judge_transfer(struct batch *batch, struct order *order)
{
	const struct leg leg = { order->from, order->to, order->amount };
	const struct account *account;
	struct entry entry;
	enum err e = judge_own_account(batch, order, order->from, &account);

	if (e == ERR_OK)
		e = judge_own_account(batch, order, order->to, &account);
	if (e == ERR_OK)
		e = begin(order, ENTRY_TRANSFER, &leg, &entry);
	if (e != ERR_OK)
		return e;
	return is_own(account, order->by.user)
		       ? batch_post(batch, order, &entry)
		       : judge_post_proved(batch, order, &entry, order->amount);
}

static enum err house_account(struct batch *batch, struct order *order,
			      account_id id)
{
	const struct account *account;
	enum err e = judge_account(batch, order, id, &account);

	if (e == ERR_OK && account->kind != ACCOUNT_HOUSE)
		e = order_refuse(order, ERR_NOT_ALLOWED,
				 "That is not an account of the house.");
	return e;
}

enum err judge_interest(struct batch *batch, struct order *order)
{
	const struct leg leg = { order->from, order->to, order->amount };
	const struct account *account;
	struct entry entry;
	enum err e = house_account(batch, order, order->from);

	if (e == ERR_OK)
		e = judge_account(batch, order, order->to, &account);
	if (e == ERR_OK)
		e = begin(order, ENTRY_INTEREST, &leg, &entry);
	return e == ERR_OK ? batch_post(batch, order, &entry) : e;
}

enum err judge_opening(struct batch *batch, struct order *order)
{
	const struct account *account;
	struct entry entry = { .kind = ENTRY_OPENING };
	bool owes = order->amount < 0;
	enum err e = house_account(batch, order, order->from);

	if (e == ERR_OK)
		e = judge_account(batch, order, order->to, &account);
	if (e == ERR_OK && order->from == order->to)
		e = order_refuse(order, ERR_SELF_PAYMENT,
				 "Both are the same account.");
	if (e != ERR_OK)
		return e;
	memcpy(entry.memo, order->memo, sizeof(entry.memo));
	if (order->amount < -MONEY_MOST ||
	    !entry_add_leg(&entry, owes ? order->to : order->from,
			   owes ? order->from : order->to,
			   owes ? -order->amount : order->amount))
		return refuse_range(order);
	return batch_post(batch, order, &entry);
}

/*
 * Cash goes out of one's own till into another one: in the books the other
 * one is debited, as when somebody deposits.
 */
static enum err check_tills(struct batch *batch, struct order *order)
{
	const struct account *other;
	const struct account *own;
	enum err e = judge_account(batch, order, order->from, &other);

	if (e == ERR_OK)
		e = judge_cash(order, other);
	if (e == ERR_OK)
		e = judge_account(batch, order, order->to, &own);
	if (e == ERR_OK)
		e = judge_cash(order, own);
	if (e == ERR_OK)
		e = judge_teller(order, own);
	return e == ERR_OK ? judge_stock(batch, order, own) : e;
}

enum err judge_adjust(struct batch *batch, struct order *order)
{
	const struct leg leg = { order->from, order->to, order->amount };
	struct entry entry;
	enum err e = house_account(batch, order, order->from);

	if (e == ERR_OK)
		e = house_account(batch, order, order->to);
	if (e == ERR_OK && order->by.authority == AUTHORITY_TELLER)
		e = check_tills(batch, order);
	if (e == ERR_OK)
		e = begin(order, ENTRY_ADJUST, &leg, &entry);
	return e == ERR_OK ? judge_post(batch, order, &entry, order->amount)
			   : e;
}
