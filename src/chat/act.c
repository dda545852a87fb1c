#include "chat/act.h"

#include <stdio.h>

#include "audit/trail.h"
#include "base/clock.h"
#include "base/quantity.h"
#include "chat/chat_fields.h"
#include "chat/modlog.h"
#include "chat/rank.h"
#include "chat/room.h"
#include "user/quota.h"

struct run {
	struct chat *chat;
	const struct act *act;
	store_fn *fn;
	void *arg;
};

static void describe(const struct act *act, struct audit_entry *entry)
{
	AUDIT_SET(entry->action, act->action);
	AUDIT_SET(entry->actor, act->by->name);
	entry->user = act->by->user;
	entry->session = act->by->session;
	AUDIT_SET(entry->address, act->by->address);
	if (act->room != NULL)
		AUDIT_SET(entry->room, room_name(act->room));
	AUDIT_SET(entry->target, act->target);
	AUDIT_SET(entry->detail, act->detail);
}

static enum err write_modlog(struct store_txn *txn, struct store *store,
			     const struct audit_entry *act)
{
	struct modlog_entry entry = { .time_ms = clock_wall_ms() };

	AUDIT_SET(entry.by, act->actor);
	AUDIT_SET(entry.action, act->action);
	AUDIT_SET(entry.target, act->target);
	AUDIT_SET(entry.detail, act->detail);
	return modlog_write(txn, store, act->room, &entry);
}

static enum err run(struct store_txn *txn, void *arg)
{
	const struct run *r = arg;
	struct audit_entry entry = { 0 };
	enum err e = r->fn == NULL ? ERR_OK : r->fn(txn, r->arg);

	if (e != ERR_OK)
		return e;
	describe(r->act, &entry);
	if (!r->act->is_discreet)
		e = write_modlog(txn, r->chat->store, &entry);
	if (e != ERR_OK)
		return e;
	return trail_write(txn, r->chat->trail, &entry);
}

/* Each is recorded for good: so who is no staff may do only so many. Guests
 * count by address. */
static bool may_act(struct chat *chat, const struct actor *by)
{
	char key[QUANTITY_TEXT];
	int64_t wait_s;

	if ((by->user == 0 && by->person == NULL) ||
	    rank_of_roles(by->roles) >= RANK_MODERATOR)
		return true;
	if (by->user == 0)
		return quota_take(chat->acts, by->address, &wait_s);
	snprintf(key, sizeof(key), "%llu", (unsigned long long)by->user);
	return quota_take(chat->acts, key, &wait_s);
}

enum err act_run(struct chat *chat, const struct act *act, store_fn *fn,
		 void *arg)
{
	struct run r = { chat, act, fn, arg };
	enum err e = chat_check_actor(act->by);

	if (e == ERR_OK && !may_act(chat, act->by))
		e = ERR_FLOOD;
	return e == ERR_OK ? store_run(chat->store, run, &r) : e;
}
