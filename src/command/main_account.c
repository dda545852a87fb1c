#include "command/main_account.h"

#include <stdio.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "base/mem.h"
#include "base/text.h"

enum err main_account_ensure(struct realm *realm, const struct actor *by,
			     user_id user, const char *name)
{
	struct order order = { .kind = ORDER_OPEN,
			       .by = { .authority = AUTHORITY_BANK,
				       .user = by->user != 0 ? by->user : user,
				       .session = by->session } };
	struct account account;
	enum err e = book_find(realm->store, ACCOUNT_USER, user, "", &account);

	if (e != ERR_NO_SUCH_ACCOUNT)
		return e;
	(void)snprintf(order.by.name, sizeof(order.by.name), "%s",
		       by->user != 0 ? by->name : name);
	(void)snprintf(order.by.address, sizeof(order.by.address), "%s",
		       by->address);
	(void)snprintf(order.target, sizeof(order.target), "%s", name);
	order_add_change(&order, CHANGE_KIND, ACCOUNT_USER);
	order_add_change(&order, CHANGE_OWNER, (int64_t)user);
	e = ledger_run(realm->ledger, &order);
	return e == ERR_EXISTS ? ERR_OK : e; /* another session was faster */
}

bool main_account_is_reserved(const char *name)
{
	static const char *const reserved[] = { "fees", "income", "over-short",
						"opening", "bank" };

	for (size_t i = 0; i < COUNT(reserved); i++)
		if (name_compare(name, reserved[i]) == 0)
			return true;
	return false;
}
