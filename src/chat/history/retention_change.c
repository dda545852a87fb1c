#include "chat/history/retention_change.h"

#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/room_fields.h"
#include "chat/roster.h"

struct change {
	struct store *store;
	struct room_facts facts; /* with the choice */
	struct erasure erasure;  /* of all there is; upto 0: none */
};

static bool is_same(const struct retention *a, const struct retention *b)
{
	return a->is_off == b->is_off &&
	       (a->is_off || (a->count == b->count && a->age_s == b->age_s));
}

static enum err check(struct chat *chat, const struct actor *by,
		      struct room *room, const struct retention *choice,
		      struct refusal *why)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct retention limits = history_limits(chat);
	struct retention made = retention_within(choice, &limits);
	struct room_facts facts;
	enum err e = permit_demand(PERMIT_RETENTION,
				   room_rank(room, by->user, by->roles),
				   room_name(room), why);

	if (e != ERR_OK)
		return e;
	room_facts(room, &facts);
	if (is_same(&facts.retention, choice))
		return ERR_EXISTS;
	if (choice->is_off ||
	    (!limits.is_off &&
	     (choice->count == 0 || made.count == choice->count) &&
	     (choice->age_s == 0 || made.age_s == choice->age_s)))
		return ERR_OK;
	if (choice->count == 0 && choice->age_s == 0)
		return ERR_OK; /* whatever the server keeps */
	retention_print(&limits, &text);
	return refusal_give(why, ERR_BAD_INPUT,
			    "The server keeps no more than: %s.",
			    buf_text(&text));
}

static enum err write_change(struct store_txn *txn, void *arg)
{
	struct change *c = arg;
	enum err e = roster_write_room(txn, c->store, &c->facts);

	c->erasure.id = 0;
	if (e == ERR_OK && c->erasure.upto != 0)
		e = erasure_put(txn, c->store, c->facts.name, &c->erasure);
	return e;
}

/* With the room's lock. */
static void apply(const struct change *c, struct room *room,
		  const struct actor *by, const char *what)
{
	room->facts.retention = c->facts.retention;
	if (c->erasure.upto != 0)
		history_forget(room, &c->erasure);
	if (room->facts.retention.is_off)
		recent_clear(&room->history.recent);
	atomic_store(&room->chat->history_sweep_ms, 0);
	room_tell(room, MESSAGE_RETENTION, by->name, "", what, by->origin);
}

/* All that was kept, when nothing is to be. */
static enum err prepare(struct room *room, struct change *c)
{
	bool is_full;

	c->erasure.from = 1;
	mutex_lock(&room->lock);
	c->facts = room->facts;
	c->erasure.upto = room->history.last_id;
	is_full = room->history.erasures.count >= ERASURES_MOST;
	mutex_unlock(&room->lock);
	return is_full ? ERR_BUSY : ERR_OK;
}

/* With the change lock. */
static enum err change(struct chat *chat, const struct actor *by,
		       struct room *room, const struct retention *choice,
		       struct refusal *why)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct act act = { .by = by, .action = "room.retention", .room = room };
	struct change c = { .store = chat->store };
	enum err e = check(chat, by, room, choice, why);

	if (e == ERR_OK)
		e = prepare(room, &c);
	if (e != ERR_OK)
		return e;
	c.facts.retention = *choice;
	if (!choice->is_off)
		c.erasure.upto = 0;
	if (!choice->is_off && choice->count == 0 && choice->age_s == 0)
		buf_add_text(&text, "what the server keeps");
	else
		retention_print(choice, &text);
	act.detail = buf_text(&text);
	e = act_run(chat, &act, write_change, &c);
	if (e != ERR_OK)
		return e;
	mutex_lock(&room->lock);
	apply(&c, room, by, buf_text(&text));
	mutex_unlock(&room->lock);
	return ERR_OK;
}

enum err retention_set(struct chat *chat, const struct actor *by,
		       struct room *room, const struct retention *choice,
		       struct refusal *why)
{
	enum err e;

	mutex_lock(&chat->change);
	e = change(chat, by, room, choice, why);
	mutex_unlock(&chat->change);
	return e;
}
