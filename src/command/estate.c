#include "command/estate.h"

#include <stdio.h>
#include <string.h>

#include "bank/approval.h"
#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/schedule/low.h"
#include "bank/schedule/standing.h"
#include "base/mem.h"
#include "command/winding.h"
#include "log/log.h"

/* More than are listed at once may be there, and others go on meanwhile. */
enum { ROUNDS = 100 };

struct estate {
	struct task *task;
	struct realm *realm;
	const struct user *user;
	struct winding winding;
	struct account *accounts;
	size_t count;
};

static void estate_init(struct estate *estate, struct task *task,
			const struct user *user, struct releases *releases)
{
	memset(estate, 0, sizeof(*estate));
	estate->task = task;
	estate->realm = task->realm;
	estate->user = user;
	estate->winding = (struct winding){ task, user, releases };
}

static enum err list(struct estate *estate)
{
	mem_free(estate->accounts);
	estate->accounts = NULL;
	return book_accounts_of(estate->realm->store, estate->user->id,
				&estate->accounts, &estate->count);
}

static void estate_fini(struct estate *estate)
{
	mem_free(estate->accounts);
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
	enum err e =
		book_till_of(estate->realm->store, estate->user->id, &till);

	if (e == ERR_OK)
		return refuse_till(estate, &till);
	if (e != ERR_NOT_FOUND)
		return e;
	for (size_t i = 0; i < estate->count; i++) {
		const struct account *a = &estate->accounts[i];

		if (winding_ends(a) && (a->posted != 0 || a->held != 0))
			return refuse_money(estate, a);
	}
	return ERR_OK;
}

enum err estate_close(struct task *task, const struct user *user,
		      struct releases *releases)
{
	struct estate estate;
	enum err e;

	estate_init(&estate, task, user, releases);
	e = list(&estate);
	for (int i = 0; e == ERR_OK && estate.count > 0 && i < ROUNDS; i++) {
		e = check(&estate);
		if (e == ERR_OK)
			e = winding_run(&estate.winding, estate.accounts,
					estate.count);
		if (e == ERR_OK || e == ERR_AGAIN)
			e = list(&estate);
	}
	if (e == ERR_OK && estate.count > 0)
		e = ERR_BUSY;
	if (e == ERR_OK)
		task->why.text[0] = '\0';
	estate_fini(&estate);
	return e;
}

/* An account of a user who is gone: there is none, but for a bug of ours. */
static enum err sweep(struct estate *estate)
{
	enum err e = list(estate);

	for (size_t i = 0; e == ERR_OK && i < estate->count; i++) {
		const struct account *a = &estate->accounts[i];
		struct order order;

		winding_order(&estate->winding, a, &order);
		if (ledger_run(estate->realm->ledger, &order) != ERR_OK)
			log_warning("bank",
				    "account=%llu is open, but its user is "
				    "removed: %s",
				    (unsigned long long)a->id, order.words);
	}
	return e;
}

enum err estate_forget(struct task *task, const struct user *user)
{
	struct realm *realm = task->realm;
	const struct standings standings = { realm->store, realm->trail };
	struct releases none = { 0 };
	struct estate estate;
	enum err e;

	estate_init(&estate, task, user, &none);
	e = approval_forget(realm->store, user->id);
	if (e == ERR_OK)
		e = standing_forget(&standings, user->id);
	if (e == ERR_OK)
		e = low_forget(realm->store, user->id);
	if (e == ERR_OK)
		e = sweep(&estate);
	estate_fini(&estate);
	return e;
}
