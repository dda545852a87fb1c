/* Orders that open accounts, say what they may do, and close them. */
#include <string.h>

#include "bank/account_name.h"
#include "bank/judge/judge.h"
#include "base/mem.h"

enum { RATE_MOST = 1000 }; /* tenths of a percent a year */

static void begin(const struct order *order, enum entry_kind kind,
		  struct entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->kind = kind;
	entry->subject = order->from;
	memcpy(entry->memo, order->memo, sizeof(entry->memo));
	memcpy(entry->changes, order->changes, sizeof(entry->changes));
	entry->change_count = order->change_count;
}

static enum err post(struct batch *batch, struct order *order,
		     struct entry *entry)
{
	return entry_touch(entry, order->from) ? batch_post(batch, order, entry)
					       : ERR_CORRUPT;
}

/* What the account will be, once it is open. */
static bool imagine(const struct order *order, struct account *account_r)
{
	struct account_month ended;
	struct entry entry;

	begin(order, ENTRY_OPEN, &entry);
	memset(account_r, 0, sizeof(*account_r));
	entry.seq = 1;
	entry.subject = 1;
	memcpy(entry.name, order->name, sizeof(entry.name));
	return strlen(order->name) < ACCOUNT_NAME &&
	       account_apply(account_r, &entry, &ended);
}

static enum err check_terms(struct order *order)
{
	for (unsigned i = 0; i < order->change_count; i++) {
		const struct change *c = &order->changes[i];
		bool is_special =
			c->value == MONEY_NONE || c->value == TERM_DEFAULT;

		if (c->tag > CHANGE_NOTICE || is_special)
			continue;
		if (c->value > MONEY_MOST || c->value < -MONEY_MOST)
			return order_refuse(order, ERR_BAD_AMOUNT,
					    "That is more than any account "
					    "can hold.");
		if (c->tag == CHANGE_RATE &&
		    (c->value < 0 || c->value > RATE_MOST))
			return order_refuse(order, ERR_BAD_AMOUNT,
					    "A rate is from 0 to 100 %% a "
					    "year.");
	}
	return ERR_OK;
}

/* What only those who keep the bank may set. */
static enum err check_setter(struct order *order)
{
	for (unsigned i = 0; i < order->change_count; i++)
		if (order->by.authority == AUTHORITY_MEMBER &&
		    order->changes[i].tag < CHANGE_NOTICE)
			return order_refuse(order, ERR_NOT_ALLOWED,
					    "Only administrators set limits.");
	return ERR_OK;
}

/* Nobody twice. */
static enum err check_first_holders(struct order *order,
				    const struct account *account)
{
	for (unsigned i = 0; i < account->holder_count; i++) {
		if (account->holders[i] == 0)
			return ERR_CORRUPT;
		for (unsigned j = 0; j < i; j++)
			if (account->holders[j] == account->holders[i])
				return order_refuse(order, ERR_EXISTS,
						    "Somebody is named "
						    "twice.");
	}
	return ERR_OK;
}

/* Nobody shall be buried under accounts that others have opened. */
static enum err check_guest(struct batch *batch, struct order *order,
			    user_id holder)
{
	size_t count;
	enum err e;

	if (order->by.authority != AUTHORITY_MEMBER || holder == order->by.user)
		return ERR_OK;
	e = account_name_count(batch->txn, batch->tables->names, holder,
			       &count);
	if (e == ERR_OK && count >= HOLDINGS_MOST)
		e = order_refuse(order, ERR_LIMIT,
				 "Somebody of them has too many accounts "
				 "already.");
	return e;
}

/* What is opened for somebody who goes would be nobody's. */
static enum err check_leaver(struct batch *batch, struct order *order,
			     user_id user)
{
	return departures_has(batch->ledger->departures, user)
		       ? order_refuse(order, ERR_NO_SUCH_USER,
				      "That user is being removed.")
		       : ERR_OK;
}

static enum err check_departures(struct batch *batch, struct order *order,
				 const struct account *account)
{
	enum err e = check_leaver(batch, order, account->owner);

	for (unsigned i = 0; e == ERR_OK && i < account->holder_count; i++)
		e = check_leaver(batch, order, account->holders[i]);
	return e;
}

/* What others have made somebody a holder of is in nobody's way. */
static enum err count_before(struct batch *batch, const struct order *order,
			     const struct account *account, size_t *count_r)
{
	struct store_table *names = batch->tables->names;

	return account->kind == ACCOUNT_USER
		       ? account_name_count_own(batch->txn, names,
						order->by.user, count_r)
		       : account_name_count(batch->txn, names, order->by.user,
					    count_r);
}

/* Members open accounts of their own only, and so many. */
static enum err check_opener(struct batch *batch, struct order *order,
			     const struct account *account)
{
	size_t count;
	enum err e = check_first_holders(order, account);

	if (e == ERR_OK)
		e = check_setter(order);
	if (e != ERR_OK || order->by.authority != AUTHORITY_MEMBER)
		return e;
	if (!account_is_of(account, order->by.user))
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "You can open accounts for yourself "
				    "only.");
	e = count_before(batch, order, account, &count);
	if (e == ERR_OK && count >= ACCOUNTS_PER_USER)
		e = order_refuse(order, ERR_LIMIT,
				 "You have %zu accounts; more are not "
				 "opened.",
				 count);
	for (unsigned i = 0; e == ERR_OK && i < account->holder_count; i++)
		e = check_guest(batch, order, account->holders[i]);
	return e;
}

enum err judge_open(struct batch *batch, struct order *order)
{
	struct account account;
	struct entry entry;
	enum err e;

	if (!imagine(order, &account) || !account_name_is_valid(&account))
		return order_refuse(order, ERR_BAD_NAME,
				    "An account's name is a letter, then "
				    "letters, digits, - or _.");
	e = check_terms(order);
	if (e == ERR_OK)
		e = check_departures(batch, order, &account);
	if (e == ERR_OK)
		e = check_opener(batch, order, &account);
	if (e == ERR_OK)
		e = account_name_check(batch->txn, batch->tables->names,
				       &account);
	if (e == ERR_EXISTS)
		return order_refuse(order, e,
				    "There is an account of that name.");
	if (e != ERR_OK)
		return e;
	begin(order, ENTRY_OPEN, &entry);
	entry.subject = 0;
	memcpy(entry.name, order->name, sizeof(entry.name));
	e = batch_post(batch, order, &entry);
	account.id = order->entry.seq;
	return e == ERR_OK ? account_name_put(batch->txn, batch->tables->names,
					      &account)
			   : e;
}

/* How much money a term may come to for whoever has the account. */
static money worth(const struct change *c)
{
	if (c->value == TERM_DEFAULT)
		return 0;
	if (c->tag == CHANGE_FLOOR)
		return c->value == MONEY_NONE ? MONEY_MOST : -c->value;
	/* Interest has no end. */
	return c->tag == CHANGE_RATE && c->value > 0 ? MONEY_MOST : 0;
}

/* Who gives credit or interest gives money: it needs a second person, too. */
static enum err check_credit(const struct batch *batch, struct order *order)
{
	enum err e = ERR_OK;

	if (order->by.authority == AUTHORITY_BANK)
		return ERR_OK;
	/* The last of them holds: so each is looked at. */
	for (unsigned i = 0; e == ERR_OK && i < order->change_count; i++)
		e = judge_approval(batch, order, worth(&order->changes[i]));
	return e;
}

enum err judge_terms(struct batch *batch, struct order *order)
{
	const struct account *account;
	struct entry entry;
	enum err e = judge_own_account(batch, order, order->from, &account);

	for (unsigned i = 0; e == ERR_OK && i < order->change_count; i++)
		if (order->changes[i].tag > CHANGE_NOTICE)
			e = ERR_CORRUPT;
	if (e == ERR_OK)
		e = check_setter(order);
	if (e == ERR_OK)
		e = check_terms(order);
	if (e == ERR_OK)
		e = check_credit(batch, order);
	if (e != ERR_OK)
		return e;
	begin(order, ENTRY_TERMS, &entry);
	return post(batch, order, &entry);
}

enum err judge_freeze(struct batch *batch, struct order *order)
{
	const struct account *account;
	struct entry entry;
	enum err e = judge_account(batch, order, order->from, &account);

	if (e != ERR_OK)
		return e;
	if (order->change_count != 1 || order->changes[0].tag != CHANGE_FLAGS ||
	    (order->changes[0].value &
	     ~(int64_t)(ACCOUNT_FROZEN_IN | ACCOUNT_FROZEN_OUT)) != 0)
		return ERR_CORRUPT;
	if (account->flags == (unsigned)order->changes[0].value)
		return order_refuse(order, ERR_EXISTS,
				    "It is like that already.");
	begin(order, ENTRY_FREEZE, &entry);
	return post(batch, order, &entry);
}

static enum err check_empty(struct batch *batch, struct order *order,
			    const struct account *account)
{
	char posted[MONEY_TEXT];
	char held[MONEY_TEXT];

	if (account->posted == 0 && account->held == 0)
		return ERR_OK;
	money_print_symbol(account->posted, &batch->rules.currency, posted);
	money_print_symbol(account->held, &batch->rules.currency, held);
	return order_refuse(order, ERR_NOT_EMPTY,
			    "There is %s in it, and %s held; it must be empty.",
			    posted, held);
}

/* The bank does not work without them. */
static bool is_needed(const struct ledger *ledger, account_id id)
{
	return id == ledger->cash || id == ledger->fees ||
	       id == ledger->income || id == ledger->over_short ||
	       id == ledger->opening;
}

/* What is held for it, unless its time has come. */
static enum err check_incoming(struct batch *batch, struct order *order,
			       const struct account *account)
{
	uint64_t hold;
	size_t count;
	enum err e = judge_overdue(batch, account->id);

	if (e == ERR_OK)
		e = hold_list(batch->txn, &batch->tables->holds, account->id,
			      false, INT64_MAX, &hold, 1, &count);
	if (e == ERR_OK && count > 0)
		e = order_refuse(order, ERR_NOT_EMPTY,
				 "Money is held for it: see hold #%llu.",
				 (unsigned long long)hold);
	return e;
}

/* Else another one in its place would take as much again on the same day. */
static enum err check_deposited(const struct batch *batch, struct order *order,
				const struct account *account)
{
	if (order->by.authority != AUTHORITY_MEMBER ||
	    batch->settings.cash_per_day == MONEY_NONE ||
	    account->date != batch->date || account->day_deposited == 0)
		return ERR_OK;
	return order_refuse(order, ERR_LIMIT,
			    "Cash has come into it today; close it tomorrow.");
}

static enum err check_closing(struct batch *batch, struct order *order,
			      const struct account *account)
{
	enum err e = check_empty(batch, order, account);

	if (e != ERR_OK)
		return e;
	if (is_needed(batch->ledger, account->id))
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "The bank needs that account.");
	if (account->till_user != 0)
		return order_refuse(order, ERR_NOT_EMPTY, "The till is open.");
	if (order->by.authority == AUTHORITY_MEMBER &&
	    account->kind == ACCOUNT_USER && account->name[0] == '\0')
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Your main account stays open.");
	/* Else another one of the same name would take its place. */
	if (order->by.authority == AUTHORITY_MEMBER &&
	    (account->flags & ~(unsigned)ACCOUNT_CLOSED) != 0)
		return order_refuse(order, ERR_FROZEN,
				    "The account is frozen. Ask an "
				    "administrator.");
	e = check_deposited(batch, order, account);
	return e == ERR_OK ? check_incoming(batch, order, account) : e;
}

enum err judge_close(struct batch *batch, struct order *order)
{
	const struct account *account;
	struct tiding tiding = { 0 };
	struct account closed;
	struct entry entry;
	enum err e = judge_own_account(batch, order, order->from, &account);

	if (e == ERR_OK)
		e = check_closing(batch, order, account);
	if (e != ERR_OK)
		return e;
	closed = *account;
	tiding.account = closed.id;
	begin(order, ENTRY_CLOSE, &entry);
	entry.change_count = 0;
	entry_add_change(&entry, CHANGE_FLAGS, closed.flags | ACCOUNT_CLOSED);
	e = post(batch, order, &entry);
	if (e == ERR_OK)
		e = account_name_delete(batch->txn, batch->tables->names,
					&closed);
	tiding_of_order(order, &tiding.name);
	return e == ERR_OK ? judge_tell_people(batch, order, &tiding, closed.id)
			   : e;
}

static bool is_holder_change(const struct change *change)
{
	return (change->tag == CHANGE_HOLDER_IN ||
		change->tag == CHANGE_HOLDER_OUT) &&
	       change->value != 0;
}

static enum err check_holders(struct order *order,
			      const struct account *account)
{
	const struct change *c = &order->changes[0];
	bool is_holder = account_is_of(account, (user_id)c->value);

	if (account->kind != ACCOUNT_SHARED)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "Only shared accounts have holders.");
	if (c->tag == CHANGE_HOLDER_IN && is_holder)
		return order_refuse(order, ERR_EXISTS,
				    "The account is that person's already.");
	if (c->tag == CHANGE_HOLDER_IN && account->holder_count == HOLDERS_MOST)
		return order_refuse(order, ERR_LIMIT,
				    "An account has at most %d holders.",
				    HOLDERS_MOST);
	if (c->tag == CHANGE_HOLDER_OUT && !is_holder)
		return order_refuse(order, ERR_NOT_FOUND,
				    "That person is no holder of it.");
	if (c->tag == CHANGE_HOLDER_OUT && account->holder_count == 1)
		return order_refuse(order, ERR_NOT_ALLOWED,
				    "The last holder closes the account.");
	return ERR_OK;
}

enum err judge_holders(struct batch *batch, struct order *order)
{
	const struct account *account;
	struct tiding tiding = { .account = order->from };
	struct account before;
	struct entry entry;
	enum err e = judge_own_account(batch, order, order->from, &account);

	if (e == ERR_OK &&
	    (order->change_count != 1 || !is_holder_change(&order->changes[0])))
		e = ERR_CORRUPT;
	if (e == ERR_OK)
		e = check_holders(order, account);
	if (e == ERR_OK && order->changes[0].tag == CHANGE_HOLDER_IN)
		e = check_leaver(batch, order,
				 (user_id)order->changes[0].value);
	if (e == ERR_OK && order->changes[0].tag == CHANGE_HOLDER_IN)
		e = check_guest(batch, order, (user_id)order->changes[0].value);
	if (e != ERR_OK)
		return e;
	before = *account;
	begin(order, ENTRY_HOLDERS, &entry);
	e = post(batch, order, &entry);
	if (e == ERR_OK)
		e = account_name_share(batch->txn, batch->tables->names,
				       &before, &order->changes[0]);
	tiding_of_order(order, &tiding.name);
	if (e == ERR_OK && tiding.name.kind != TIDING_NONE)
		e = judge_tell(batch, order, &tiding,
			       (user_id)order->changes[0].value);
	return e;
}
