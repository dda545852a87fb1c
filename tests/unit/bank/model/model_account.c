/* Orders that open accounts, shape and close them. */
#include "model.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

enum { MOST_OF_USER = 20, MOST_HOLDERS = 16 };

static bool is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char others[] = "0123456789-_";
	size_t len = strlen(name);

	if (len == 0 || len > 32 || strchr(letters, name[0]) == NULL)
		return false;
	for (size_t i = 0; i < len; i++)
		if (strchr(letters, name[i]) == NULL &&
		    strchr(others, name[i]) == NULL)
			return false;
	return true;
}

static bool is_nameable(const struct model_account *a, const char *name)
{
	if (strlen(name) > 32)
		return false;
	switch (a->kind) {
	case ACCOUNT_USER:
		return a->owner != 0 && a->holder_count == 0 &&
		       (name[0] == '\0' || is_name(name));
	case ACCOUNT_SHARED:
		return a->owner == 0 && a->holder_count > 0 && is_name(name);
	case ACCOUNT_HOUSE:
		return a->owner == 0 && a->holder_count == 0 &&
		       is_name(strncmp(name, "cash:", 5) == 0 ? name + 5
							      : name);
	}
	return false;
}

static enum err check_terms(const struct order *order)
{
	for (unsigned i = 0; i < order->change_count; i++) {
		const struct change *c = &order->changes[i];

		if (c->tag > CHANGE_NOTICE || c->value == MONEY_NONE ||
		    c->value == TERM_DEFAULT)
			continue;
		if (c->value > MONEY_MOST || c->value < -MONEY_MOST)
			return ERR_BAD_AMOUNT;
		if (c->tag == CHANGE_RATE && (c->value < 0 || c->value > 1000))
			return ERR_BAD_AMOUNT;
	}
	return ERR_OK;
}

/* Limits are not set by members. */
static bool sets_limits(const struct order *order)
{
	for (unsigned i = 0; i < order->change_count; i++)
		if (order->by.authority == AUTHORITY_MEMBER &&
		    order->changes[i].tag < CHANGE_NOTICE)
			return true;
	return false;
}

static unsigned count_of(const struct model *m, user_id user)
{
	unsigned count = 0;

	for (size_t i = 0; i < m->account_count; i++)
		count += (m->accounts[i].flags & ACCOUNT_CLOSED) == 0 &&
			 model_is_of(&m->accounts[i], user);
	return count;
}

/* Who opens a label is not hindered by shared ones. */
static bool has_enough(const struct model *m, const struct order *order,
		       const struct model_account *wanted)
{
	unsigned count = count_of(m, order->by.user);

	for (size_t i = 0; i < m->account_count; i++)
		count -= wanted->kind == ACCOUNT_USER &&
			 m->accounts[i].kind == ACCOUNT_SHARED &&
			 (m->accounts[i].flags & ACCOUNT_CLOSED) == 0 &&
			 model_is_of(&m->accounts[i], order->by.user);
	return count >= MOST_OF_USER;
}

static bool is_buried(const struct model *m, const struct order *order,
		      user_id holder)
{
	return order->by.authority == AUTHORITY_MEMBER &&
	       holder != order->by.user &&
	       count_of(m, holder) >= 2 * MOST_OF_USER;
}

static bool is_taken(const struct model *m, const struct model_account *wanted,
		     const char *name)
{
	for (size_t i = 0; i < m->account_count; i++) {
		const struct model_account *a = &m->accounts[i];

		if ((a->flags & ACCOUNT_CLOSED) == 0 &&
		    a->kind == wanted->kind && a->owner == wanted->owner &&
		    strcasecmp(a->name, name) == 0)
			return true;
	}
	return false;
}

static void imagine(const struct order *order, struct model_account *a)
{
	memset(a, 0, sizeof(*a));
	for (unsigned i = 0; i < order->change_count; i++) {
		const struct change *c = &order->changes[i];

		if (c->tag == CHANGE_KIND)
			a->kind = (enum account_kind)c->value;
		if (c->tag == CHANGE_OWNER)
			a->owner = (user_id)c->value;
		if (c->tag == CHANGE_HOLDER_IN)
			a->holders[a->holder_count++] = (user_id)c->value;
	}
}

static bool names_twice(const struct model_account *a)
{
	for (unsigned i = 0; i < a->holder_count; i++)
		for (unsigned j = 0; j < i; j++)
			if (a->holders[i] == a->holders[j])
				return true;
	return false;
}

enum err model_open(struct model *m, const struct order *order)
{
	bool is_member = order->by.authority == AUTHORITY_MEMBER;
	struct model_draft draft = { .kind = ENTRY_OPEN,
				     .changes = order->changes,
				     .change_count = order->change_count };
	struct model_account wanted;
	struct model_account *a;

	imagine(order, &wanted);
	if (!is_nameable(&wanted, order->name))
		return ERR_BAD_NAME;
	if (check_terms(order) != ERR_OK)
		return ERR_BAD_AMOUNT;
	if (names_twice(&wanted))
		return ERR_EXISTS;
	if (sets_limits(order))
		return ERR_NOT_ALLOWED;
	if (is_member && !model_is_of(&wanted, order->by.user))
		return ERR_NOT_ALLOWED;
	if (is_member && has_enough(m, order, &wanted))
		return ERR_LIMIT;
	for (unsigned i = 0; is_member && i < wanted.holder_count; i++)
		if (is_buried(m, order, wanted.holders[i]))
			return ERR_LIMIT;
	if (is_taken(m, &wanted, order->name))
		return ERR_EXISTS;
	if (model_post(m, order, &draft) != ERR_OK)
		assert(false);
	a = &m->accounts[m->account_count - 1];
	memcpy(a->name, order->name, strlen(order->name) + 1);
	return ERR_OK;
}

/* An entry about the account, with the order's changes. */
static enum err post(struct model *m, const struct order *order,
		     enum entry_kind kind)
{
	struct model_draft draft = { .kind = kind,
				     .subject = order->from,
				     .changes = order->changes,
				     .change_count = order->change_count };

	model_side(&draft, order->from);
	return model_post(m, order, &draft);
}

/* A floor so deep that a second person must agree, or any interest. */
static bool is_credit(const struct model *m, const struct order *order,
		      const struct change *c)
{
	if (c->tag == CHANGE_RATE && c->value > 0)
		return order->by.authority != AUTHORITY_BANK &&
		       model_needs_approval(m, order, MONEY_MOST);
	return c->tag == CHANGE_FLOOR && c->value != TERM_DEFAULT &&
	       order->by.authority != AUTHORITY_BANK &&
	       model_needs_approval(m, order,
				    c->value == MONEY_NONE ? MONEY_MOST
							   : -c->value);
}

enum err model_terms(struct model *m, const struct order *order)
{
	struct model_account *a;
	enum err e = model_own(m, order, order->from, &a);

	if (e != ERR_OK)
		return e;
	if (sets_limits(order))
		return ERR_NOT_ALLOWED;
	if (check_terms(order) != ERR_OK)
		return ERR_BAD_AMOUNT;
	for (unsigned i = 0; i < order->change_count; i++)
		if (is_credit(m, order, &order->changes[i]))
			return ERR_APPROVAL_NEEDED;
	return post(m, order, ENTRY_TERMS);
}

enum err model_freeze(struct model *m, const struct order *order)
{
	struct model_account *a = model_touch(m, order->from);

	if (a == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	if (a->flags == (unsigned)order->changes[0].value)
		return ERR_EXISTS;
	return post(m, order, ENTRY_FREEZE);
}

static bool is_held_for(const struct model *m, account_id id)
{
	for (size_t i = 0; i < m->open_hold_count; i++)
		if (m->holds[m->open_holds[i]].to == id)
			return true;
	return false;
}

enum err model_close(struct model *m, const struct order *order)
{
	struct model_account *a;
	enum err e = model_own(m, order, order->from, &a);
	struct model_draft draft = { .kind = ENTRY_CLOSE,
				     .subject = order->from,
				     .change_count = 1 };
	struct change change = { CHANGE_FLAGS, ACCOUNT_CLOSED };

	if (e != ERR_OK)
		return e;
	if (a->posted != 0 || a->held != 0)
		return ERR_NOT_EMPTY;
	if (a->id == m->cash || a->id == m->fees || a->id == m->income ||
	    a->id == m->over_short || a->id == m->opening)
		return ERR_NOT_ALLOWED;
	if (a->till_user != 0)
		return ERR_NOT_EMPTY;
	if (order->by.authority == AUTHORITY_MEMBER &&
	    a->kind == ACCOUNT_USER && a->name[0] == '\0')
		return ERR_NOT_ALLOWED;
	if (order->by.authority == AUTHORITY_MEMBER &&
	    (a->flags & ~(unsigned)ACCOUNT_CLOSED) != 0)
		return ERR_FROZEN;
	if (order->by.authority == AUTHORITY_MEMBER &&
	    m->settings.cash_per_day != MONEY_NONE && a->date == m->date &&
	    a->day_deposited != 0)
		return ERR_LIMIT;
	model_end_incoming(m, a->id);
	if (is_held_for(m, a->id))
		return ERR_NOT_EMPTY;
	change.value |= a->flags;
	draft.changes = &change;
	model_side(&draft, a->id);
	return model_post(m, order, &draft);
}

enum err model_holders(struct model *m, const struct order *order)
{
	const struct change *c = &order->changes[0];
	struct model_account *a;
	enum err e = model_own(m, order, order->from, &a);
	bool is_in = c->tag == CHANGE_HOLDER_IN;
	bool is_holder;

	if (e != ERR_OK)
		return e;
	is_holder = model_is_of(a, (user_id)c->value);
	if (a->kind != ACCOUNT_SHARED)
		return ERR_NOT_ALLOWED;
	if (is_in && is_holder)
		return ERR_EXISTS;
	if (is_in && a->holder_count == MOST_HOLDERS)
		return ERR_LIMIT;
	if (!is_in && !is_holder)
		return ERR_NOT_FOUND;
	if (!is_in && a->holder_count == 1)
		return ERR_NOT_ALLOWED;
	if (is_in && is_buried(m, order, (user_id)c->value))
		return ERR_LIMIT;
	return post(m, order, ENTRY_HOLDERS);
}

static bool has_till(const struct model *m, user_id user)
{
	for (size_t i = 0; i < m->account_count; i++)
		if (model_is_cash(&m->accounts[i]) &&
		    (m->accounts[i].flags & ACCOUNT_CLOSED) == 0 &&
		    m->accounts[i].till_user == user)
			return true;
	return false;
}

static enum err check_till(const struct model *m, const struct order *order,
			   const struct model_account *a)
{
	user_id user = (user_id)order->changes[0].value;
	bool is_teller = order->by.authority == AUTHORITY_TELLER;

	if (a == NULL)
		return ERR_NO_SUCH_ACCOUNT;
	if (!model_is_cash(a))
		return ERR_NOT_ALLOWED;
	if (user == 0 && a->till_user == 0)
		return ERR_NOT_FOUND;
	if (user == 0)
		return is_teller && a->till_user != order->by.user
			       ? ERR_NOT_ALLOWED
			       : ERR_OK;
	if (a->till_user != 0)
		return ERR_EXISTS;
	if (is_teller && user != order->by.user)
		return ERR_NOT_ALLOWED;
	return is_teller && has_till(m, user) ? ERR_EXISTS : ERR_OK;
}

enum err model_till(struct model *m, const struct order *order)
{
	struct model_account *a = model_touch(m, order->from);
	struct model_draft draft = { .kind = ENTRY_TILL,
				     .subject = order->from,
				     .amount = order->amount,
				     .changes = order->changes,
				     .change_count = 1 };
	enum err e = check_till(m, order, a);
	money over;

	if (e != ERR_OK)
		return e;
	over = order->amount + a->posted;
	if (over > MONEY_MOST || over < -MONEY_MOST)
		return ERR_BAD_AMOUNT;
	if (over > 0 && !model_leg(&draft, a->id, m->over_short, over))
		assert(false);
	if (over < 0 && !model_leg(&draft, m->over_short, a->id, -over))
		assert(false);
	model_side(&draft, a->id);
	return model_post(m, order, &draft);
}
