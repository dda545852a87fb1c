#include "command/removal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/departures.h"
#include "bank/ledger.h"
#include "bank/mark.h"
#include "base/mem.h"
#include "chat/rights/heritage.h"
#include "command/arrivals.h"
#include "command/ending.h"
#include "command/estate.h"
#include "command/main_account.h"
#include "command/sign.h"
#include "command/takings.h"
#include "log/log.h"

/* "leaving:" and twenty digits, so that none is the beginning of another. */
static const char prefix[] = MARK_LEAVING;
enum { MARK_NAME = 32, RESUMED_MOST = 64 };

static void name_mark(user_id user, char name_r[MARK_NAME])
{
	(void)snprintf(name_r, MARK_NAME, "%s%020llu", prefix,
		       (unsigned long long)user);
}

/* Whose removal is under way, and by whom. */
static enum err begin(struct task *task, user_id user)
{
	const struct mark mark = { (int64_t)task->actor.session,
				   task->actor.user };
	char name[MARK_NAME];

	name_mark(user, name);
	return mark_put(task->realm->store, name, &mark);
}

static enum err end(struct task *task, user_id user)
{
	char name[MARK_NAME];

	name_mark(user, name);
	return mark_drop(task->realm->store, name);
}

/* Who stays after all is to have an account. */
static void stay(struct task *task, const struct user *user)
{
	struct realm *realm = task->realm;
	enum err e;

	departures_drop(ledger_departures(realm->ledger), user->id);
	e = main_account_ensure(realm, &task->actor, user->id, user->name);
	if (e == ERR_OK)
		e = end(task, user->id);
	if (e != ERR_OK)
		log_warning("bank", "user=%s has no account: %s", user->name,
			    err_code(e));
}

/* When the user is no more. */
static enum err forget(struct task *task, const struct user *user)
{
	enum err e = estate_forget(task, user);

	if (e == ERR_OK)
		e = takings_forget(task->realm->takings, user->id);
	return e == ERR_OK ? end(task, user->id) : e;
}

static enum err remove_all(struct task *task, const struct user *user,
			   const struct audit_entry *entry,
			   struct releases *releases)
{
	struct realm *realm = task->realm;
	enum err e = begin(task, user->id);

	if (e != ERR_OK)
		return e;
	departures_add(ledger_departures(realm->ledger), user->id);
	e = estate_close(task, user, releases);
	if (e == ERR_OK)
		e = heritage_remove(realm->chat, &task->actor, user->id, entry);
	if (e != ERR_OK) {
		stay(task, user);
		return e;
	}
	ending_post_user(realm, user->id, ERR_DISABLED);
	return forget(task, user);
}

enum err removal_run(struct task *task, const struct user *user,
		     const struct audit_entry *entry, struct releases *releases)
{
	struct realm *realm = task->realm;
	struct arrival bar;
	enum err e;

	arrival_init(&bar);
	arrivals_bar(realm->arrivals, &bar, user->id, ERR_DISABLED);
	e = remove_all(task, user, entry, releases);
	arrivals_end(realm->arrivals, &bar);
	return e;
}

/* The marks that a start finds. */
struct found {
	struct {
		user_id user;
		struct mark mark;
	} list[RESUMED_MOST];
	size_t count;
};

static bool add(const char *name, const struct mark *mark, void *arg)
{
	struct found *found = arg;

	if (found->count == RESUMED_MOST)
		return false;
	found->list[found->count].user =
		strtoull(name + strlen(prefix), NULL, 10);
	found->list[found->count++].mark = *mark;
	return true;
}

static void name_actor(struct realm *realm, const struct mark *mark,
		       struct actor *actor)
{
	struct user by;

	actor->user = mark->at;
	actor->session = (uint64_t)mark->period;
	if (mark->at == 0)
		(void)snprintf(actor->name, sizeof(actor->name), "console");
	else if (users_get(realm->users, mark->at, &by) == ERR_OK)
		(void)snprintf(actor->name, sizeof(actor->name), "%s", by.name);
}

static enum err resume(struct realm *realm, user_id id, const struct mark *mark)
{
	struct task task = { .realm = realm };
	struct user user = { .id = id };
	struct releases releases = { 0 };
	struct audit_entry entry;
	enum err e = users_get(realm->users, id, &user);

	name_actor(realm, mark, &task.actor);
	sign_entry(&task.actor, "user.remove", &entry);
	AUDIT_SET(entry.detail, "finished by the next start");
	if (e == ERR_NO_SUCH_USER)
		return forget(&task, &user);
	if (e == ERR_OK)
		e = removal_run(&task, &user, &entry, &releases);
	/* Those who are told are not here yet: it waits for their login. */
	releases_fini(&releases);
	log_notice("user", "remove name=%s by=%s: broken off before, now %s",
		   user.name, task.actor.name,
		   e == ERR_OK ? "done" : err_code(e));
	return e;
}

void removal_resume(struct realm *realm)
{
	struct found *found = mem_zero(sizeof(*found));
	enum err e = mark_walk(realm->store, prefix, add, found);

	mutex_lock(&realm->acts);
	for (size_t i = 0; e == ERR_OK && i < found->count; i++)
		e = resume(realm, found->list[i].user, &found->list[i].mark);
	mutex_unlock(&realm->acts);
	if (e != ERR_OK && e != ERR_NOT_EMPTY)
		log_warning("user", "a removal is not finished: %s",
			    err_words(e));
	mem_free(found);
}
