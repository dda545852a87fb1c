/*
 * Chat: the rooms, the people who are here, and what they may do.
 *
 * Calls marked "job" wait for the store: only jobs and start-up make them.
 * What they change is committed, not yet durable: take a store_ticket() before
 * telling the person. The others return at once, in any thread.
 */
#ifndef RIALTO_CHAT_CHAT_H
#define RIALTO_CHAT_CHAT_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/board/board.h"
#include "chat/guard/closing.h"
#include "chat/guard/guard_entry.h"
#include "chat/guard/note.h"
#include "chat/history/erasure.h"
#include "chat/history/history_table.h"
#include "chat/ignore/ignores.h"
#include "chat/mail/mail_table.h"
#include "chat/marker/marker.h"
#include "chat/modlog.h"
#include "chat/person.h"
#include "chat/place.h"
#include "chat/refusal.h"
#include "chat/report/report.h"
#include "chat/rights/rights.h"
#include "chat/room.h"
#include "chat/roster.h"
#include "chat/sanction/cloak.h"
#include "chat/sanction/sanction_table.h"
#include "chat/settings.h"
#include "chat/subscriber.h"

struct chat;
struct trail;
struct users;

/* Rooms one may be in at once. */
enum { ROOMS_INSIDE_MOST = 100 };

/* What a chat stands on; all borrowed for good. */
struct chat_parts {
	struct store *store;
	struct users *users;
	struct trail *trail;
};

/* The tables that must be in the store's options. */
#define CHAT_TABLES                                                            \
	ROSTER_TABLES, RIGHTS_TABLES, MODLOG_TABLES, GUARD_TABLES,             \
		PLACE_TABLES, REPORT_TABLES, SANCTION_TABLES, CLOAK_TABLES,    \
		CLOSING_TABLES, NOTE_TABLES, BOARD_TABLES, HISTORY_TABLES,     \
		MAIL_TABLES, IGNORE_TABLES, MARKER_TABLES, ERASURE_TABLES

/* Copies the settings; borrows the subscribers, one per worker, for good. */
struct chat *chat_new(const struct chat_parts *parts,
		      const struct chat_settings *settings,
		      struct subscriber **subscribers, unsigned count);

/* Nobody may be here any more. */
void chat_free(struct chat **chat);

/* Start-up: reads the rooms, and makes the default room when it is new. */
NODISCARD enum err chat_load(struct chat *chat);

void chat_change_settings(struct chat *chat,
			  const struct chat_settings *settings);

/* The keeper's chore, twice a second. */
void chat_tick(struct chat *chat);

/* A session that has come. */
struct chat_arrival {
	user_id user; /* 0: a guest */
	role_set roles;
	const char *name;
	const char *address;            /* of the peer, as text */
	const struct room_names *rooms; /* the user's memberships, or NULL */
	unsigned subscriber;
	uint64_t session; /* its tag */
};

/*
 * A session has come: the person is found or made, and is in the default room
 * and, when it was not here, in the rooms named. ERR_NAME_TAKEN when somebody
 * else here has the name. Set the person's slot before the mailbox of the
 * subscriber's worker is emptied. The caller owns the reference.
 */
NODISCARD enum err chat_arrive(struct chat *chat,
			       const struct chat_arrival *arrival,
			       struct person **person_r);

/* A session of the person has gone; why is MESSAGE_PARTED or MESSAGE_LOST. */
void chat_depart(struct chat *chat, struct person *person, unsigned subscriber,
		 uint64_t session, enum message_kind why);

/* References for the caller, or NULL. Without case. */
struct room *chat_room(struct chat *chat, const char *name);
struct person *chat_person(struct chat *chat, const char *name);

/* Borrowed for good. */
struct room *chat_default_room(struct chat *chat);

/* References to all rooms by name; free the array with chat_free_rooms(). */
struct room **chat_rooms(struct chat *chat, size_t *count_r);
void chat_free_rooms(struct room **rooms, size_t count);

/*
 * Job. Brings by's person into a room, and makes it when a user names a new
 * one; *room_r is a reference for the caller. ERR_BAD_NAME, ERR_NO_SUCH_ROOM
 * (a guest cannot make one), ERR_ROOM_LIMIT (too many owned, or
 * ROOMS_INSIDE_MOST), ERR_EXISTS (inside already; *room_r is set), and what
 * gate_join() refuses. key may be NULL.
 */
NODISCARD enum err chat_join(struct chat *chat, const struct actor *by,
			     const char *name, const char *key,
			     struct room **room_r, struct refusal *why);

/* Job. ERR_NO_ROOM when the person is not inside. */
NODISCARD enum err chat_leave(struct chat *chat, struct person *person,
			      struct room *room);

/*
 * Job. ERR_NO_ROOM when not inside, ERR_USERS_ONLY for guests, ERR_BAD_INPUT
 * above TOPIC_MOST bytes.
 */
NODISCARD enum err chat_set_topic(struct chat *chat, const struct actor *by,
				  struct room *room, const char *topic,
				  struct refusal *why);

/* Other roles of who is here count from now on. */
void chat_change_roles(struct chat *chat, struct person *person,
		       role_set roles);

/* Renames who is here: ERR_NAME_TAKEN. */
NODISCARD enum err chat_rename(struct chat *chat, struct person *person,
			       const char *name);

/* Job. The rooms a user is a member of, for chat_arrive(). */
NODISCARD enum err chat_memberships(struct chat *chat, user_id user,
				    struct room_names *names);

#endif
