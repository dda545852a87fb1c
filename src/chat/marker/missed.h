/*
 * What a user has missed of a room: how many messages of others have come
 * since the marker, and how many of them name the user.
 *
 * A job counts those that are not in memory any more (a tally); what is in
 * memory is counted when the user enters, under the room's lock.
 */
#ifndef RIALTO_CHAT_MISSED_H
#define RIALTO_CHAT_MISSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"
#include "chat/ignore/ignore.h"
#include "chat/marker/marker.h"

struct chat;
struct member;
struct message;
struct room;
struct room_names;

enum {
	MISSED_MOST = 1000,       /* counted of one room */
	MISSED_READ_MOST = 10000, /* read from the store by one job */
};

struct missed {
	uint64_t count;    /* 0: nothing was missed */
	uint64_t mentions; /* of them */
	int64_t since_ms;  /* wall clock */
	bool is_more;      /* there are more than that */
};

struct tally {
	struct marker marker;
	uint64_t counted_to; /* the messages after the marker, up to that */
	struct missed missed;
};

/* One who may have missed something. */
struct reader {
	user_id user;
	char name[NAME_MOST + 1];
	size_t left; /* of what may still be read */
	struct ignore_list ignored;
};

void reader_init(struct reader *reader, const struct chat *chat, user_id user,
		 const char *name);

/*
 * Job. Counts what is not in memory; the tally's marker is given. What cannot
 * be read is logged, and not counted.
 */
void missed_count(struct chat *chat, struct room *room, struct reader *reader,
		  struct tally *tally);

/*
 * Job. What the user has missed of a room since the marker, queued or stored;
 * all zeros without one.
 */
void missed_find(struct chat *chat, user_id user, const char *name,
		 struct room *room, struct tally *tally_r);

/*
 * Job. Adds to names what the user has missed of each, and of the default room,
 * up to the stored markers, or to those of the person, who is away.
 */
void missed_load(struct chat *chat, user_id user, const char *name,
		 struct room_names *names);

/*
 * With the room's lock held: of what the replay of m, MESSAGE_ENTERED, holds,
 * and what is in the tally (NULL: nobody who has missed anything).
 */
void missed_fill(const struct room *room, const struct member *member,
		 const struct tally *tally, struct message *m);

/* "12 new messages in den since 20:14"; nothing for nothing. */
void missed_print(const struct missed *missed, const char *room, int64_t now_ms,
		  struct buf *out);

#endif
