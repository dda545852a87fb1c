#include "chat/guard/guard_keep.h"

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/guard/guard.h"
#include "log/log.h"

enum {
	KEPT_MS = 86400 * 1000,
	PERIOD_MS = 60 * 1000,
	REMOVED_MOST = 100, /* in one transaction */
};

struct removal {
	struct store *store;
	uint64_t ids[REMOVED_MOST];
	size_t count;
};

static enum err delete_all(struct store_txn *txn, void *arg)
{
	const struct removal *removal = arg;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < removal->count; i++)
		e = guard_entry_delete(txn, removal->store, removal->ids[i]);
	return e;
}

/* With the change lock. */
static enum err drop_all(struct chat *chat, struct removal *removal)
{
	enum err e = removal->count == 0
			     ? ERR_OK
			     : store_run(chat->store, delete_all, removal);

	for (size_t i = 0; e == ERR_OK && i < removal->count; i++)
		guard_drop(chat->guard, removal->ids[i]);
	return e;
}

static void collect(struct chat *chat, enum guard_kind kind, user_id user,
		    struct removal *removal)
{
	size_t count;
	struct guard_entry *list = guard_list(chat->guard, kind, &count);

	for (size_t i = 0; i < count && removal->count < REMOVED_MOST; i++) {
		if (list[i].user == user)
			removal->ids[removal->count++] = list[i].id;
	}
	mem_free(list);
}

enum err guard_forget(struct chat *chat, user_id user)
{
	struct removal removal = { .store = chat->store };

	/* One of each kind at most; those that are over go by themselves. */
	collect(chat, GUARD_BAN, user, &removal);
	collect(chat, GUARD_MUTE, user, &removal);
	return drop_all(chat, &removal);
}

void guard_tick(struct chat *chat)
{
	struct removal removal = { .store = chat->store };
	int64_t now_ms = clock_mono_ms();

	if (now_ms < atomic_load(&chat->guard_tick_ms))
		return;
	atomic_store(&chat->guard_tick_ms, now_ms + PERIOD_MS);
	mutex_lock(&chat->change);
	removal.count = guard_list_over(chat->guard, clock_wall_ms() - KEPT_MS,
					removal.ids, REMOVED_MOST);
	if (drop_all(chat, &removal) != ERR_OK)
		removal.count = 0; /* a full disk: the next time */
	mutex_unlock(&chat->change);
	if (removal.count > 0)
		log_info("guard", "removed over=%zu", removal.count);
}
