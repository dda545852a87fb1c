#include "command/estate.h"

#include <stdio.h>
#include <string.h>

#include "bank/approval.h"
#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/pending.h"
#include "bank/schedule/low.h"
#include "bank/schedule/standing.h"
#include "base/clock.h"
#include "base/mem.h"
#include "log/log.h"

/* A user may be a holder of more accounts than are listed at once. */
enum { ROUNDS = 100 };

struct estate {
	struct task *task;
	struct realm *realm;
	user_id user;
	struct account *accounts;
	size_t count;
};

static void estate_init(struct estate *estate, struct task *task, user_id user)
{
	memset(estate, 0, sizeof(*estate));
	estate->task = task;
	estate->realm = task->realm;
	estate->user = user;
}

static enum err list(struct estate *estate)
{
	mem_free(estate->accounts);
	estate->accounts = NULL;
	return book_accounts_of(estate->realm->store, estate->user,
				&estate->accounts, &estate->count);
}

static void estate_fini(struct estate *estate)
{
	mem_free(estate->accounts);
}

/* It is nobody else's. */
static bool ends(const struct account *account)
{
	return account->kind == ACCOUNT_USER || account->holder_count == 1;
}

static enum err refuse_money(const struct estate *estate,
			     const struct account *account)
{
	struct bank_settings settings;
	char name[BOOK_NAME];
	char posted[MONEY_TEXT];
	char held[MONEY_TEXT];

	ledger_settings(estate->realm->ledger, &settings);
	book_print_name(estate->realm->users, account, name);
	money_print_symbol(account->posted, &settings.currency, posted);
	money_print_symbol(account->held, &settings.currency, held);
	return refusal_give(&estate->task->why, ERR_NOT_EMPTY,
			    "There is %s in the account %s, and %s held: it "
			    "must be empty first.",
			    posted, name, held);
}

static enum err refuse_till(const struct estate *estate,
			    const struct account *till)
{
	return refusal_give(&estate->task->why, ERR_NOT_EMPTY,
			    "That user has the till %s open: it must be "
			    "counted and closed first.",
			    till->name);
}

static enum err check(const struct estate *estate)
{
	struct account till;
	enum err e = book_till_of(estate->realm->store, estate->user, &till);

	if (e == ERR_OK)
		return refuse_till(estate, &till);
	if (e != ERR_NOT_FOUND)
		return e;
	for (size_t i = 0; i < estate->count; i++) {
		const struct account *a = &estate->accounts[i];

		if (ends(a) && (a->posted != 0 || a->held != 0))
			return refuse_money(estate, a);
	}
	return ERR_OK;
}

static void init_order(const struct estate *estate, enum order_kind kind,
		       struct order *order_r)
{
	const struct actor *actor = &estate->task->actor;

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
}

/* Those that wait for the account, or that it has made. */
static enum err call_off(const struct estate *estate,
			 const struct account *account, bool is_payer)
{
	struct request *requests = mem_array(PENDING_MOST, sizeof(*requests));
	size_t count;
	enum err e =
		pending_requests(estate->realm->store, account->id, is_payer,
				 clock_wall_ms(), requests, &count);

	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		struct order order;

		init_order(estate, is_payer ? ORDER_DECLINE : ORDER_CANCEL,
			   &order);
		order.reference = requests[i].number;
		book_print_name(estate->realm->users, account, order.target);
		e = ledger_run(estate->realm->ledger, &order);
		/* Somebody else has closed it just now. */
		if (e == ERR_REQUEST_CLOSED || e == ERR_NO_SUCH_REQUEST)
			e = ERR_OK;
	}
	mem_free(requests);
	return e;
}

static enum err call_all_off(const struct estate *estate)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < estate->count; i++) {
		const struct account *a = &estate->accounts[i];

		if (!ends(a))
			continue;
		e = call_off(estate, a, true);
		if (e == ERR_OK)
			e = call_off(estate, a, false);
	}
	return e;
}

/* What becomes of one account. */
static void make_order(const struct estate *estate,
		       const struct account *account, struct order *order_r)
{
	init_order(estate, ends(account) ? ORDER_CLOSE : ORDER_HOLDERS,
		   order_r);
	order_r->from = account->id;
	if (!ends(account))
		order_add_change(order_r, CHANGE_HOLDER_OUT,
				 (int64_t)estate->user);
	book_print_name(estate->realm->users, account, order_r->target);
}

/* All of them, or none. */
static enum err close_all(const struct estate *estate)
{
	struct order *orders = mem_array(estate->count, sizeof(*orders));
	enum err e = ERR_OK;

	for (size_t i = 0; i < estate->count; i++) {
		make_order(estate, &estate->accounts[i], &orders[i]);
		if (i > 0)
			orders[i - 1].together = &orders[i];
	}
	(void)ledger_run(estate->realm->ledger, &orders[0]);
	for (size_t i = 0; i < estate->count; i++) {
		struct order *o = &orders[i];

		if (o->result == ERR_OK || o->result == ERR_AGAIN)
			continue;
		e = refusal_give(&estate->task->why, o->result, "%s: %s",
				 o->target, o->words);
	}
	mem_free(orders);
	return e;
}

enum err estate_close(struct task *task, user_id user)
{
	struct estate estate;
	enum err e;

	estate_init(&estate, task, user);
	e = list(&estate);
	for (int i = 0; e == ERR_OK && estate.count > 0 && i < ROUNDS; i++) {
		e = check(&estate);
		if (e == ERR_OK)
			e = call_all_off(&estate);
		if (e == ERR_OK)
			e = close_all(&estate);
		if (e == ERR_OK)
			e = list(&estate);
	}
	estate_fini(&estate);
	return e;
}

/* The user's sessions have gone on until just now. */
static enum err sweep(struct estate *estate)
{
	enum err e = list(estate);

	for (size_t i = 0; e == ERR_OK && i < estate->count; i++) {
		const struct account *a = &estate->accounts[i];
		struct order order;

		make_order(estate, a, &order);
		if (ledger_run(estate->realm->ledger, &order) != ERR_OK)
			log_warning("bank",
				    "account=%llu is open, but its user is "
				    "removed: %s",
				    (unsigned long long)a->id, order.words);
	}
	return e;
}

enum err estate_forget(struct task *task, user_id user)
{
	struct realm *realm = task->realm;
	const struct standings standings = { realm->store, realm->trail };
	struct estate estate;
	enum err e;

	estate_init(&estate, task, user);
	e = approval_forget(realm->store, user);
	if (e == ERR_OK)
		e = standing_forget(&standings, user);
	if (e == ERR_OK)
		e = low_forget(realm->store, user);
	if (e == ERR_OK)
		e = sweep(&estate);
	estate_fini(&estate);
	return e;
}
