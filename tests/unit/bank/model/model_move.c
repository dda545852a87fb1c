/* Orders that move money, and those that take it back. */
#include "model.h"

#include "base/mem.h"

bool model_needs_approval(const struct model *m, const struct order *order,
			  money amount)
{
	return m->settings.approval_above != MONEY_NONE && amount > 0 &&
	       amount > m->settings.approval_above &&
	       (order->approved_by == 0 ||
		order->approved_by == order->by.user);
}

enum err model_own(struct model *m, const struct order *order, account_id id,
		   struct model_account **account_r)
{
	*account_r = model_touch(m, id);
	if (*account_r == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	return order->by.authority == AUTHORITY_MEMBER &&
			       !model_is_of(*account_r, order->by.user)
		       ? ERR_NOT_ALLOWED
		       : ERR_OK;
}

/* Halves go up: amounts are above zero. */
static money fee_on(const struct fee *fee, money amount)
{
	if (fee->per_10000 == 0)
		return fee->fixed;
	return amount / 10000 * fee->per_10000 +
	       (amount % 10000 * fee->per_10000 + 5000) / 10000;
}

/* Of these a second person must approve, when they are large. */
static bool is_large_act(const struct order *order, enum entry_kind kind)
{
	bool is_cash = kind == ENTRY_DEPOSIT || kind == ENTRY_WITHDRAW;

	return kind == ENTRY_ADJUST ||
	       (is_cash && order->by.authority != AUTHORITY_MEMBER);
}

/* One leg, and the fee that the payer of it owes. */
static enum err move(struct model *m, const struct order *order,
		     enum entry_kind kind, account_id from, account_id to,
		     money amount, account_id payer, enum fee_kind fee_kind)
{
	struct model_draft draft = { .kind = kind };
	money fee;

	if (from == to)
		return ERR_SELF_PAYMENT;
	if (!model_leg(&draft, from, to, amount))
		return ERR_BAD_AMOUNT;
	fee = payer != 0 ? fee_on(&m->settings.fees[fee_kind], amount) : 0;
	if (fee > 0 && payer != m->fees &&
	    order->by.authority != AUTHORITY_BANK &&
	    !model_leg(&draft, payer, m->fees, fee))
		return ERR_BAD_AMOUNT;
	if (is_large_act(order, kind))
		draft.approve = amount;
	return model_post(m, order, &draft);
}

/* Without a teller: anybody's till, or a terminal's at that terminal. */
static enum err check_self(const struct model *m, const struct order *order,
			   const struct model_account *cash)
{
	bool is_right;

	if (order->by.is_at_terminal)
		is_right = m->settings.cash_policy != CASH_TELLER;
	else
		is_right = m->settings.cash_policy == CASH_SELF &&
			   cash->id == m->cash;
	return is_right ? ERR_OK : ERR_NOT_ALLOWED;
}

static enum err check_cash(struct model *m, const struct order *order,
			   const struct model_account *cash)
{
	if (!model_is_cash(cash))
		return ERR_NOT_ALLOWED;
	if (order->by.authority == AUTHORITY_MEMBER)
		return check_self(m, order, cash);
	if (order->by.authority == AUTHORITY_TELLER &&
	    (order->by.user == 0 || cash->till_user != order->by.user))
		return ERR_NOT_ALLOWED;
	return ERR_OK;
}

/* Tellers do not serve themselves. */
static bool is_teller_of(const struct order *order,
			 const struct model_account *account)
{
	return order->by.authority == AUTHORITY_TELLER &&
	       model_is_of(account, order->by.user);
}

/* More than is in the teller's till. */
static bool is_short(const struct order *order,
		     const struct model_account *till)
{
	money left = till->posted + order->amount;

	return order->by.authority == AUTHORITY_TELLER &&
	       (left > 0 || left < -MONEY_MOST);
}

enum err model_deposit(struct model *m, const struct order *order)
{
	const struct bank_settings *s = &m->settings;
	bool is_member = order->by.authority == AUTHORITY_MEMBER;
	struct model_account *cash = model_touch(m, order->from);
	struct model_account *to;
	money today;
	enum err e;

	if (cash == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	e = check_cash(m, order, cash);
	if (e == ERR_OK)
		e = model_own(m, order, order->to, &to);
	if (e != ERR_OK)
		return e;
	if (to->kind == ACCOUNT_HOUSE || is_teller_of(order, to))
		return ERR_NOT_ALLOWED;
	today = to->date == m->date ? to->day_deposited : 0;
	if (is_member && s->cash_per_deposit != MONEY_NONE &&
	    order->amount > s->cash_per_deposit)
		return ERR_LIMIT;
	if (is_member && s->cash_per_day != MONEY_NONE &&
	    order->amount > s->cash_per_day - today)
		return ERR_LIMIT;
	return move(m, order, ENTRY_DEPOSIT, order->from, order->to,
		    order->amount, order->to, FEE_DEPOSIT);
}

enum err model_withdraw(struct model *m, const struct order *order)
{
	struct model_account *from;
	struct model_account *cash;
	enum err e = model_own(m, order, order->from, &from);

	if (e != ERR_OK)
		return e;
	if (from->kind == ACCOUNT_HOUSE || is_teller_of(order, from))
		return ERR_NOT_ALLOWED;
	cash = model_touch(m, order->to);
	if (cash == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	e = check_cash(m, order, cash);
	if (e == ERR_OK && is_short(order, cash))
		return ERR_INSUFFICIENT_FUNDS;
	return e != ERR_OK
		       ? e
		       : move(m, order, ENTRY_WITHDRAW, order->from, order->to,
			      order->amount, order->from, FEE_WITHDRAW);
}

enum err model_payment(struct model *m, const struct order *order,
		       account_id from, account_id to, money amount)
{
	struct model_account *payer;
	struct model_account *receiver;
	enum err e = model_own(m, order, from, &payer);

	if (e != ERR_OK)
		return e;
	receiver = model_touch(m, to);
	if (receiver == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	if (from == to || (receiver->kind == ACCOUNT_USER &&
			   receiver->owner == order->by.user))
		return ERR_SELF_PAYMENT;
	if (model_is_cash(payer) || model_is_cash(receiver))
		return ERR_NOT_ALLOWED;
	return move(m, order, ENTRY_PAY, from, to, amount, from, FEE_PAY);
}

enum err model_pay(struct model *m, const struct order *order)
{
	return model_payment(m, order, order->from, order->to, order->amount);
}

enum err model_transfer(struct model *m, const struct order *order)
{
	struct model_account *a;
	enum err e = model_own(m, order, order->from, &a);

	if (e == ERR_OK)
		e = model_own(m, order, order->to, &a);
	return e != ERR_OK ? e
			   : move(m, order, ENTRY_TRANSFER, order->from,
				  order->to, order->amount, 0, FEE_PAY);
}

static enum err find_house(struct model *m, account_id id)
{
	struct model_account *a = model_touch(m, id);

	if (a == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	return a->kind == ACCOUNT_HOUSE ? ERR_OK : ERR_NOT_ALLOWED;
}

enum err model_interest(struct model *m, const struct order *order)
{
	enum err e = find_house(m, order->from);

	if (e != ERR_OK)
		return e;
	if (model_touch(m, order->to) == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	return move(m, order, ENTRY_INTEREST, order->from, order->to,
		    order->amount, 0, FEE_PAY);
}

enum err model_opening(struct model *m, const struct order *order)
{
	bool owes = order->amount < 0;
	enum err e = find_house(m, order->from);

	if (e == ERR_OK && model_touch(m, order->to) == NULL)
		e = ERR_NO_SUCH_ACCOUNT;
	if (e != ERR_OK)
		return e;
	return move(m, order, ENTRY_OPENING, owes ? order->to : order->from,
		    owes ? order->from : order->to,
		    owes ? -order->amount : order->amount, 0, FEE_PAY);
}

/* Out of the teller's own till into another one. */
static enum err check_tills(const struct model *m, const struct order *order)
{
	const struct model_account *other = model_account(m, order->from);
	const struct model_account *own = model_account(m, order->to);

	if (order->by.authority != AUTHORITY_TELLER)
		return ERR_OK;
	if (!model_is_cash(other) || !model_is_cash(own) ||
	    order->by.user == 0 || own->till_user != order->by.user)
		return ERR_NOT_ALLOWED;
	return is_short(order, own) ? ERR_INSUFFICIENT_FUNDS : ERR_OK;
}

enum err model_adjust(struct model *m, const struct order *order)
{
	enum err e = find_house(m, order->from);

	if (e == ERR_OK)
		e = find_house(m, order->to);
	if (e == ERR_OK)
		e = check_tills(m, order);
	if (e != ERR_OK)
		return e;
	return move(m, order, ENTRY_ADJUST, order->from, order->to,
		    order->amount, 0, FEE_PAY);
}

/* The entry the other way round, without all its legs for a refund. */
static enum err take_back(struct model *m, const struct order *order,
			  unsigned legs)
{
	struct model_draft draft = { .kind = ENTRY_REVERSE };
	const struct model_entry *original = &m->entries[order->reference - 1];
	enum err e;

	if (original->is_reversed)
		return ERR_EXISTS;
	for (unsigned i = legs; i > 0; i--)
		if (!model_leg(&draft, original->legs[i - 1].credit,
			       original->legs[i - 1].debit,
			       original->legs[i - 1].amount))
			return ERR_CORRUPT;
	if (order->by.authority != AUTHORITY_MEMBER)
		draft.approve = original->legs[0].amount;
	e = model_post(m, order, &draft);
	if (e == ERR_OK)
		m->entries[order->reference - 1].is_reversed = true;
	return e;
}

static bool is_cash_act(const struct model_entry *entry)
{
	return entry->kind == ENTRY_DEPOSIT || entry->kind == ENTRY_WITHDRAW;
}

/* The member side of a deposit or withdrawal, and the cash. */
static account_id side_of(const struct model_entry *entry, bool is_cash)
{
	return (entry->kind == ENTRY_DEPOSIT) == is_cash
		       ? entry->legs[0].debit
		       : entry->legs[0].credit;
}

static enum err check_payer(struct model *m, const struct order *order,
			    const struct model_entry *o)
{
	int64_t age_ms = m->now_ms - o->time_ms;

	if (order->by.user == 0 || o->actor != order->by.user)
		return ERR_NOT_ALLOWED;
	if (!is_cash_act(o) && o->kind != ENTRY_PAY &&
	    o->kind != ENTRY_TRANSFER)
		return ERR_NOT_ALLOWED;
	if (is_cash_act(o) &&
	    (!model_is_of(model_touch(m, side_of(o, false)), order->by.user) ||
	     check_self(m, order, model_touch(m, side_of(o, true))) != ERR_OK))
		return ERR_NOT_ALLOWED;
	return age_ms < 0 || age_ms > m->settings.undo_window_s * 1000
		       ? ERR_WINDOW_CLOSED
		       : ERR_OK;
}

static enum err check_teller(struct model *m, const struct order *order,
			     const struct model_entry *o)
{
	const struct model_account *till;

	if (!is_cash_act(o) || o->actor != order->by.user ||
	    order->by.user == 0)
		return ERR_NOT_ALLOWED;
	if (is_teller_of(order, model_touch(m, side_of(o, false))))
		return ERR_NOT_ALLOWED;
	till = model_touch(m, side_of(o, true));
	if (till->till_user != order->by.user ||
	    till->till_opened > order->reference)
		return ERR_WINDOW_CLOSED;
	return ERR_OK;
}

static enum err check_staff(const struct model_entry *o)
{
	switch (o->kind) {
	case ENTRY_DEPOSIT:
	case ENTRY_WITHDRAW:
	case ENTRY_PAY:
	case ENTRY_TRANSFER:
	case ENTRY_CAPTURE:
	case ENTRY_INTEREST:
	case ENTRY_OPENING:
	case ENTRY_ADJUST:
		return ERR_OK;
	default:
		return ERR_NOT_ALLOWED;
	}
}

/* Members see what they have done, and what is in their accounts. */
static bool concerns(struct model *m, const struct order *order,
		     const struct model_entry *o)
{
	user_id user = order->by.user;

	if (order->by.authority != AUTHORITY_MEMBER ||
	    (user != 0 && o->actor == user))
		return true;
	for (unsigned i = 0; i < o->leg_count; i++)
		if (model_is_of(model_touch(m, o->legs[i].debit), user) ||
		    model_is_of(model_touch(m, o->legs[i].credit), user))
			return true;
	return false;
}

enum err model_reverse(struct model *m, const struct order *order)
{
	struct model_entry o;
	enum err e;

	if (order->reference == 0 || order->reference > m->entry_count)
		return ERR_NOT_FOUND;
	o = m->entries[order->reference - 1];
	if (!concerns(m, order, &o))
		return ERR_NOT_FOUND;
	if (o.leg_count == 0)
		return ERR_NOT_ALLOWED;
	if (order->by.authority == AUTHORITY_MEMBER)
		e = check_payer(m, order, &o);
	else if (order->by.authority == AUTHORITY_TELLER)
		e = check_teller(m, order, &o);
	else
		e = check_staff(&o);
	return e == ERR_OK ? take_back(m, order, o.leg_count) : e;
}

enum err model_refund(struct model *m, const struct order *order)
{
	struct model_entry o;

	if (order->reference == 0 || order->reference > m->entry_count)
		return ERR_NOT_FOUND;
	o = m->entries[order->reference - 1];
	if (!concerns(m, order, &o))
		return ERR_NOT_FOUND;
	if (o.leg_count == 0 ||
	    !model_is_of(model_touch(m, o.legs[0].credit), order->by.user))
		return ERR_NOT_ALLOWED;
	if (o.kind != ENTRY_PAY && o.kind != ENTRY_CAPTURE)
		return ERR_NOT_ALLOWED;
	return take_back(m, order, 1);
}
