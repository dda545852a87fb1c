#include "command/removal.h"

#include "chat/rights/heritage.h"
#include "command/arrivals.h"
#include "command/ending.h"
#include "command/estate.h"
#include "command/main_account.h"
#include "command/takings.h"
#include "log/log.h"

/* Who stays after all is to have an account. */
static void keep_account(struct task *task, const struct user *user)
{
	enum err e = main_account_ensure(task->realm, &task->actor, user->id,
					 user->name);

	if (e != ERR_OK)
		log_warning("bank", "user=%s has no account: %s", user->name,
			    err_code(e));
}

static enum err remove_all(struct task *task, const struct user *user,
			   const struct audit_entry *entry)
{
	struct realm *realm = task->realm;
	enum err e = estate_close(task, user->id);

	if (e != ERR_OK)
		return e;
	e = heritage_remove(realm->chat, &task->actor, user->id, entry);
	if (e != ERR_OK) {
		keep_account(task, user);
		return e;
	}
	ending_post_user(realm, user->id, ERR_DISABLED);
	e = estate_forget(task, user->id);
	return e == ERR_OK ? takings_forget(realm->takings, user->id) : e;
}

enum err removal_run(struct task *task, const struct user *user,
		     const struct audit_entry *entry)
{
	struct realm *realm = task->realm;
	struct arrival bar;
	enum err e;

	arrival_init(&bar);
	arrivals_bar(realm->arrivals, &bar, user->id, ERR_DISABLED);
	e = remove_all(task, user, entry);
	arrivals_end(realm->arrivals, &bar);
	return e;
}
