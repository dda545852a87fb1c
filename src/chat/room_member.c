/* Who is in a room: people come in, go and change their names. */
#include <assert.h>
#include <search.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/history/replay.h"
#include "chat/marker/missed.h"
#include "chat/person_fields.h"
#include "chat/room_fields.h"
#include "chat/sanction/sanction_gate.h"
#include "chat/watch.h"

static int compare_members(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct member *)a)->person;
	uintptr_t y = (uintptr_t)((const struct member *)b)->person;

	return (x > y) - (x < y);
}

struct member *room_find_member(struct room *room, const struct person *person)
{
	uintptr_t address = (uintptr_t)person;
	struct member key = { .person = (struct person *)address };
	void *node = tfind(&key, &room->members, compare_members);

	return node == NULL ? NULL : *(struct member **)node;
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
	room_notice(room, MESSAGE_JOINED, person->name);
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
	room_notice(room, kind, member->name);
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
	if (room_may_notice(room)) {
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
