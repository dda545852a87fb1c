/*
 * The fields of a room, for the files of this folder that act on it; and
 * changes of its members, for who holds the person's lock.
 */
#ifndef RIALTO_CHAT_ROOM_FIELDS_H
#define RIALTO_CHAT_ROOM_FIELDS_H

#include <stdatomic.h>

#include "base/thread.h"
#include "chat/crowd.h"
#include "chat/flood/flood.h"
#include "chat/guard/closing.h"
#include "chat/history/history.h"
#include "chat/leavers.h"
#include "chat/marker/bookmark.h"
#include "chat/mention/roll.h"
#include "chat/rights/rights.h"
#include "chat/room.h"
#include "chat/sanction/docket.h"
#include "chat/sanction/sanctions.h"

struct member {
	struct person *person; /* a reference */
	char name[NAME_MOST + 1];
	int64_t since_ms; /* monotonic: first entered */
	int64_t spoke_ms; /* monotonic: last, while there was slow mode */
	bool has_spoken;
	struct subject *subject; /* the person's: a reference, or NULL */
	struct verdict verdict;  /* of the lists */
	int64_t charged_ms;      /* silent until then; see docket.h */
	struct bookmark bookmark;
};

struct room {
	atomic_uint refs;
	const struct subscribers *subscribers; /* immutable */
	char name[NAME_MOST + 1];              /* immutable */
	void **slots;                          /* each its worker's */

	struct chat *chat; /* immutable; NULL: a room by itself */

	struct mutex lock; /* rank: LOCK_ROOM */
	struct room_facts facts GUARDED_BY(lock);
	struct rights rights GUARDED_BY(lock);
	struct sanctions sanctions GUARDED_BY(lock);
	struct docket docket GUARDED_BY(lock);
	void *members GUARDED_BY(lock);    /* tsearch() tree of struct member */
	struct roll roll GUARDED_BY(lock); /* they, by name */
	size_t member_count GUARDED_BY(lock);
	unsigned *present GUARDED_BY(lock); /* members per subscriber */
	struct history history GUARDED_BY(lock);

	struct leavers leavers GUARDED_BY(lock);
	struct flood_gauge flood GUARDED_BY(lock);
	struct closing *closing GUARDED_BY(lock); /* NULL: it is open */

	struct crowd came GUARDED_BY(lock);
	struct crowd went GUARDED_BY(lock);
	int64_t notice_second GUARDED_BY(lock);
	unsigned notices GUARDED_BY(lock); /* told in that second */
};

/*
 * Adds the person, with the sessions it has, tells the others, and sends the
 * person's workers MESSAGE_ENTERED with the replay; origin is the session
 * that asked for it, or 0. since_ms (wall clock) is when the person first came;
 * tally is of what was missed, or NULL. False when the person is banned: then
 * nothing was done.
 */
bool room_enter(struct room *room, struct person *person, uint64_t origin,
		int64_t since_ms, const struct tally *tally);

/*
 * Takes the person out, sends its workers MESSAGE_EXITED, and tells the others
 * by a message of this kind.
 */
void room_exit(struct room *room, struct person *person,
	       enum message_kind kind);

/* As room_exit(), telling that by has kicked the person, and why. */
void room_expel(struct room *room, struct person *person, const char *by,
		const char *why);

/* A member has a new subject. */
void room_identify(struct room *room, struct person *person);

/* The person's first session in this worker has come; the last has gone. */
void room_worker_came(struct room *room, unsigned subscriber);
void room_worker_went(struct room *room, unsigned subscriber);

/* Sends MESSAGE_ENTERED for one new session of a member; tally as above. */
void room_attach(struct room *room, struct person *person, unsigned subscriber,
		 uint64_t session, const struct tally *tally);

/* A member has a new name. */
void room_rename(struct room *room, struct person *person, const char *name);

/* Drops the replay, whose messages refer to the room: the room closes. */
void room_forget(struct room *room);

/* With the lock held. NULL when the person is not inside. */
struct member *room_find_member(struct room *room, const struct person *person);

/* With the lock held: a new message of this kind for all who are inside. */
void room_tell(struct room *room, enum message_kind kind, const char *from,
	       const char *peer, const char *text, uint64_t origin);

/* With the lock held: tells m to all who are inside. */
void room_tell_message(struct room *room, struct message *m);

/* With the lock held: tells m, which was said, and keeps it for the replay. */
void room_utter(struct room *room, struct message *m);

/*
 * With the lock held: tells that somebody came or went, by a message of this
 * kind; or later, of many at once, when too many do.
 */
void room_notice(struct room *room, enum message_kind kind, const char *name);

/* With the lock held: counts one that may be told by name in this second. */
bool room_may_notice(struct room *room);

/* With the lock held: room_rank(). */
enum rank room_rank_of(const struct room *room, user_id user, role_set roles);

/* Tells of crowds that came and went since the last call. */
void room_tick(struct room *room);

#endif
