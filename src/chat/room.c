#include "chat/room.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "chat/crowd.h"
#include "chat/gate.h"
#include "chat/ignore/ignore_people.h"
#include "chat/mention/mentioned.h"
#include "chat/mode/held.h"
#include "chat/room_fields.h"
#include "chat/watch.h"

enum {
	/* So many people may come and go in a second and be told one by one. */
	NOTICES_PER_SECOND = 5,
};

struct room *room_new(const struct subscribers *subscribers,
		      const struct room_facts *facts, size_t replay)
{
	struct room *room = mem_zero(sizeof(*room));

	atomic_init(&room->refs, 1);
	room->subscribers = subscribers;
	memcpy(room->name, facts->name, sizeof(room->name));
	room->slots = mem_array(subscribers->count, sizeof(room->slots[0]));
	room->present = mem_array(subscribers->count, sizeof(room->present[0]));
	recent_init(&room->history.recent, replay);
	room->facts = *facts;
	mutex_init(&room->lock, LOCK_ROOM);
	return room;
}

struct room *room_ref(struct room *room)
{
	atomic_fetch_add_explicit(&room->refs, 1, memory_order_relaxed);
	return room;
}

void room_unref(struct room **room)
{
	struct room *r = *room;

	*room = NULL;
	if (r == NULL || atomic_fetch_sub(&r->refs, 1) != 1)
		return;
	assert(r->member_count == 0 && r->history.recent.count == 0);
	mutex_fini(&r->lock);
	rights_fini(&r->rights);
	leavers_fini(&r->leavers);
	sanctions_fini(&r->sanctions);
	docket_fini(&r->docket);
	mem_free(r->closing);
	roll_fini(&r->roll);
	recent_fini(&r->history.recent);
	erasures_fini(&r->history.erasures);
	mem_free(r->present);
	mem_free(r->slots);
	mem_free(r);
}

const char *room_name(const struct room *room)
{
	return room->name;
}

void room_facts(struct room *room, struct room_facts *facts_r)
{
	mutex_lock(&room->lock);
	*facts_r = room->facts;
	mutex_unlock(&room->lock);
}

enum rank room_rank_of(const struct room *room, user_id user, role_set roles)
{
	enum rank rank = rank_of_roles(roles);
	const struct right *right;

	if (user == 0 || rank > RANK_OWNER)
		return rank;
	if (user == room->facts.owner)
		return RANK_OWNER;
	right = rights_find(&room->rights, user);
	return right != NULL ? right->rank : rank;
}

enum rank room_rank(struct room *room, user_id user, role_set roles)
{
	enum rank rank;

	mutex_lock(&room->lock);
	rank = room_rank_of(room, user, roles);
	mutex_unlock(&room->lock);
	return rank;
}

void *room_slot(const struct room *room, unsigned subscriber)
{
	return room->slots[subscriber];
}

void room_set_slot(struct room *room, unsigned subscriber, void *data)
{
	room->slots[subscriber] = data;
}

/* Hands m to each worker that has members. */
static void tell_locked(struct room *room, struct message *m)
{
	for (unsigned i = 0; i < room->subscribers->count; i++) {
		struct subscriber *subscriber = room->subscribers->list[i];

		if (room->present[i] > 0)
			subscriber->deliver(subscriber, m);
	}
}

void room_tell(struct room *room, enum message_kind kind, const char *from,
	       const char *peer, const char *text, uint64_t origin)
{
	struct message *m = message_new(kind, room, NULL, from, text);

	snprintf(m->peer, sizeof(m->peer), "%s", peer);
	m->origin = origin;
	tell_locked(room, m);
	message_unref(&m);
}

void room_tell_message(struct room *room, struct message *m)
{
	tell_locked(room, m);
}

/* Tells of those who came and went too fast to be told one by one. */
static void tell_crowds_locked(struct room *room)
{
	AUTO(buf_fini) struct buf text = { 0 };

	if (room->came.count > 0) {
		crowd_tell(&room->came, "joined", &text);
		room_tell(room, MESSAGE_CROWD, "", "", buf_text(&text), 0);
	}
	buf_reset(&text);
	if (room->went.count > 0) {
		crowd_tell(&room->went, "left", &text);
		room_tell(room, MESSAGE_CROWD, "", "", buf_text(&text), 0);
	}
}

bool room_may_notice(struct room *room)
{
	int64_t second = clock_mono_ms() / 1000;

	if (second != room->notice_second) {
		room->notice_second = second;
		room->notices = 0;
		tell_crowds_locked(room);
	}
	if (room->notices == NOTICES_PER_SECOND)
		return false;
	room->notices++;
	return true;
}

void room_notice(struct room *room, enum message_kind kind, const char *name)
{
	if (room->closing != NULL)
		return; /* all leave, which was told */
	if (room_may_notice(room)) {
		room_tell(room, kind, name, "", "", 0);
	} else if (kind == MESSAGE_JOINED) {
		crowd_add(&room->came, name);
	} else {
		crowd_add(&room->went, name);
	}
}

void room_tick(struct room *room)
{
	mutex_lock(&room->lock);
	if (clock_mono_ms() / 1000 != room->notice_second)
		tell_crowds_locked(room);
	mutex_unlock(&room->lock);
}

void room_forget(struct room *room)
{
	mutex_lock(&room->lock);
	recent_clear(&room->history.recent);
	mutex_unlock(&room->lock);
}

void room_utter(struct room *room, struct message *m)
{
	struct message *notice;

	tell_crowds_locked(room);
	history_add(room, m);
	tell_locked(room, m);
	notice = mentioned_new(room, m);
	if (notice != NULL)
		tell_locked(room, notice);
	message_unref(&notice);
}

enum err room_say(struct room *room, struct person *person,
		  enum message_kind kind, const char *text, uint64_t origin,
		  struct refusal *why)
{
	struct message *m = message_new(kind, room, NULL, "", text);
	struct held held = { 0 };
	struct member *member;
	enum err e = ERR_NO_ROOM;

	m->origin = origin;
	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	if (member != NULL) {
		memcpy(m->from, member->name, sizeof(m->from));
		ignore_mark(person, m);
		e = gate_speak(room, member, m, why);
	}
	if (e == ERR_OK) {
		modes_note_speaker(room, member);
		room_utter(room, m);
		watch_tell(room, WATCH_SAID, m->from, m->text);
	} else if (e == ERR_HELD) {
		held_gather(&held, room);
	}
	mutex_unlock(&room->lock);
	held_tell(&held, room, m);
	message_unref(&m);
	return e;
}

void room_set_topic(struct room *room, const char *topic, const char *by,
		    int64_t time_ms, uint64_t origin)
{
	mutex_lock(&room->lock);
	snprintf(room->facts.topic, sizeof(room->facts.topic), "%s", topic);
	snprintf(room->facts.topic_by, sizeof(room->facts.topic_by), "%s", by);
	room->facts.topic_ms = time_ms;
	room_tell(room, MESSAGE_TOPIC, by, "", topic, origin);
	mutex_unlock(&room->lock);
}
