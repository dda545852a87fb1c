/*
 * A chat room: a name, a topic, an owner, the members who are here, and what
 * was said last.
 *
 * Rooms are shared between workers by reference. Every function takes the
 * room's own lock and may be called from any thread, save for the slots.
 * Whatever tells the members something hands one message, under the lock, to
 * each worker that has members: so every worker sees a room in one order.
 */
#ifndef RIALTO_CHAT_ROOM_H
#define RIALTO_CHAT_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/history/retention.h"
#include "chat/message.h"
#include "chat/mode/modes.h"
#include "chat/rank.h"
#include "chat/refusal.h"
#include "chat/subscriber.h"
#include "user/user.h"

struct room;
struct person;

enum {
	TOPIC_MOST = 400,
};

/* What of a room survives a restart. */
struct room_facts {
	char name[NAME_MOST + 1]; /* as its creator wrote it; never changes */
	user_id owner;            /* 0: nobody */
	int64_t created_ms;
	char topic[TOPIC_MOST + 1]; /* "": none */
	char topic_by[NAME_MOST + 1];
	int64_t topic_ms;
	user_id successor; /* owns it when the owner is removed; 0: nobody */
	struct modes modes;
	struct retention retention;
};

/*
 * With one reference; the last `replay` messages are kept, or fewer when their
 * texts together are longer than RECENT_BYTES_MOST.
 */
struct room *room_new(const struct subscribers *subscribers,
		      const struct room_facts *facts, size_t replay);
struct room *room_ref(struct room *room);
void room_unref(struct room **room);

/* Borrowed; lives as long as the room. */
const char *room_name(const struct room *room);
void room_facts(struct room *room, struct room_facts *facts_r);

/* What a user with these roles is here; user 0 is a guest or the console. */
enum rank room_rank(struct room *room, user_id user, role_set roles);

/* The subscriber's own; in its worker only. */
void *room_slot(const struct room *room, unsigned subscriber);
void room_set_slot(struct room *room, unsigned subscriber, void *data);

/*
 * Says text (checked by the caller) as person; the session origin is not told.
 * ERR_NO_ROOM when the person is not inside; else what gate_speak() refuses.
 */
NODISCARD enum err room_say(struct room *room, struct person *person,
			    enum message_kind kind, const char *text,
			    uint64_t origin, struct refusal *why);

/* Sets the topic of the room and tells the members. */
void room_set_topic(struct room *room, const char *topic, const char *by,
		    int64_t time_ms, uint64_t origin);

/* Is the person inside? */
bool room_has(struct room *room, const struct person *person);

/* How many people are here. */
size_t room_count(struct room *room);

/* Adds "ann (owner), ben; away: cleo". */
void room_print_people(struct room *room, struct buf *out);

#endif
