/*
 * A deletion: what somebody wants to be gone from a room. It is looked at in
 * steps, since much may have to be counted, and then made: an erasure, the
 * moderation log and the audit record in one transaction; none of them holds a
 * word of what was said. One owner; jobs only.
 *
 *     e = deletion_begin(&deletion, &ask, &why);
 *     while (e == ERR_OK && !deletion.is_counted)
 *         e = deletion_count(&deletion);
 *     if (e == ERR_OK)
 *         e = deletion_make(&deletion, &why);
 *     deletion_fini(&deletion);
 *
 * Who said something may delete it for chat.delete_window; ops and above
 * always, whoever said it: it is the room that they keep clean. What the store
 * says is returned as well.
 */
#ifndef RIALTO_CHAT_DELETION_H
#define RIALTO_CHAT_DELETION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/history/erasure.h"
#include "chat/refusal.h"

struct chat;
struct room;

/* Borrowed until deletion_fini(). */
struct deletion_ask {
	struct chat *chat;
	struct room *room;
	const struct actor *by;
	enum { DELETE_ONE, DELETE_LAST, DELETE_MANY } how;
	uint64_t number;  /* ONE; LAST: 0 */
	const char *name; /* MANY: whose; NULL: everybody's */
	int64_t since_ms; /* MANY; 0: from the beginning */
	int64_t until_ms; /* MANY; 0: until now */
};

struct deletion {
	struct deletion_ask ask;
	struct erasure erasure;
	struct erasures gone;
	uint64_t erasures_made; /* when gone was copied */
	uint64_t next;          /* not counted: numbers from here on */
	uint64_t count;         /* of messages */
	bool is_counted;
	bool is_own;              /* the actor's own words */
	char from[NAME_MOST + 1]; /* ONE, LAST: who said it */
};

/*
 * ERR_NO_ROOM (who is neither inside nor looks after the place),
 * ERR_NOT_ALLOWED, ERR_NOT_FOUND.
 */
NODISCARD enum err deletion_begin(struct deletion *d,
				  const struct deletion_ask *ask,
				  struct refusal *why);

/* Counts some thousands of messages. */
NODISCARD enum err deletion_count(struct deletion *d);

/*
 * ERR_NOT_FOUND, ERR_NOT_ALLOWED; ERR_AGAIN when something else was deleted
 * meanwhile: then it is to be counted again, as is_counted says. And the
 * errors of act_run().
 */
NODISCARD enum err deletion_make(struct deletion *d, struct refusal *why);

void deletion_fini(struct deletion *d);

/* Adds "#123", "37 messages of ben" or "37 messages". */
void deletion_print(const struct deletion *d, struct buf *out);

#endif
