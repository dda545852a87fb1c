/*
 * Reading: what is said in a room counts as read by its members while they are
 * not away, so their markers need nothing done for them when somebody speaks.
 * Guests have none. Functions with "room" in front act under its lock.
 */
#ifndef RIALTO_CHAT_BOOKMARK_H
#define RIALTO_CHAT_BOOKMARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/marker/marker.h"
#include "user/user.h"

struct chat;
struct member;
struct person;
struct room;
struct tally;

/* In a member. */
struct bookmark {
	struct marker marker; /* where it stopped, while it has */
	bool is_stopped;      /* the member is away */
	uint64_t noted_id;    /* of the marker that was queued last */
};

/* With the room's lock held: has come, with what was missed or NULL. */
void bookmark_begin(struct room *room, struct member *member, bool is_away,
		    const struct tally *tally);

/* With the room's lock held: goes. */
void bookmark_end(struct room *room, struct member *member);

/* The marker is where it is from now on; text is why. Any thread. */
void bookmark_stop(struct person *person, const char *text);

/*
 * Job. It goes on, with what was said meanwhile: a line for each room of which
 * something was missed is added to out.
 */
void bookmark_resume(struct chat *chat, struct person *person, struct buf *out);

/* Is there something for bookmark_keep() to do? Any thread. */
bool bookmark_is_due(struct chat *chat);

/* Job, after what was said has been written: notes markers and writes them. */
void bookmark_keep(struct chat *chat);

/* At the end, when all have gone: writes the rest. */
void bookmark_close(struct chat *chat);

/*
 * Job. The user's marker in the room, as it is queued or stored; no marker: its
 * time is 0.
 */
NODISCARD enum err bookmark_marker(struct chat *chat, user_id user,
				   struct room *room, struct marker *marker_r);

/* The marker of a member. False: the person is not inside. Any thread. */
bool bookmark_of_member(struct room *room, const struct person *person,
			struct marker *marker_r);

/*
 * Any thread. The tally (NULL: none), or one that is put into fresh: when the
 * user has come and gone since it was made.
 */
const struct tally *bookmark_freshen(struct chat *chat, user_id user,
				     const struct room *room,
				     const struct tally *tally,
				     struct tally *fresh);

#endif
