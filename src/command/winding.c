#include "command/winding.h"

#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/pending.h"
#include "base/clock.h"
#include "base/mem.h"

/* Orders of one group; an account has at most three times PENDING_MOST. */
enum { ORDERS_MOST = 2048 };

struct group {
	const struct winding *winding;
	struct order *orders; /* ORDERS_MOST of them */
	size_t count;
	bool is_cut; /* there is more */
};

bool winding_ends(const struct account *account)
{
	return account->kind == ACCOUNT_USER || account->holder_count == 1;
}

static void init_order(const struct winding *winding, enum order_kind kind,
		       const struct account *account, struct order *order_r)
{
	const struct actor *actor = &winding->task->actor;

	memset(order_r, 0, sizeof(*order_r));
	order_r->kind = kind;
	order_r->by.authority = AUTHORITY_ADMIN;
	order_r->by.user = actor->user;
	order_r->by.session = actor->session;
	(void)snprintf(order_r->by.name, sizeof(order_r->by.name), "%s",
		       actor->name);
	(void)snprintf(order_r->by.address, sizeof(order_r->by.address), "%s",
		       actor->address);
	(void)snprintf(order_r->reason, sizeof(order_r->reason),
		       "the user is removed");
	book_print_name(winding->task->realm->users, account, order_r->target);
}

void winding_order(const struct winding *winding, const struct account *account,
		   struct order *order_r)
{
	bool ends = winding_ends(account);

	init_order(winding, ends ? ORDER_CLOSE : ORDER_HOLDERS, account,
		   order_r);
	order_r->from = account->id;
	if (!ends)
		order_add_change(order_r, CHANGE_HOLDER_OUT,
				 (int64_t)winding->user->id);
}

static struct order *add(struct group *group)
{
	return &group->orders[group->count++];
}

static void add_reference(struct group *group, enum order_kind kind,
			  const struct account *account, uint64_t reference)
{
	struct order *order = add(group);

	init_order(group->winding, kind, account, order);
	order->reference = reference;
	if (kind == ORDER_RELEASE) {
		(void)snprintf(order->memo, sizeof(order->memo),
			       "%s is removed", group->winding->user->name);
		(void)snprintf(order->target, sizeof(order->target), "%s",
			       group->winding->user->name);
	}
}

/* Those that wait for the account, or that it has made. */
static enum err add_requests(struct group *group, const struct account *account,
			     bool is_payer)
{
	struct request *list = mem_array(PENDING_MOST, sizeof(*list));
	size_t count;
	enum err e = pending_requests(group->winding->task->realm->store,
				      account->id, is_payer, clock_wall_ms(),
				      list, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		add_reference(group, is_payer ? ORDER_DECLINE : ORDER_CANCEL,
			      account, list[i].number);
	group->is_cut |= count == PENDING_MOST;
	mem_free(list);
	return e;
}

static enum err add_holds(struct group *group, const struct account *account)
{
	struct hold *list = mem_array(PENDING_MOST, sizeof(*list));
	size_t count;
	enum err e =
		pending_holds(group->winding->task->realm->store, account->id,
			      false, clock_wall_ms(), list, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++)
		add_reference(group, ORDER_RELEASE, account, list[i].seq);
	group->is_cut |= count == PENDING_MOST;
	mem_free(list);
	return e;
}

static enum err add_account(struct group *group, const struct account *account)
{
	enum err e = ERR_OK;

	if (group->count + 3 * PENDING_MOST + 1 > ORDERS_MOST) {
		group->is_cut = true;
		return ERR_OK;
	}
	if (winding_ends(account)) {
		e = add_requests(group, account, true);
		if (e == ERR_OK)
			e = add_requests(group, account, false);
		if (e == ERR_OK)
			e = add_holds(group, account);
	}
	/* What is left of it is done before it is closed. */
	if (e == ERR_OK && !group->is_cut)
		winding_order(group->winding, account, add(group));
	return e;
}

/* Others go on meanwhile: what was listed may be another thing by now. */
static bool is_stale(enum err e)
{
	switch (e) {
	case ERR_REQUEST_CLOSED:
	case ERR_NO_SUCH_REQUEST:
	case ERR_HOLD_CLOSED:
	case ERR_NOT_EMPTY:
	case ERR_ACCOUNT_CLOSED:
	case ERR_NOT_FOUND:
	case ERR_NOT_ALLOWED:
		return true;
	default:
		return false;
	}
}

static enum err refuse(const struct group *group)
{
	struct refusal *why = &group->winding->task->why;

	for (size_t i = 0; i < group->count; i++) {
		const struct order *o = &group->orders[i];

		if (o->result == ERR_OK || o->result == ERR_AGAIN)
			continue;
		return refusal_give(why,
				    is_stale(o->result) ? ERR_AGAIN : o->result,
				    "%s: %s", o->target, o->words);
	}
	return ERR_AGAIN;
}

static enum err give(const struct group *group)
{
	const struct winding *winding = group->winding;
	struct realm *realm = winding->task->realm;
	enum err e;

	for (size_t i = 1; i < group->count; i++)
		group->orders[i - 1].together = &group->orders[i];
	e = ledger_run(realm->ledger, &group->orders[0]);
	if (e != ERR_OK)
		return refuse(group);
	for (size_t i = 0; e == ERR_OK && i < group->count; i++)
		if (group->orders[i].kind == ORDER_RELEASE)
			e = releases_add(winding->releases, realm,
					 &group->orders[i]);
	return e;
}

enum err winding_run(const struct winding *winding,
		     const struct account *accounts, size_t count)
{
	struct group group = { .winding = winding };
	enum err e = ERR_OK;

	group.orders = mem_array(ORDERS_MOST, sizeof(*group.orders));
	for (size_t i = 0; e == ERR_OK && i < count && !group.is_cut; i++)
		e = add_account(&group, &accounts[i]);
	if (e == ERR_OK && group.count > 0)
		e = give(&group);
	if (e == ERR_OK && group.is_cut)
		e = ERR_AGAIN;
	mem_free(group.orders);
	return e;
}
