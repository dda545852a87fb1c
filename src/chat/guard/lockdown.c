#include "chat/guard/lockdown.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/herald.h"
#include "chat/sanction/term.h"
#include "store/record.h"

enum { LOCKDOWN_VERSION = 1 };

void lockdown_encode(const struct lockdown *lockdown, struct buf *out)
{
	record_begin(out, LOCKDOWN_VERSION);
	record_put_i64(out, lockdown->until_ms);
	record_put_i64(out, lockdown->since_ms);
	record_put_text(out, lockdown->by);
	record_put_u8(out, (uint8_t)lockdown->by_rank);
}

bool lockdown_decode(const void *bytes, size_t len, struct lockdown *lockdown_r)
{
	struct record_reader r;

	memset(lockdown_r, 0, sizeof(*lockdown_r));
	record_open(&r, bytes, len);
	lockdown_r->until_ms = record_get_i64(&r);
	lockdown_r->since_ms = record_get_i64(&r);
	record_get_text(&r, lockdown_r->by, sizeof(lockdown_r->by));
	lockdown_r->by_rank = record_get_u8(&r);
	return record_close(&r) && r.version == LOCKDOWN_VERSION &&
	       lockdown_r->until_ms >= 0 && lockdown_r->by_rank <= RANK_ADMIN;
}

bool lockdown_is_sound(const void *bytes, size_t len)
{
	struct lockdown lockdown;

	return lockdown_decode(bytes, len, &lockdown);
}

struct lockdown lockdown_get(struct chat *chat)
{
	struct lockdown lockdown;

	mutex_lock(&chat->lock);
	lockdown = chat->lockdown;
	mutex_unlock(&chat->lock);
	if (lockdown.until_ms <= clock_wall_ms())
		lockdown.until_ms = 0;
	return lockdown;
}

enum err lockdown_check(struct chat *chat, struct refusal *why)
{
	struct lockdown lockdown = lockdown_get(chat);
	char when[CLOCK_TEXT];

	if (lockdown.until_ms == 0)
		return ERR_OK;
	clock_print(lockdown.until_ms, when);
	return refusal_give(why, ERR_LOCKDOWN,
			    "Until %s there are no new guests, registrations "
			    "or rooms here.",
			    when);
}

struct change {
	struct store *store;
	const struct lockdown *lockdown;
};

static enum err write(struct store_txn *txn, void *arg)
{
	const struct change *change = arg;
	AUTO(buf_fini) struct buf value = { 0 };

	if (change->lockdown->until_ms == 0)
		return place_delete(txn, change->store, LOCKDOWN_FACT);
	lockdown_encode(change->lockdown, &value);
	return place_put(txn, change->store, LOCKDOWN_FACT, &value);
}

static enum err check(struct chat *chat, const struct actor *by, bool is_begun,
		      struct refusal *why)
{
	struct lockdown now = lockdown_get(chat);
	enum err e = permit_check(PERMIT_LOCKDOWN, rank_of_roles(by->roles),
				  now.until_ms == 0 ? RANK_GUEST : now.by_rank);

	if (e == ERR_NOT_ALLOWED)
		return refusal_give(why, e, "That is for moderators.");
	if (e == ERR_RANK)
		return refusal_give(why, e,
				    "%s, of a higher rank: %s, began the "
				    "lockdown.",
				    now.by, rank_word(now.by_rank));
	if (!is_begun && now.until_ms == 0)
		return refusal_give(why, ERR_NOT_FOUND,
				    "There is no lockdown.");
	return ERR_OK;
}

/* With the change lock. */
static enum err set(struct chat *chat, const struct actor *by,
		    const struct lockdown *lockdown, struct refusal *why)
{
	bool is_begun = lockdown->until_ms != 0;
	struct change change = { chat->store, lockdown };
	char until[TERM_TEXT];
	struct act act = { .by = by,
			   .action = is_begun ? "server.lockdown"
					      : "server.unlock",
			   .detail = is_begun ? until : NULL };
	AUTO(buf_fini) struct buf news = { 0 };
	enum err e = check(chat, by, is_begun, why);

	term_print(lockdown->until_ms, until);
	if (e == ERR_OK)
		e = act_run(chat, &act, write, &change);
	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->lock);
	chat->lockdown = *lockdown;
	mutex_unlock(&chat->lock);
	if (is_begun)
		buf_print(&news,
			  "%s locked the server down %s: no new guests, "
			  "registrations or rooms.",
			  by->name, until);
	else
		buf_print(&news, "%s ended the lockdown.", by->name);
	herald_tell(chat, HERALD_STAFF, by->origin, buf_text(&news));
	return ERR_OK;
}

enum err lockdown_begin(struct chat *chat, const struct actor *by,
			int64_t duration_s, struct refusal *why)
{
	struct lockdown lockdown = { .since_ms = clock_wall_ms(),
				     .by_rank = rank_of_roles(by->roles) };
	enum err e;

	if (duration_s < 1 || duration_s > LOCKDOWN_MOST_S)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A lockdown lasts 1s to 30d.");
	lockdown.until_ms = lockdown.since_ms + duration_s * 1000;
	memcpy(lockdown.by, by->name, sizeof(lockdown.by));
	mutex_lock(&chat->change);
	e = set(chat, by, &lockdown, why);
	mutex_unlock(&chat->change);
	return e;
}

enum err lockdown_end(struct chat *chat, const struct actor *by,
		      struct refusal *why)
{
	const struct lockdown none = { 0 };
	enum err e;

	mutex_lock(&chat->change);
	e = set(chat, by, &none, why);
	mutex_unlock(&chat->change);
	return e;
}

enum err lockdown_load(struct chat *chat)
{
	AUTO(buf_fini) struct buf value = { 0 };
	struct lockdown lockdown = { 0 };
	enum err e = place_get(chat->store, LOCKDOWN_FACT, &value);

	if (e == ERR_OK && buf_len(&value) > 0 &&
	    !lockdown_decode(buf_at(&value), buf_len(&value), &lockdown))
		e = ERR_CORRUPT;
	mutex_lock(&chat->lock);
	chat->lockdown = lockdown;
	mutex_unlock(&chat->lock);
	return e;
}
