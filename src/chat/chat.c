#include "chat/chat.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "chat/act.h"
#include "chat/chat_fields.h"
#include "chat/gate.h"
#include "chat/guard/guard.h"
#include "chat/guard/guard_keep.h"
#include "chat/guard/guard_people.h"
#include "chat/guard/lockdown.h"
#include "chat/marker/bookmark.h"
#include "chat/marker/missed.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/invite.h"
#include "user/quota.h"
#include "user/users.h"

static struct rate acts_rate(const struct chat_settings *settings)
{
	static const struct rate unlimited = { .count = -1, .period_s = 1 };

	return settings->flood_acts.count > 0 ? settings->flood_acts
					      : unlimited;
}

struct chat *chat_new(const struct chat_parts *parts,
		      const struct chat_settings *settings,
		      struct subscriber **subscribers, unsigned count)
{
	struct chat *chat = mem_zero(sizeof(*chat));

	assert(count <= SUBSCRIBERS_MOST);
	chat->store = parts->store;
	chat->users = parts->users;
	chat->trail = parts->trail;
	chat->guard = guard_new();
	chat->board = board_new();
	chat->desk = report_desk_new();
	chat->ignores = ignores_new();
	chat->flood_past = flood_past_new(&chat->flood);
	flood_charges_init(&chat->flood_charges);
	chat->scribe = scribe_new(parts->store);
	chat->markers = marker_queue_new();
	chat->acts = quota_new(acts_rate(settings));
	chat->subscribers.list = subscribers;
	chat->subscribers.count = count;
	snprintf(chat->default_name, sizeof(chat->default_name), "%s",
		 settings->default_room);
	chat->replay = (size_t)settings->replay;
	mutex_init(&chat->change, LOCK_CHANGE);
	mutex_init(&chat->lock, LOCK_CHAT);
	chat_change_settings(chat, settings);
	return chat;
}

void chat_change_settings(struct chat *chat,
			  const struct chat_settings *settings)
{
	atomic_store(&chat->rooms_per_user, settings->rooms_per_user);
	atomic_store(&chat->history_count, settings->history_count);
	atomic_store(&chat->history_bytes, settings->history_bytes);
	atomic_store(&chat->history_age_s, settings->history_age_s);
	atomic_store(&chat->delete_window_s, settings->delete_window_s);
	atomic_store(&chat->history_sweep_ms, 0);
	flood_rules_set(&chat->flood, settings);
	quota_set_rate(chat->acts, acts_rate(settings));
}

static void close_room(void *arg)
{
	struct room *room = arg;

	room_forget(room);
	room_unref(&room);
}

void chat_free(struct chat **chat)
{
	struct chat *c = *chat;

	if (c == NULL)
		return;
	*chat = NULL;
	assert(name_index_count(&c->people) == 0);
	scribe_free(&c->scribe);
	marker_queue_free(&c->markers);
	name_index_fini(&c->rooms, close_room);
	report_desk_free(&c->desk);
	ignores_free(&c->ignores);
	guard_free(&c->guard);
	board_free(&c->board);
	flood_past_free(&c->flood_past);
	flood_charges_fini(&c->flood_charges);
	quota_free(&c->acts);
	mutex_fini(&c->lock);
	mutex_fini(&c->change);
	mem_free(c);
}

struct room *chat_add_room(struct chat *chat, const struct room_facts *facts)
{
	struct room *room = room_new(&chat->subscribers, facts, chat->replay);

	room->chat = chat;
	name_index_add(&chat->rooms, facts->name, room);
	return room;
}

struct room *chat_default_room(struct chat *chat)
{
	return chat->default_room;
}

struct room *chat_room(struct chat *chat, const char *name)
{
	struct room *room;

	mutex_lock(&chat->lock);
	room = name_index_find(&chat->rooms, name);
	if (room != NULL)
		room_ref(room);
	mutex_unlock(&chat->lock);
	return room;
}

struct person *chat_person(struct chat *chat, const char *name)
{
	struct person *person;

	mutex_lock(&chat->lock);
	person = name_index_find(&chat->people, name);
	if (person != NULL)
		person_ref(person);
	mutex_unlock(&chat->lock);
	return person;
}

struct listing {
	struct room **rooms;
	size_t count;
};

static void list_room(void *what, void *arg)
{
	struct listing *listing = arg;

	listing->rooms[listing->count++] = room_ref(what);
}

struct room **chat_rooms(struct chat *chat, size_t *count_r)
{
	struct listing listing = { 0 };

	mutex_lock(&chat->lock);
	listing.rooms = mem_array(name_index_count(&chat->rooms),
				  sizeof(struct room *));
	name_index_walk(&chat->rooms, list_room, &listing);
	mutex_unlock(&chat->lock);
	*count_r = listing.count;
	return listing.rooms;
}

void chat_free_rooms(struct room **rooms, size_t count)
{
	for (size_t i = 0; i < count; i++)
		room_unref(&rooms[i]);
	mem_free(rooms);
}

void chat_tick(struct chat *chat)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);

	docket_watch_clock(chat);
	for (size_t i = 0; i < count; i++) {
		room_tick(rooms[i]);
		docket_tick(chat, rooms[i]);
	}
	chat_free_rooms(rooms, count);
	flood_charge_tick(chat);
	guard_tick(chat);
	mail_tick(chat);
}

/* How many rooms this user owns. */
static int64_t count_owned(struct chat *chat, user_id user)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);
	int64_t owned = 0;

	for (size_t i = 0; i < count; i++) {
		struct room_facts facts;

		room_facts(rooms[i], &facts);
		owned += facts.owner == user;
	}
	chat_free_rooms(rooms, count);
	return owned;
}

struct creation {
	struct store *store;
	const struct room_facts *facts;
};

static enum err begin_room(struct store_txn *txn, void *arg)
{
	const struct creation *creation = arg;

	return roster_begin_room(txn, creation->store, creation->facts);
}

/* Whoever makes a room owns it: so it is an act. */
static enum err write_room(struct chat *chat, const struct actor *by,
			   const struct room_facts *facts)
{
	struct creation creation = { chat->store, facts };
	struct act act = { .by = by,
			   .action = "room.create",
			   .target = facts->name,
			   .is_discreet = true };

	return act_run(chat, &act, begin_room, &creation);
}

static enum err create(struct chat *chat, const struct actor *by,
		       const char *name, struct room **room_r,
		       struct refusal *why)
{
	struct person *person = by->person;
	struct room_facts facts = { .owner = person->user,
				    .created_ms = clock_wall_ms() };
	enum err e;

	if (person->user == 0)
		return ERR_NO_SUCH_ROOM;
	e = guard_may_speak(person, why);
	if (e == ERR_OK)
		e = lockdown_check(chat, why);
	if (e != ERR_OK)
		return e;
	if (count_owned(chat, person->user) >=
	    atomic_load(&chat->rooms_per_user))
		return ERR_ROOM_LIMIT;
	snprintf(facts.name, sizeof(facts.name), "%s", name);
	e = write_room(chat, by, &facts);
	if (e != ERR_OK)
		return e;
	mutex_lock(&chat->lock);
	*room_r = room_ref(chat_add_room(chat, &facts));
	mutex_unlock(&chat->lock);
	return ERR_OK;
}

static bool is_inside(struct person *person, struct room *room)
{
	bool inside;

	mutex_lock(&person->lock);
	inside = person_is_in(person, room);
	mutex_unlock(&person->lock);
	return inside;
}

static size_t count_inside(struct person *person)
{
	size_t count;

	mutex_lock(&person->lock);
	count = person->room_count;
	mutex_unlock(&person->lock);
	return count;
}

static enum err join_locked(struct chat *chat, const struct actor *by,
			    const char *name, const char *key,
			    const struct tally *tally, struct room **room_r,
			    struct refusal *why)
{
	struct person *person = by->person;
	struct room *room = chat_room(chat, name);
	bool is_in = room != NULL && is_inside(person, room);
	enum err e = ERR_OK;

	if (!is_in && room != NULL)
		e = gate_join(room, by, key, why);
	if (e == ERR_OK && !is_in && count_inside(person) >= ROOMS_INSIDE_MOST)
		e = ERR_ROOM_LIMIT;
	else if (room == NULL)
		e = create(chat, by, name, &room, why);
	else if (e == ERR_OK && !is_in && person->user != 0 &&
		 room != chat->default_room)
		e = roster_add_member(chat->store, person->user, name);
	if (e != ERR_OK) {
		room_unref(&room);
		return e;
	}
	*room_r = room;
	if (!is_in)
		invite_use(chat, by, room);
	return chat_enter(person, room, by->origin,
			  room == chat->default_room ? person->since_ms
						     : clock_wall_ms(),
			  tally)
		       ? ERR_OK
		       : ERR_EXISTS;
}

static void warm(struct chat *chat, const char *name)
{
	struct room *room = chat_room(chat, name);

	if (room != NULL)
		history_warm(chat, room);
	room_unref(&room);
}

/* What who joins will be shown is read before any lock is taken. */
static void prepare(struct chat *chat, const struct actor *by, const char *name,
		    struct tally *tally_r)
{
	struct room *room;

	warm(chat, name);
	memset(tally_r, 0, sizeof(*tally_r));
	room = chat_room(chat, name);
	if (room != NULL)
		missed_find(chat, by->user, by->name, room, tally_r);
	room_unref(&room);
}

enum err chat_join(struct chat *chat, const struct actor *by, const char *name,
		   const char *key, struct room **room_r, struct refusal *why)
{
	struct tally tally;
	enum err e;

	*room_r = NULL;
	if (!name_is_valid(name))
		return ERR_BAD_NAME;
	prepare(chat, by, name, &tally);
	mutex_lock(&chat->change);
	e = chat_check_actor(by);
	if (e == ERR_OK)
		e = join_locked(chat, by, name, key, &tally, room_r, why);
	mutex_unlock(&chat->change);
	return e;
}

static void leave(struct person *person, struct room *room)
{
	mutex_lock(&person->lock);
	if (person_is_in(person, room)) {
		room_exit(room, person, MESSAGE_PARTED);
		person_drop_room(person, room);
	}
	mutex_unlock(&person->lock);
}

enum err chat_leave(struct chat *chat, struct person *person, struct room *room)
{
	enum err e = ERR_OK;

	mutex_lock(&chat->change);
	if (!is_inside(person, room))
		e = ERR_NO_ROOM;
	else if (person->user != 0)
		e = roster_drop_member(chat->store, person->user,
				       room_name(room));
	if (e == ERR_OK)
		leave(person, room);
	mutex_unlock(&chat->change);
	return e;
}

enum err chat_memberships(struct chat *chat, user_id user,
			  struct room_names *names)
{
	struct user record;
	enum err e = users_get(chat->users, user, &record);

	names->user_ms = e == ERR_OK ? record.created_ms : 0;
	e = roster_list(chat->store, user, names);
	for (size_t i = 0; e == ERR_OK && i < names->count; i++)
		warm(chat, names->names[i]);
	return e;
}
