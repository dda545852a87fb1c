/*
 * The fields of a person, for person.c, room.c and chat.c.
 */
#ifndef RIALTO_CHAT_PERSON_FIELDS_H
#define RIALTO_CHAT_PERSON_FIELDS_H

#include <stdatomic.h>

#include "chat/flood/flood.h"
#include "chat/flood/flood_past.h"
#include "chat/mail/absence.h"
#include "chat/person.h"
#include "chat/sanction/subject.h"

/* Where a session of the person comes from. */
struct host {
	uint64_t session;
	char address[USER_ADDRESS];
};

struct ignores;

struct person {
	atomic_uint refs;
	const struct subscribers *subscribers; /* immutable */
	user_id user;                          /* immutable */
	uint64_t number;  /* see person_number(); immutable */
	int64_t since_ms; /* wall: a user since, or came; immutable */
	void **slots;     /* each its worker's */
	atomic_int_least64_t touched_ms; /* monotonic */
	atomic_uint roles;               /* role_set */
	struct guard *guard;             /* immutable after chat_arrive() */
	atomic_uint_least64_t mute;      /* of the guard, that hits; 0: none */
	atomic_bool is_removed;          /* the user is no more */
	struct ignores *ignores;         /* immutable after chat_arrive() */
	atomic_bool is_shunned; /* somebody may ignore what it says in rooms */
	atomic_bool shuns;      /* it ignores somebody in rooms */

	struct flood_meter flood;
	struct flood_key flood_key; /* immutable after chat_arrive() */

	struct mutex lock;                         /* rank: LOCK_PERSON */
	char name[NAME_MOST + 1] GUARDED_BY(lock); /* and by chat's lock */
	struct absence absence GUARDED_BY(lock);
	unsigned *sessions GUARDED_BY(lock); /* per subscriber */
	unsigned session_count GUARDED_BY(lock);
	struct host *hosts GUARDED_BY(lock);
	size_t host_count GUARDED_BY(lock);
	struct subject *subject GUARDED_BY(lock); /* a reference, or NULL */
	struct room **rooms GUARDED_BY(lock);     /* references */
	size_t room_count GUARDED_BY(lock);
};

/* With the lock held. */
bool person_is_in(const struct person *p, const struct room *room);
void person_add_room(struct person *p, struct room *room);
void person_drop_room(struct person *p, struct room *room);
void person_add_host(struct person *p, uint64_t session, const char *address);
void person_drop_host(struct person *p, uint64_t session);
bool person_has_host(const struct person *p, const char *address);
void person_deliver(const struct person *p, struct message *m);

/*
 * Takes the lock. References to the rooms, for chat_free_rooms(): so that no
 * two people are locked at once.
 */
size_t person_copy_rooms(struct person *p, struct room ***rooms_r);

#endif
