/*
 * Main accounts of users who have none: who never came since the bank is here,
 * the administrator of --init, and whoever registered just before a crash.
 */
#include <inttypes.h>
#include <stdio.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/mark.h"
#include "base/mem.h"
#include "command/main_account.h"
#include "log/log.h"

enum { BATCH = 256 };

/* All users up to this number have one. */
static const char mark_name[] = "main";

struct opening {
	struct realm *realm;
	struct order *orders; /* BATCH of them */
	size_t count;
	struct mark mark; /* at: the last user who was looked at */
	uint64_t opened;
	enum err result;
};

static void make_order(const struct user *user, struct order *order)
{
	*order = (struct order){ .kind = ORDER_OPEN,
				 .by.authority = AUTHORITY_BANK };
	(void)snprintf(order->target, sizeof(order->target), "%s", user->name);
	order_add_change(order, CHANGE_KIND, ACCOUNT_USER);
	order_add_change(order, CHANGE_OWNER, (int64_t)user->id);
}

/* All in one transaction; and when one is refused, each in one of its own. */
static enum err give(struct ledger *ledger, struct order *orders, size_t count)
{
	enum err e;

	for (size_t i = 1; i < count; i++)
		orders[i - 1].together = &orders[i];
	e = ledger_run(ledger, &orders[0]);
	if (e == ERR_OK || count == 1)
		return e == ERR_EXISTS ? ERR_OK : e;
	e = ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < count; i++) {
		orders[i].together = NULL;
		e = give(ledger, &orders[i], 1);
	}
	return e;
}

static enum err carry_out(struct opening *opening)
{
	struct realm *realm = opening->realm;
	enum err e = ERR_OK;

	if (opening->count > 0)
		e = give(realm->ledger, opening->orders, opening->count);
	if (e == ERR_OK)
		e = mark_put(realm->store, mark_name, &opening->mark);
	if (e == ERR_OK)
		opening->opened += opening->count;
	opening->count = 0;
	opening->result = e;
	return e;
}

static bool look_at(const struct user *user, void *arg)
{
	struct opening *opening = arg;
	account_id id;
	enum err e = book_main(opening->realm->store, user->id, &id);

	opening->mark.at = user->id;
	if (e == ERR_NO_SUCH_ACCOUNT)
		make_order(user, &opening->orders[opening->count++]);
	else if (e != ERR_OK)
		opening->result = e;
	if (opening->result == ERR_OK && opening->count == BATCH)
		(void)carry_out(opening);
	return opening->result == ERR_OK;
}

static enum err open_all(struct opening *opening)
{
	struct store *store = opening->realm->store;
	uint64_t before;
	enum err e = mark_get(store, mark_name, &opening->mark);

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	before = opening->mark.at;
	e = users_walk_from(opening->realm->users, before + 1, look_at,
			    opening);
	if (e == ERR_OK)
		e = opening->result;
	return e == ERR_OK && opening->mark.at != before ? carry_out(opening)
							 : e;
}

void main_account_open_all(struct realm *realm)
{
	struct opening opening = { .realm = realm };
	enum err e;

	opening.orders = mem_array(BATCH, sizeof(*opening.orders));
	e = open_all(&opening);
	if (opening.opened > 0)
		log_notice("bank", "opened main accounts=%" PRIu64,
			   opening.opened);
	if (e != ERR_OK)
		log_warning("bank", "not all users have a main account yet: %s",
			    err_words(e));
	mem_free(opening.orders);
}
