#include "chat/history/deletion.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/history/history_table.h"
#include "chat/history/reading.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"

enum {
	COUNTED_AT_ONCE = 4096,
	LAST_MOST = 20000, /* looked at for one's own last */
};

/* One message that is looked for. */
struct look {
	const struct deletion *d;
	uint64_t id; /* that one; 0: the actor's own last */
	size_t looked;
	bool is_found;
	struct saying saying; /* without its text */
	bool is_own;
};

/* A guest is known by what is in memory. */
static bool is_own(const struct actor *by, user_id user, uint64_t guest)
{
	return by->person != NULL &&
	       (by->user != 0 ? by->user == user : by->person->number == guest);
}

/*
 * Is it what somebody means who says "my last"? Not what a plugin has said for
 * that one, though it counts as own.
 */
static bool is_meant(const struct look *look, uint64_t id, bool is_own,
		     const char *from)
{
	if (look->id != 0)
		return id == look->id;
	return is_own && name_compare(from, look->d->ask.by->name) == 0;
}

static bool look_at(const struct saying *saying, void *arg)
{
	struct look *look = arg;
	bool owns = is_own(look->d->ask.by, saying->user, 0);

	if (is_meant(look, saying->id, owns, saying->from)) {
		look->is_found = true;
		look->saying = *saying;
		look->is_own = owns;
	}
	return look->id == 0 && !look->is_found && ++look->looked < LAST_MOST;
}

/* What the store does not know, or not yet. */
static void look_in_memory(struct room *room, struct look *look)
{
	const struct recent *recent = &room->history.recent;

	mutex_lock(&room->lock);
	for (size_t i = recent->count; !look->is_found && i-- > 0;) {
		const struct message *m = recent_at(recent, i);
		bool owns = is_own(look->d->ask.by, m->user, m->guest);

		if (!is_meant(look, m->id, owns, m->from))
			continue;
		look->is_found = true;
		saying_of(m, &look->saying);
		look->is_own = owns;
	}
	mutex_unlock(&room->lock);
}

static enum err look_for(struct look *look)
{
	const struct deletion *d = look->d;
	struct history_walk walk = { .store = d->ask.chat->store,
				     .room = room_name(d->ask.room),
				     .visit = look_at,
				     .arg = look,
				     .gone = &d->gone };

	look_in_memory(d->ask.room, look);
	if (look->is_found)
		return ERR_OK;
	return look->id == 0 ? history_walk_down(&walk, UINT64_MAX)
			     : history_walk_up(&walk, look->id);
}

static enum rank rank_of(const struct deletion *d)
{
	return room_rank(d->ask.room, d->ask.by->user, d->ask.by->roles);
}

static bool is_late(const struct deletion *d, int64_t time_ms)
{
	int64_t window_s = atomic_load(&d->ask.chat->delete_window_s);

	return window_s >= 0 && clock_wall_ms() - time_ms >= window_s * 1000;
}

/* May it be deleted by who is no op? */
static enum err check_own(const struct deletion *d, const struct look *look,
			  struct refusal *why)
{
	if (!look->is_own)
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "Who said it, and the ops of %s, can "
				    "delete it.",
				    room_name(d->ask.room));
	if (is_late(d, look->saying.time_ms))
		return refusal_give(why, ERR_NOT_ALLOWED,
				    "It was said too long ago: only the ops of "
				    "%s can delete it now.",
				    room_name(d->ask.room));
	return ERR_OK;
}

static enum err refuse_missing(const struct deletion *d, struct refusal *why)
{
	const char *room = room_name(d->ask.room);

	if (d->ask.how == DELETE_ONE)
		return refusal_give(why, ERR_NOT_FOUND,
				    "There is no message #%" PRIu64 " in %s.",
				    d->ask.number, room);
	if (d->ask.how == DELETE_LAST)
		return refusal_give(why, ERR_NOT_FOUND,
				    "There is nothing in %s that you said "
				    "last.",
				    room);
	return refusal_give(why, ERR_NOT_FOUND,
			    "There is no such message in %s.", room);
}

static enum err find_one(struct deletion *d, struct refusal *why)
{
	struct look look = { .d = d, .id = d->ask.number };
	enum err e = look_for(&look);

	if (e == ERR_OK && !look.is_found)
		e = refuse_missing(d, why);
	if (e == ERR_OK && rank_of(d) < permit_least(PERMIT_DELETE))
		e = check_own(d, &look, why);
	if (e != ERR_OK)
		return e;
	d->erasure.from = look.saying.id;
	d->erasure.upto = look.saying.id;
	d->is_own = look.is_own;
	d->is_counted = true;
	d->count = 1;
	d->ask.number = look.saying.id; /* it stays that one */
	memcpy(d->from, look.saying.from, sizeof(d->from));
	return ERR_OK;
}

static enum err prepare_many(struct deletion *d, struct refusal *why)
{
	enum err e = permit_demand(PERMIT_DELETE, rank_of(d),
				   room_name(d->ask.room), why);

	if (e == ERR_OK && d->ask.name != NULL)
		e = whose_find(d->ask.chat->users, d->ask.name,
			       &d->erasure.whose);
	d->erasure.since_ms = d->ask.since_ms;
	d->erasure.until_ms = d->ask.until_ms;
	return e;
}

/* What has been deleted so far does not count. */
static void take_stock(struct deletion *d)
{
	struct room *room = d->ask.room;

	erasures_fini(&d->gone);
	mutex_lock(&room->lock);
	erasures_copy(&room->history.erasures, &d->gone);
	d->erasures_made = room->history.erasures_made;
	mutex_unlock(&room->lock);
	d->next = 1;
	d->count = 0;
	d->is_counted = false;
}

enum err deletion_begin(struct deletion *d, const struct deletion_ask *ask,
			struct refusal *why)
{
	enum err e;

	memset(d, 0, sizeof(*d));
	d->ask = *ask;
	e = reading_check(ask->room, ask->by, why);
	if (e != ERR_OK)
		return e;
	mutex_lock(&ask->room->lock);
	d->erasure.upto = ask->room->history.last_id;
	mutex_unlock(&ask->room->lock);
	d->erasure.from = 1;
	/* On a full disk nothing could be deleted either. */
	e = history_write(ask->chat);
	if (e != ERR_OK)
		return e;
	take_stock(d);
	return ask->how == DELETE_MANY ? prepare_many(d, why)
				       : find_one(d, why);
}

struct counting {
	struct deletion *d;
	size_t looked;
	uint64_t found;
	uint64_t next;
	bool is_stopped;
};

static void begin_counting(void *arg)
{
	struct counting *c = arg;

	c->looked = 0;
	c->found = 0;
	c->is_stopped = false;
}

static bool count_one(const struct saying *saying, void *arg)
{
	struct counting *c = arg;
	const struct erasure *erasure = &c->d->erasure;

	if (saying->id > erasure->upto)
		return false;
	c->found += erasure_hits(erasure, saying->id, saying->time_ms,
				 saying->user, saying->from);
	c->next = saying->id + 1;
	c->is_stopped = ++c->looked == COUNTED_AT_ONCE;
	return !c->is_stopped;
}

enum err deletion_count(struct deletion *d)
{
	struct counting c = { .d = d };
	struct history_walk walk = { .store = d->ask.chat->store,
				     .room = room_name(d->ask.room),
				     .visit = count_one,
				     .begin = begin_counting,
				     .arg = &c,
				     .gone = &d->gone };
	enum err e = history_scan(&walk, d->next);

	d->count += c.found;
	d->next = c.next;
	d->is_counted = !c.is_stopped;
	return e;
}

void deletion_print(const struct deletion *d, struct buf *out)
{
	if (d->ask.how != DELETE_MANY) {
		buf_print(out, "#%" PRIu64, d->erasure.from);
		return;
	}
	buf_print(out, "%" PRIu64 " message%s", d->count,
		  d->count == 1 ? "" : "s");
	if (d->ask.name != NULL)
		buf_print(out, " of %s", d->ask.name);
}

/* With the room's lock. */
static void tell(const struct deletion *d, struct room *room)
{
	AUTO(buf_fini) struct buf text = { 0 };
	struct message *m;

	deletion_print(d, &text);
	m = message_new(MESSAGE_DELETED, room, NULL, d->ask.by->name,
			buf_text(&text));
	m->origin = d->ask.by->origin;
	m->erasure = mem_copy(&d->erasure, sizeof(d->erasure));
	room_tell_message(room, m);
	message_unref(&m);
}

static enum err write_erasure(struct store_txn *txn, void *arg)
{
	struct deletion *d = arg;

	d->erasure.id = 0;
	return erasure_put(txn, d->ask.chat->store, room_name(d->ask.room),
			   &d->erasure);
}

/* With the change lock. */
static enum err check(struct deletion *d, struct refusal *why)
{
	const struct history *h = &d->ask.room->history;
	bool is_changed;
	bool is_full;

	if (!d->is_own &&
	    permit_check(PERMIT_DELETE, rank_of(d), RANK_GUEST) != ERR_OK)
		return ERR_NOT_ALLOWED;
	mutex_lock(&d->ask.room->lock);
	is_changed = h->erasures_made != d->erasures_made;
	is_full = h->erasures.count >= ERASURES_MOST;
	mutex_unlock(&d->ask.room->lock);
	if (is_full)
		return ERR_BUSY;
	if (is_changed && d->ask.how != DELETE_MANY) {
		take_stock(d);
		return find_one(d, why);
	}
	if (is_changed) {
		take_stock(d);
		return ERR_AGAIN;
	}
	return d->count == 0 ? refuse_missing(d, why) : ERR_OK;
}

/* With the change lock. */
static enum err make(struct deletion *d, struct refusal *why)
{
	AUTO(buf_fini) struct buf detail = { 0 };
	struct room *room = d->ask.room;
	struct act act = { .by = d->ask.by,
			   .action = "room.delete",
			   .room = room,
			   .target = d->ask.how == DELETE_MANY ? d->ask.name
							       : d->from,
			   .is_discreet = d->is_own };
	enum err e = check(d, why);

	if (e != ERR_OK)
		return e;
	deletion_print(d, &detail);
	act.detail = buf_text(&detail);
	e = act_run(d->ask.chat, &act, write_erasure, d);
	if (e != ERR_OK)
		return e;
	mutex_lock(&room->lock);
	history_forget(room, &d->erasure);
	tell(d, room);
	mutex_unlock(&room->lock);
	return ERR_OK;
}

enum err deletion_make(struct deletion *d, struct refusal *why)
{
	enum err e;

	mutex_lock(&d->ask.chat->change);
	e = make(d, why);
	mutex_unlock(&d->ask.chat->change);
	return e;
}

void deletion_fini(struct deletion *d)
{
	erasures_fini(&d->gone);
}
