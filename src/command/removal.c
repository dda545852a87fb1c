#include "command/removal.h"

#include "chat/rights/heritage.h"
#include "command/arrivals.h"
#include "command/ending.h"
#include "command/takings.h"

static enum err remove_all(struct task *task, user_id user,
			   const struct audit_entry *entry)
{
	struct realm *realm = task->realm;
	enum err e = heritage_remove(realm->chat, &task->actor, user, entry);

	if (e != ERR_OK)
		return e;
	ending_post_user(realm, user, ERR_DISABLED);
	return takings_forget(realm->takings, user);
}

enum err removal_run(struct task *task, user_id user,
		     const struct audit_entry *entry)
{
	struct realm *realm = task->realm;
	struct arrival bar;
	enum err e;

	arrival_init(&bar);
	arrivals_bar(realm->arrivals, &bar, user, ERR_DISABLED);
	e = remove_all(task, user, entry);
	arrivals_end(realm->arrivals, &bar);
	return e;
}
