/* Who is here: people come, go and change their names. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/thread.h"
#include "chat/chat_fields.h"
#include "chat/flood/flood_gate.h"
#include "chat/gate.h"
#include "chat/guard/guard_people.h"
#include "chat/ignore/ignore_people.h"
#include "chat/marker/missed.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/tell.h"
#include "user/users.h"

bool chat_enter(struct person *person, struct room *room, uint64_t origin,
		int64_t since_ms, const struct tally *tally)
{
	bool is_new;

	mutex_lock(&person->lock);
	is_new = person->session_count > 0 && !person_is_in(person, room) &&
		 !closing_get(room, NULL) &&
		 room_enter(room, person, origin, since_ms, tally);
	if (is_new)
		person_add_room(person, room);
	mutex_unlock(&person->lock);
	return is_new;
}

/* What the user has missed of the room, or NULL. */
static const struct tally *tally_of(const struct chat *chat,
				    const struct room_names *names,
				    const struct room *room)
{
	size_t i = 0;

	if (names == NULL || names->tallies == NULL)
		return NULL;
	while (i < names->count &&
	       name_compare(names->names[i], room_name(room)) != 0)
		i++;
	if (i == names->count && room != chat->default_room)
		return NULL;
	return &names->tallies[i];
}

/* Counts the session; the rooms the person is in are told to it. */
static void attach_locked(struct chat *chat, struct person *person,
			  const struct chat_arrival *arrival)
{
	unsigned subscriber = arrival->subscriber;
	uint64_t session = arrival->session;

	mutex_lock(&person->lock);
	atomic_store(&person->roles, arrival->roles);
	person_add_host(person, session, arrival->address);
	guard_weigh(person->guard, person);
	ignore_weigh(chat, person);
	if (person->subject == NULL ||
	    !subject_has(person->subject, arrival->address))
		subject_renew(person, chat->cloak_key);
	person->session_count++;
	if (person->sessions[subscriber]++ == 0) {
		for (size_t i = 0; i < person->room_count; i++)
			room_worker_came(person->rooms[i], subscriber);
	}
	for (size_t i = 0; i < person->room_count; i++)
		room_attach(person->rooms[i], person, subscriber, session,
			    tally_of(chat, arrival->rooms, person->rooms[i]));
	mutex_unlock(&person->lock);
}

/* Into a room, unless it is closed or there is a ban, which is told. */
static void come_back(struct person *person, struct room *room,
		      uint64_t session, int64_t since_ms,
		      const struct tally *tally)
{
	struct refusal why = { 0 };
	struct tally fresh;
	enum err e = ERR_OK;

	tally = bookmark_freshen(room->chat, person->user, room, tally, &fresh);
	if (chat_enter(person, room, session, since_ms, tally))
		return;
	mutex_lock(&person->lock);
	if (!person_is_in(person, room))
		e = gate_return(room, person, &why);
	mutex_unlock(&person->lock);
	if (e != ERR_OK)
		tell_notice(person, session, why.text);
}

static void enter_rooms_locked(struct chat *chat, struct person *person,
			       const struct room_names *names, uint64_t session)
{
	for (size_t i = 0; names != NULL && i < names->count; i++) {
		struct room *room =
			name_index_find(&chat->rooms, names->names[i]);

		if (room != NULL && room != chat->default_room)
			come_back(person, room, session,
				  names->since_ms == NULL ? clock_wall_ms()
							  : names->since_ms[i],
				  names->tallies == NULL ? NULL
							 : &names->tallies[i]);
	}
	/* Last, so that its replay ends next to the prompt. */
	come_back(person, chat->default_room, session, person->since_ms,
		  tally_of(chat, names, chat->default_room));
}

enum err chat_arrive(struct chat *chat, const struct chat_arrival *arrival,
		     struct person **person_r)
{
	user_id user = arrival->user;
	struct person *person;
	bool is_new;

	mutex_lock(&chat->lock);
	person = name_index_find(&chat->people, arrival->name);
	if (person != NULL && (user == 0 || person->user != user)) {
		mutex_unlock(&chat->lock);
		return ERR_NAME_TAKEN;
	}
	is_new = person == NULL;
	if (is_new) {
		person = person_new(&chat->subscribers, user, arrival->name);
		person->guard = chat->guard;
		person->ignores = chat->ignores;
		flood_arrive(chat, person, arrival->address);
		if (arrival->rooms != NULL && arrival->rooms->user_ms != 0)
			person->since_ms = arrival->rooms->user_ms;
		name_index_add(&chat->people, arrival->name, person);
	}
	attach_locked(chat, person, arrival);
	enter_rooms_locked(chat, person, is_new ? arrival->rooms : NULL,
			   arrival->session);
	*person_r = person_ref(person);
	mutex_unlock(&chat->lock);
	return ERR_OK;
}

/* A session has gone, and perhaps with it an address. */
static void renew_locked(struct chat *chat, struct person *person)
{
	const struct subject *subject = person->subject;

	for (size_t i = 0; i < subject->count; i++) {
		if (!person_has_host(person, subject->hosts[i].address)) {
			subject_renew(person, chat->cloak_key);
			return;
		}
	}
}

void chat_depart(struct chat *chat, struct person *person, unsigned subscriber,
		 uint64_t session, enum message_kind why)
{
	bool is_last;

	mutex_lock(&chat->lock);
	mutex_lock(&person->lock);
	person_drop_host(person, session);
	guard_weigh(person->guard, person);
	person->session_count--;
	if (--person->sessions[subscriber] == 0) {
		for (size_t i = 0; i < person->room_count; i++)
			room_worker_went(person->rooms[i], subscriber);
	}
	is_last = person->session_count == 0;
	if (is_last)
		flood_depart(chat, person);
	else
		renew_locked(chat, person);
	while (is_last && person->room_count > 0) {
		room_exit(person->rooms[0], person, why);
		person_drop_room(person, person->rooms[0]);
	}
	if (is_last) {
		ignore_depart(chat, person);
		name_index_drop(&chat->people, person->name);
	}
	mutex_unlock(&person->lock);
	mutex_unlock(&chat->lock);
	if (is_last)
		person_unref(&person); /* the table's */
}

void chat_change_roles(struct chat *chat, struct person *person, role_set roles)
{
	mutex_lock(&chat->lock);
	mutex_lock(&person->lock);
	atomic_store(&person->roles, roles);
	guard_weigh(person->guard, person);
	mutex_unlock(&person->lock);
	mutex_unlock(&chat->lock);
}

static void mark_removed(void *what, void *arg)
{
	struct person *person = what;

	if (person->user == *(const user_id *)arg)
		atomic_store(&person->is_removed, true);
}

void chat_mark_removed(struct chat *chat, user_id user)
{
	mutex_lock(&chat->lock);
	name_index_walk(&chat->people, mark_removed, &user);
	mutex_unlock(&chat->lock);
}

enum err chat_check_actor(const struct actor *by)
{
	return by->person != NULL && atomic_load(&by->person->is_removed)
		       ? ERR_DISABLED
		       : ERR_OK;
}

enum err chat_check_user(struct chat *chat, user_id user)
{
	struct user record;

	return users_get(chat->users, user, &record);
}

enum err chat_rename(struct chat *chat, struct person *person, const char *name)
{
	struct person *other;
	enum err e = ERR_OK;

	mutex_lock(&chat->lock);
	other = name_index_find(&chat->people, name);
	if (other != NULL && other != person)
		e = ERR_NAME_TAKEN;
	mutex_lock(&person->lock);
	if (e == ERR_OK && person->session_count > 0 &&
	    strcmp(person->name, name) != 0) {
		name_index_drop(&chat->people, person->name);
		for (size_t i = 0; i < person->room_count; i++)
			room_rename(person->rooms[i], person, name);
		snprintf(person->name, sizeof(person->name), "%s", name);
		name_index_add(&chat->people, name, person);
		subject_renew(person, chat->cloak_key);
		ignore_weigh(chat, person);
	}
	mutex_unlock(&person->lock);
	mutex_unlock(&chat->lock);
	return e;
}
