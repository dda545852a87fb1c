/*
 * The fields of a chat, for the files of this folder that act on it.
 */
#ifndef RIALTO_CHAT_CHAT_FIELDS_H
#define RIALTO_CHAT_CHAT_FIELDS_H

#include <stdatomic.h>

#include "base/thread.h"
#include "chat/chat.h"
#include "chat/flood/flood.h"
#include "chat/flood/flood_charge.h"
#include "chat/flood/flood_past.h"
#include "chat/guard/guard.h"
#include "chat/guard/lockdown.h"
#include "chat/history/scribe.h"
#include "chat/ignore/ignores.h"
#include "chat/mail/mail_box.h"
#include "chat/marker/marker_queue.h"
#include "chat/name_index.h"
#include "chat/report/report_desk.h"
#include "chat/sanction/cloak.h"
#include "chat/watch.h"
#include "log/limit.h"

struct chat {
	struct store *store;              /* immutable */
	struct users *users;              /* immutable */
	struct trail *trail;              /* immutable */
	struct subscribers subscribers;   /* immutable */
	char default_name[NAME_MOST + 1]; /* immutable */
	size_t replay;                    /* immutable */
	struct guard *guard;              /* immutable */
	struct board *board;              /* immutable */
	struct report_desk *desk;         /* immutable */
	struct watch watch;               /* immutable while anybody is here */
	struct room *default_room;        /* immutable after chat_load() */
	uint8_t cloak_key[CLOAK_KEY];     /* immutable after chat_load() */
	atomic_int_least64_t rooms_per_user;
	struct scribe *scribe;                /* immutable */
	atomic_int_least64_t history_count;   /* as the setting */
	atomic_int_least64_t history_bytes;   /* likewise, of each room */
	atomic_int_least64_t history_age_s;   /* likewise */
	atomic_int_least64_t delete_window_s; /* likewise */
	int64_t history_ahead_ms;    /* its job: wall less monotonic clock */
	int64_t history_age_from_ms; /* its job, monotonic: not to age before */
	atomic_int_least64_t history_sweep_ms; /* monotonic: the next one */
	size_t history_sweep_from;             /* the sweeper's: whose turn */
	atomic_bool history_is_stuck; /* it cannot be written, as was told */
	struct marker_queue *markers; /* immutable */
	atomic_int_least64_t bookmark_note_ms; /* monotonic: the next one */
	atomic_bool is_erasing; /* something that was deleted is in the store */
	struct log_limit erase_limit; /* of the job that takes it out */
	struct flood_rules flood;
	struct flood_charges flood_charges;
	struct flood_past *flood_past; /* immutable */
	struct mail_state mail;
	struct ignores *ignores;            /* immutable */
	struct quota *acts;                 /* immutable; see act.c */
	atomic_int_least64_t guard_tick_ms; /* monotonic: the next one */
	int64_t wall_ahead_ms; /* keeper: the wall clock less the monotonic */
	int64_t sweep_ms;      /* keeper, monotonic: not to sweep before */

	/*
	 * Held by jobs around a durable change, from the check through the
	 * transaction to the change in memory, so that both have one order;
	 * never across a flush, and never by workers. rank: LOCK_CHANGE
	 */
	struct mutex change;

	struct mutex lock; /* rank: LOCK_CHAT */
	struct name_index rooms
		GUARDED_BY(lock); /* of struct room, references */
	struct name_index people
		GUARDED_BY(lock); /* of struct person, likewise */
	struct lockdown lockdown GUARDED_BY(lock);
};

/*
 * Brings a person with a session into a room. False when inside already, or
 * without a session by now, when the room is closed, or the person banned from
 * it. since_ms (wall clock) is when it first came; tally is of what it has
 * missed, or NULL.
 */
bool chat_enter(struct person *person, struct room *room, uint64_t origin,
		int64_t since_ms, const struct tally *tally);

/*
 * With the change lock held: who is here as that user may not change anything
 * durable any more, see chat_check_actor().
 */
void chat_mark_removed(struct chat *chat, user_id user);

/* With the change lock held: ERR_DISABLED when the actor's user is removed. */
NODISCARD enum err chat_check_actor(const struct actor *by);

/*
 * With the change lock held: is the user whom an act is about there still?
 * ERR_NO_SUCH_USER.
 */
NODISCARD enum err chat_check_user(struct chat *chat, user_id user);

/* With the lock held: a new room, which the table owns. */
struct room *chat_add_room(struct chat *chat, const struct room_facts *facts);

#endif
