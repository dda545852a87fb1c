#include "chat/person.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "chat/message.h"
#include "chat/person_fields.h"
#include "chat/room.h"

/* Above the numbers of users. */
static const uint64_t guest_bit = UINT64_C(1) << 63;
static atomic_uint_least64_t guests;

struct person *person_new(const struct subscribers *subscribers, user_id user,
			  const char *name)
{
	struct person *p = mem_zero(sizeof(*p));

	atomic_init(&p->refs, 1);
	p->subscribers = subscribers;
	p->user = user;
	p->number = user != 0 ? user : guest_bit | atomic_fetch_add(&guests, 1);
	p->since_ms = clock_wall_ms();
	p->slots = mem_array(subscribers->count, sizeof(p->slots[0]));
	p->sessions = mem_array(subscribers->count, sizeof(p->sessions[0]));
	atomic_init(&p->touched_ms, clock_mono_ms());
	mutex_init(&p->flood.lock, LOCK_TABLE);
	mutex_init(&p->lock, LOCK_PERSON);
	snprintf(p->name, sizeof(p->name), "%s", name);
	return p;
}

struct person *person_ref(struct person *p)
{
	atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
	return p;
}

void person_unref(struct person **p)
{
	struct person *person = *p;

	*p = NULL;
	if (person == NULL || atomic_fetch_sub(&person->refs, 1) != 1)
		return;
	for (size_t i = 0; i < person->room_count; i++)
		room_unref(&person->rooms[i]);
	mutex_fini(&person->lock);
	mutex_fini(&person->flood.lock);
	mem_free(person->rooms);
	mem_free(person->sessions);
	mem_free(person->hosts);
	subject_unref(&person->subject);
	mem_free(person->slots);
	absence_fini(&person->absence);
	mem_free(person);
}

user_id person_user(const struct person *p)
{
	return p->user;
}

bool person_is_guest(const struct person *p)
{
	return p->user == 0;
}

uint64_t person_number(const struct person *p)
{
	return p->number;
}

bool person_number_is_guest(uint64_t number)
{
	return (number & guest_bit) != 0;
}

role_set person_roles(const struct person *p)
{
	return atomic_load(&p->roles);
}

void person_name(struct person *p, char name_r[NAME_MOST + 1])
{
	mutex_lock(&p->lock);
	memcpy(name_r, p->name, sizeof(p->name));
	mutex_unlock(&p->lock);
}

void *person_slot(const struct person *p, unsigned subscriber)
{
	return p->slots[subscriber];
}

void person_set_slot(struct person *p, unsigned subscriber, void *data)
{
	p->slots[subscriber] = data;
}

void person_set_away(struct person *p, const char *text)
{
	mutex_lock(&p->lock);
	absence_set(&p->absence, text);
	mutex_unlock(&p->lock);
}

static bool print_away(struct person *p, const struct person *asker,
		       struct buf *text)
{
	bool is_away;

	mutex_lock(&p->lock);
	is_away = p->absence.text != NULL;
	if (is_away &&
	    (asker == NULL || absence_note(&p->absence, asker->number)))
		buf_add_text(text, p->absence.text);
	mutex_unlock(&p->lock);
	return is_away;
}

bool person_away(struct person *p, struct buf *text)
{
	return print_away(p, NULL, text);
}

bool person_answer_away(struct person *p, const struct person *asker,
			struct buf *text)
{
	return print_away(p, asker, text);
}

void person_touch(struct person *p)
{
	atomic_store_explicit(&p->touched_ms, clock_mono_ms(),
			      memory_order_relaxed);
}

int64_t person_idle_s(const struct person *p)
{
	return (clock_mono_ms() - atomic_load(&p->touched_ms)) / 1000;
}

void person_deliver(const struct person *p, struct message *m)
{
	for (unsigned i = 0; i < p->subscribers->count; i++) {
		struct subscriber *subscriber = p->subscribers->list[i];

		if (p->sessions[i] > 0)
			subscriber->deliver(subscriber, m);
	}
}

void person_send(struct person *p, struct message *m)
{
	mutex_lock(&p->lock);
	person_deliver(p, m);
	mutex_unlock(&p->lock);
}

void person_add_host(struct person *p, uint64_t session, const char *address)
{
	struct host *host;

	p->hosts =
		mem_resize(p->hosts, (p->host_count + 1) * sizeof(p->hosts[0]));
	host = &p->hosts[p->host_count++];
	host->session = session;
	snprintf(host->address, sizeof(host->address), "%s", address);
}

void person_drop_host(struct person *p, uint64_t session)
{
	size_t i = 0;

	while (i < p->host_count && p->hosts[i].session != session)
		i++;
	if (i < p->host_count)
		p->hosts[i] = p->hosts[--p->host_count];
}

bool person_has_host(const struct person *p, const char *address)
{
	for (size_t i = 0; i < p->host_count; i++) {
		if (strcmp(p->hosts[i].address, address) == 0)
			return true;
	}
	return false;
}

bool person_is_in(const struct person *p, const struct room *room)
{
	for (size_t i = 0; i < p->room_count; i++) {
		if (p->rooms[i] == room)
			return true;
	}
	return false;
}

void person_add_room(struct person *p, struct room *room)
{
	p->rooms =
		mem_resize(p->rooms, (p->room_count + 1) * sizeof(p->rooms[0]));
	p->rooms[p->room_count++] = room_ref(room);
}

void person_drop_room(struct person *p, struct room *room)
{
	for (size_t i = 0; i < p->room_count; i++) {
		if (p->rooms[i] != room)
			continue;
		room_unref(&p->rooms[i]);
		memmove(&p->rooms[i], &p->rooms[i + 1],
			(p->room_count - i - 1) * sizeof(p->rooms[0]));
		p->room_count--;
		return;
	}
}

size_t person_copy_rooms(struct person *p, struct room ***rooms_r)
{
	size_t count;

	mutex_lock(&p->lock);
	count = p->room_count;
	*rooms_r = mem_copy(p->rooms, count * sizeof(p->rooms[0]));
	for (size_t i = 0; i < count; i++)
		room_ref((*rooms_r)[i]);
	mutex_unlock(&p->lock);
	return count;
}

void person_print_rooms(struct person *p, struct person *in_common,
			struct buf *out)
{
	struct room **rooms;
	size_t count = person_copy_rooms(p, &rooms);
	const char *comma = "";

	for (size_t i = 0; i < count; i++) {
		bool is_shown = true;

		if (in_common != NULL) {
			mutex_lock(&in_common->lock);
			is_shown = person_is_in(in_common, rooms[i]);
			mutex_unlock(&in_common->lock);
		}
		if (is_shown) {
			buf_print(out, "%s%s", comma, room_name(rooms[i]));
			comma = ", ";
		}
		room_unref(&rooms[i]);
	}
	mem_free(rooms);
}
