/*
 * A message: something that receivers are told, or that changes what their
 * sessions receive. Immutable and reference-counted: one object for however
 * many receivers. Any thread.
 */
#ifndef RIALTO_CHAT_MESSAGE_H
#define RIALTO_CHAT_MESSAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/text.h"
#include "chat/marker/missed.h"
#include "user/user.h"

struct erasure;
struct room;
struct person;

enum message_kind {
	/* In a room, for all in it. */
	MESSAGE_SAY = 1,
	MESSAGE_ACTION,
	MESSAGE_JOINED,
	MESSAGE_PARTED,
	MESSAGE_LOST,      /* the connection was lost */
	MESSAGE_CROWD,     /* many came or went; text says it */
	MESSAGE_TOPIC,     /* text is the new topic, "" for none */
	MESSAGE_RENAMED,   /* text is the new name */
	MESSAGE_RANKED,    /* from made peer what text says: "an op" */
	MESSAGE_MODE,      /* text says which modes changed */
	MESSAGE_KICKED,    /* from kicked peer; text is why, or "" */
	MESSAGE_CLOSED,    /* from closed the room; text is why, or "" */
	MESSAGE_RETENTION, /* text says how much is remembered */
	MESSAGE_DELETED,   /* text says what from deleted; erasure does, too */

	/* In a room, for people alone. */
	MESSAGE_MENTIONED, /* from has said their names, in message id */

	/* For one person. */
	MESSAGE_PRIVATE,      /* from somebody */
	MESSAGE_PRIVATE_SENT, /* a copy for the sender's other sessions */
	MESSAGE_NOTICE,       /* text, from the daemon */
	MESSAGE_HELD,         /* said in the room, but for its ops alone */

	/* Not shown as such: what the person's sessions receive changes. */
	MESSAGE_ENTERED, /* from now on they receive the room; with replay */
	MESSAGE_EXITED,  /* no longer */
};

struct message {
	atomic_uint refs;
	enum message_kind kind;
	uint64_t id;     /* of what was said in a room; see saying.h. 0: else */
	int64_t time_ms; /* wall clock */
	struct room *room; /* a reference, or NULL */
	struct person *to; /* a reference, or NULL */
	uint64_t origin;   /* the tag of the session that caused it; 0: none */
	uint64_t session;  /* a tag: for this session alone; 0: for all */
	user_id user;      /* whose words they are; 0: a guest, the daemon */
	uint64_t guest;    /* the number of a guest whose they are; 0: else */
	bool is_shunned;   /* somebody may not want to hear whose they are */
	char from[NAME_MOST + 1];
	char peer[NAME_MOST + 1]; /* PRIVATE_SENT, RANKED: to whom */
	struct message **replay;  /* ENTERED: references, oldest first */
	size_t replay_count;
	struct erasure *erasure; /* DELETED: what they hit; the message's own */
	struct person **people;  /* MENTIONED: references */
	size_t people_count;
	struct missed missed; /* ENTERED: since the person's marker */
	size_t missed_at;     /* of the replay: there it begins */
	bool is_missed_cut;   /* not all that was missed is in the replay */
	char text[];          /* ends with a NUL */
};

/* With one reference; takes references of its own to room and to. */
struct message *message_new(enum message_kind kind, struct room *room,
			    struct person *to, const char *from,
			    const char *text);
struct message *message_ref(struct message *m);
void message_unref(struct message **m);

#endif
