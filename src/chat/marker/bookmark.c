#include "chat/marker/bookmark.h"

#include <search.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/chat_fields.h"
#include "chat/history/replay.h"
#include "chat/marker/marker_queue.h"
#include "chat/marker/missed.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "log/log.h"
#include "user/users.h"

enum {
	PERIOD_MS = 10 * 1000, /* how often the markers of all are noted */
	WRITTEN_AT_ONCE = 256,
};

static struct marker end_of(const struct room *room)
{
	return (struct marker){ room->history.last_id, clock_wall_ms() };
}

static void note_locked(struct room *room, struct member *member,
			const struct marker *marker)
{
	struct marker_note note = { member->person->user, room, *marker };

	member->bookmark.noted_id = marker->id;
	if (!atomic_load(&member->person->is_removed))
		marker_queue_put(room->chat->markers, &note);
}

static bool has_markers(const struct room *room, const struct member *member)
{
	return room->chat != NULL && member->person->user != 0;
}

void bookmark_begin(struct room *room, struct member *member, bool is_away,
		    const struct tally *tally)
{
	struct bookmark *bookmark = &member->bookmark;

	if (!has_markers(room, member))
		return;
	bookmark->marker = end_of(room);
	bookmark->is_stopped = is_away;
	bookmark->noted_id = bookmark->marker.id;
	if (tally == NULL || tally->marker.time_ms == 0 ||
	    tally->marker.id != bookmark->marker.id)
		note_locked(room, member, &bookmark->marker);
}

void bookmark_end(struct room *room, struct member *member)
{
	struct marker marker;

	if (!has_markers(room, member))
		return;
	marker = member->bookmark.is_stopped ? member->bookmark.marker
					     : end_of(room);
	note_locked(room, member, &marker);
}

/* With the person's lock. */
static void stop_in(struct room *room, const struct person *person)
{
	struct member *member;

	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	if (has_markers(room, member) && !member->bookmark.is_stopped) {
		member->bookmark.marker = end_of(room);
		member->bookmark.is_stopped = true;
		note_locked(room, member, &member->bookmark.marker);
	}
	mutex_unlock(&room->lock);
}

static void stop_locked(struct person *person)
{
	for (size_t i = 0; i < person->room_count; i++)
		stop_in(person->rooms[i], person);
}

void bookmark_stop(struct person *person, const char *text)
{
	mutex_lock(&person->lock);
	absence_set(&person->absence, text);
	stop_locked(person);
	mutex_unlock(&person->lock);
}

bool bookmark_of_member(struct room *room, const struct person *person,
			struct marker *marker_r)
{
	const struct member *member;

	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	if (member != NULL)
		*marker_r = member->bookmark.is_stopped
				    ? member->bookmark.marker
				    : end_of(room);
	mutex_unlock(&room->lock);
	return member != NULL;
}

/* What is in memory, as those who enter are told; and the marker moves on. */
static void resume_locked(struct room *room, struct member *member,
			  const struct tally *tally, struct missed *missed_r)
{
	struct message *m = replay_new(room, member, tally);

	*missed_r = m->missed;
	message_unref(&m);
	member->bookmark.is_stopped = false;
	member->bookmark.marker = end_of(room);
	note_locked(room, member, &member->bookmark.marker);
}

static void resume_in(struct chat *chat, struct room *room,
		      struct person *person, struct reader *reader,
		      struct buf *out)
{
	struct tally tally = { 0 };
	struct missed missed = { 0 };
	struct member *member;

	if (!bookmark_of_member(room, person, &tally.marker))
		return;
	missed_count(chat, room, reader, &tally);
	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	if (member != NULL && member->bookmark.is_stopped)
		resume_locked(room, member, &tally, &missed);
	mutex_unlock(&room->lock);
	if (missed.count == 0)
		return;
	missed_print(&missed, room_name(room), clock_wall_ms(), out);
	buf_add_char(out, '\n');
}

void bookmark_resume(struct chat *chat, struct person *person, struct buf *out)
{
	char name[NAME_MOST + 1];
	struct reader reader;
	struct room **rooms;
	size_t count;

	person_name(person, name);
	reader_init(&reader, chat, person->user, name);
	count = person_copy_rooms(person, &rooms);
	for (size_t i = 0; i < count; i++)
		resume_in(chat, rooms[i], person, &reader, out);
	chat_free_rooms(rooms, count);
	/* Away again in another session, meanwhile. */
	mutex_lock(&person->lock);
	if (person->absence.text != NULL)
		stop_locked(person);
	mutex_unlock(&person->lock);
}

static void note_member(const void *node, VISIT visit, void *arg)
{
	struct member *member = *(struct member *const *)node;
	struct room *room = arg;
	struct marker marker;

	if ((visit != postorder && visit != leaf) ||
	    !has_markers(room, member) || member->bookmark.is_stopped ||
	    member->bookmark.noted_id == room->history.last_id)
		return;
	marker = end_of(room);
	note_locked(room, member, &marker);
}

/* So that a power cut costs little of what was read. */
static void note_all(struct chat *chat)
{
	size_t count;
	struct room **rooms = chat_rooms(chat, &count);

	for (size_t i = 0; i < count; i++) {
		mutex_lock(&rooms[i]->lock);
		if (rooms[i]->history.noted_id != rooms[i]->history.last_id)
			twalk_r(rooms[i]->members, note_member, rooms[i]);
		rooms[i]->history.noted_id = rooms[i]->history.last_id;
		mutex_unlock(&rooms[i]->lock);
	}
	chat_free_rooms(rooms, count);
}

struct writing {
	struct chat *chat;
	struct marker_note notes[WRITTEN_AT_ONCE];
	struct marker stored[WRITTEN_AT_ONCE];
	size_t count;
};

/* A number that is not noted as given may be given again after a power cut. */
static struct marker stored_of(const struct marker_note *note)
{
	struct marker marker = note->marker;

	mutex_lock(&note->room->lock);
	if (marker.id > note->room->history.given)
		marker.id = note->room->history.given;
	mutex_unlock(&note->room->lock);
	return marker;
}

static enum err write_batch(struct store_txn *txn, void *arg)
{
	const struct writing *w = arg;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < w->count; i++)
		e = marker_put(txn, w->chat->store, w->notes[i].user,
			       room_name(w->notes[i].room), &w->stored[i]);
	return e;
}

/* With the change lock: a removed user leaves nothing behind. */
static void drop_removed(struct writing *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->count; i++) {
		struct user user;

		if (users_get(w->chat->users, w->notes[i].user, &user) !=
		    ERR_NO_SUCH_USER)
			w->notes[kept++] = w->notes[i];
		else
			marker_queue_done(w->chat->markers, &w->notes[i], 1);
	}
	w->count = kept;
}

static enum err write_some(struct writing *w)
{
	struct chat *chat = w->chat;
	enum err e = ERR_OK;

	mutex_lock(&chat->change);
	drop_removed(w);
	for (size_t i = 0; i < w->count; i++)
		w->stored[i] = stored_of(&w->notes[i]);
	if (w->count > 0)
		e = store_run(chat->store, write_batch, w);
	mutex_unlock(&chat->change);
	if (e == ERR_OK)
		marker_queue_done(chat->markers, w->notes, w->count);
	return e;
}

static void write_all(struct chat *chat)
{
	bool is_more;
	struct writing *w = mem_zero(sizeof(*w));
	enum err e;

	w->chat = chat;
	do {
		w->count = marker_queue_peek(chat->markers, w->notes,
					     WRITTEN_AT_ONCE);
		is_more = w->count == WRITTEN_AT_ONCE;
		e = write_some(w);
	} while (e == ERR_OK && is_more);
	mem_free(w);
	marker_queue_trim(chat->markers);
}

bool bookmark_is_due(struct chat *chat)
{
	return marker_queue_is_due(chat->markers) ||
	       clock_mono_ms() >= atomic_load(&chat->bookmark_note_ms);
}

void bookmark_keep(struct chat *chat)
{
	if (clock_mono_ms() >= atomic_load(&chat->bookmark_note_ms)) {
		atomic_store(&chat->bookmark_note_ms,
			     clock_mono_ms() + PERIOD_MS);
		note_all(chat);
	}
	write_all(chat);
}

void bookmark_close(struct chat *chat)
{
	write_all(chat);
}

enum err bookmark_marker(struct chat *chat, user_id user, struct room *room,
			 struct marker *marker_r)
{
	if (marker_queue_find(chat->markers, user, room, marker_r))
		return ERR_OK;
	return marker_get(chat->store, user, room_name(room), marker_r);
}

const struct tally *bookmark_freshen(struct chat *chat, user_id user,
				     const struct room *room,
				     const struct tally *tally,
				     struct tally *fresh)
{
	if (tally == NULL)
		return NULL;
	memset(fresh, 0, sizeof(*fresh));
	if (!marker_queue_find(chat->markers, user, room, &fresh->marker) ||
	    fresh->marker.id <= tally->marker.id)
		return tally;
	fresh->counted_to = fresh->marker.id;
	return fresh;
}
