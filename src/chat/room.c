#include "chat/room.h"

#include <assert.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "chat/crowd.h"
#include "chat/gate.h"
#include "chat/history/replay.h"
#include "chat/ignore/ignore_people.h"
#include "chat/marker/missed.h"
#include "chat/mention/mentioned.h"
#include "chat/mode/held.h"
#include "chat/person.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_gate.h"
#include "chat/watch.h"

enum {
	/* So many people may come and go in a second and be told one by one. */
	NOTICES_PER_SECOND = 5,
};

static int compare_members(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct member *)a)->person;
	uintptr_t y = (uintptr_t)((const struct member *)b)->person;

	return (x > y) - (x < y);
}

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

/* One more may be told by name in this second. */
static bool may_notice_locked(struct room *room)
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

static void notice_locked(struct room *room, enum message_kind kind,
			  const char *name)
{
	if (room->closing != NULL)
		return; /* all leave, which was told */
	if (may_notice_locked(room)) {
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

struct member *room_find_member(struct room *room, const struct person *person)
{
	uintptr_t address = (uintptr_t)person;
	struct member key = { .person = (struct person *)address };
	void *node = tfind(&key, &room->members, compare_members);

	return node == NULL ? NULL : *(struct member **)node;
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

static struct member *make_member(struct person *person, int64_t since_ms)
{
	struct member *member = mem_zero(sizeof(*member));
	int64_t age_ms = clock_wall_ms() - since_ms;

	member->person = person_ref(person);
	member->since_ms = clock_mono_ms() - (age_ms > 0 ? age_ms : 0);
	memcpy(member->name, person->name, sizeof(member->name));
	if (person->subject != NULL)
		member->subject = subject_ref(person->subject);
	return member;
}

static void free_member(struct member *member)
{
	person_unref(&member->person);
	subject_unref(&member->subject);
	mem_free(member);
}

/* A guest has names enough. */
static const char *leaver_name(const struct member *member)
{
	const struct subject *subject = member->subject;

	return subject == NULL || subject->count == 0 ||
			       subject->hosts[0].is_local
		       ? member->name
		       : subject->hosts[0].cloak;
}

static void take_in_locked(struct room *room, struct member *member,
			   uint64_t origin, const struct tally *tally)
{
	struct person *person = member->person;
	struct message *entered;
	void *node;

	member->has_spoken =
		leavers_find(&room->leavers, person->user, leaver_name(member),
			     &member->spoke_ms);
	notice_locked(room, MESSAGE_JOINED, person->name);
	watch_tell(room, WATCH_JOINED, person->name, "");
	node = tsearch(member, &room->members, compare_members);
	assert(node != NULL && *(struct member **)node == member);
	(void)node;
	roll_add(&room->roll, member->name, member);
	room->member_count++;
	for (unsigned i = 0; i < room->subscribers->count; i++)
		room->present[i] += person->sessions[i] > 0;
	entered = replay_new(room, member, tally);
	bookmark_begin(room, member, person->absence.text != NULL, tally);
	entered->origin = origin;
	person_deliver(person, entered);
	message_unref(&entered);
}

bool room_enter(struct room *room, struct person *person, uint64_t origin,
		int64_t since_ms, const struct tally *tally)
{
	struct member *member = make_member(person, since_ms);
	bool is_barred;

	mutex_lock(&room->lock);
	is_barred = sanction_gate_bars(room, member);
	if (!is_barred)
		take_in_locked(room, member, origin, tally);
	mutex_unlock(&room->lock);
	if (is_barred)
		free_member(member);
	return !is_barred;
}

/* What is left of the member is the caller's. */
static struct member *take_out_locked(struct room *room, struct person *person)
{
	struct message *exited =
		message_new(MESSAGE_EXITED, room, person, "", "");
	struct member *member = room_find_member(room, person);

	assert(member != NULL);
	bookmark_end(room, member);
	tdelete(member, &room->members, compare_members);
	roll_drop(&room->roll, member->name);
	if (member->has_spoken)
		leavers_add(&room->leavers, person->user, leaver_name(member),
			    member->spoke_ms);
	room->member_count--;
	watch_tell(room, WATCH_LEFT, member->name, "");
	for (unsigned i = 0; i < room->subscribers->count; i++)
		room->present[i] -= person->sessions[i] > 0;
	person_deliver(person, exited);
	message_unref(&exited);
	return member;
}

void room_exit(struct room *room, struct person *person, enum message_kind kind)
{
	struct member *member;

	mutex_lock(&room->lock);
	member = take_out_locked(room, person);
	notice_locked(room, kind, member->name);
	mutex_unlock(&room->lock);
	free_member(member);
}

/* Of many at once, each is told of itself, and the others of the crowd. */
void room_expel(struct room *room, struct person *person, const char *by,
		const char *why)
{
	struct message *m = message_new(MESSAGE_KICKED, room, person, by, why);
	struct member *member;

	mutex_lock(&room->lock);
	memcpy(m->peer, person->name, sizeof(m->peer));
	if (may_notice_locked(room)) {
		room_tell(room, MESSAGE_KICKED, by, m->peer, why, 0);
	} else {
		person_deliver(person, m);
		crowd_add(&room->went, m->peer);
	}
	member = take_out_locked(room, person);
	mutex_unlock(&room->lock);
	free_member(member);
	message_unref(&m);
}

void room_identify(struct room *room, struct person *person)
{
	struct member *member;

	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	assert(member != NULL);
	subject_unref(&member->subject);
	member->subject = subject_ref(person->subject);
	member->verdict.version = 0;
	mutex_unlock(&room->lock);
}

void room_worker_came(struct room *room, unsigned subscriber)
{
	mutex_lock(&room->lock);
	room->present[subscriber]++;
	mutex_unlock(&room->lock);
}

void room_worker_went(struct room *room, unsigned subscriber)
{
	mutex_lock(&room->lock);
	room->present[subscriber]--;
	mutex_unlock(&room->lock);
}

/* What the member has missed, who is away; the tally may be of before. */
static struct tally tally_of(const struct member *member,
			     const struct tally *tally)
{
	const struct marker *marker = &member->bookmark.marker;
	struct tally none = { 0 };

	if (!member->bookmark.is_stopped)
		return none;
	if (tally != NULL && tally->marker.id == marker->id)
		return *tally;
	none.marker = *marker;
	none.counted_to = marker->id;
	return none;
}

void room_attach(struct room *room, struct person *person, unsigned subscriber,
		 uint64_t session, const struct tally *tally)
{
	struct subscriber *to = room->subscribers->list[subscriber];
	const struct member *member;
	struct tally missed;
	struct message *m;

	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	assert(member != NULL);
	missed = tally_of(member, tally);
	m = replay_new(room, member, &missed);
	m->session = session;
	to->deliver(to, m);
	mutex_unlock(&room->lock);
	message_unref(&m);
}

void room_rename(struct room *room, struct person *person, const char *name)
{
	struct member *member;

	mutex_lock(&room->lock);
	member = room_find_member(room, person);
	assert(member != NULL);
	room_tell(room, MESSAGE_RENAMED, member->name, "", name, 0);
	roll_drop(&room->roll, member->name);
	snprintf(member->name, sizeof(member->name), "%s", name);
	roll_add(&room->roll, member->name, member);
	mutex_unlock(&room->lock);
}

bool room_has(struct room *room, const struct person *person)
{
	bool is_inside;

	mutex_lock(&room->lock);
	is_inside = room_find_member(room, person) != NULL;
	mutex_unlock(&room->lock);
	return is_inside;
}

size_t room_count(struct room *room)
{
	size_t count;

	mutex_lock(&room->lock);
	count = room->member_count;
	mutex_unlock(&room->lock);
	return count;
}
