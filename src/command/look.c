#include "command/look.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct look *look_new(struct call *call, size_t size)
{
	struct look *look = mem_zero(size);

	look->ways = call->caller->ops->ways;
	bank_text_init(&look->text, call->realm, call->caller->user);
	return look;
}

enum err look_take_account(struct call *call, struct look *look,
			   const char *text)
{
	if (strlen(text) < sizeof(look->account)) {
		(void)snprintf(look->account, sizeof(look->account), "%s",
			       text);
		return ERR_OK;
	}
	mem_free(look);
	return call_refuse(call, ERR_NO_SUCH_ACCOUNT,
			   "No account has a name as long as that.");
}

enum err look_find(struct look *look, struct account *account_r)
{
	const struct realm *realm = look->task.realm;
	user_id user = look->task.actor.user;
	enum err e;

	if (look->account[0] == '\0')
		e = book_find(realm->store, ACCOUNT_USER, user, "", account_r);
	else
		e = book_resolve(realm->store, realm->users, user,
				 look->account, account_r);
	if (e == ERR_OK && account_is_of(account_r, user))
		return ERR_OK;
	if (e != ERR_OK && e != ERR_NO_SUCH_ACCOUNT && e != ERR_NO_SUCH_USER)
		return e;
	return refusal_give(&look->task.why, ERR_NO_SUCH_ACCOUNT,
			    "There is no account \"%s\" of yours; %s.",
			    look->account, look->ways[WAY_ACCOUNTS]);
}
