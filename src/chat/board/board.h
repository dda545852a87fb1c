/*
 * The board of the place: its rules and its message of the day, which
 * administrators write, and which users of it have seen. Any thread, save
 * where it says otherwise.
 */
#ifndef RIALTO_CHAT_BOARD_H
#define RIALTO_CHAT_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "chat/actor.h"
#include "chat/refusal.h"
#include "store/store.h"
#include "user/user.h"

struct board;
struct chat;

/* The table that must be in the store's options: what users have seen. */
#define BOARD_TABLES "seen"

enum board_part { BOARD_RULES, BOARD_MOTD, BOARD_PARTS };

enum {
	BOARD_TEXT_MOST = 4000, /* bytes */
	BOARD_LINES_MOST = 40,
};

/* A text on it. */
struct post {
	uint64_t version; /* counts up with each change */
	int64_t time_ms;  /* wall clock */
	char by[NAME_MOST + 1];
	char text[BOARD_TEXT_MOST + 1]; /* lines, divided by "\n"; "": none */
};

struct board *board_new(void);
void board_free(struct board **board);

/* Start-up: ERR_CORRUPT. */
NODISCARD enum err board_load(struct chat *chat);

/* "rules", "motd". */
const char *board_word(enum board_part part);

/* False when there is no such text. */
bool board_get(struct chat *chat, enum board_part part, struct post *post_r);

/*
 * Jobs. One line instead of what there is, one more, or nothing any more.
 * Who is here is told that there is something new. ERR_NOT_ALLOWED,
 * ERR_NOT_FOUND (nothing to take away), ERR_LIMIT (bytes, lines).
 */
NODISCARD enum err board_set(struct chat *chat, const struct actor *by,
			     enum board_part part, const char *line,
			     struct refusal *why);
NODISCARD enum err board_add(struct chat *chat, const struct actor *by,
			     enum board_part part, const char *line,
			     struct refusal *why);
NODISCARD enum err board_clear(struct chat *chat, const struct actor *by,
			       enum board_part part, struct refusal *why);

/*
 * Job. What the user has not seen as it is now, a bit (1 << part) each; from
 * now on it counts as seen; where that cannot be noted, for want of space, it
 * is shown once more.
 */
unsigned board_take_new(struct chat *chat, user_id user);

/* Job. The numbers of the changes that the user was shown; 0: none. */
NODISCARD enum err board_seen_by(struct chat *chat, user_id user,
				 uint64_t versions_r[BOARD_PARTS]);

/* With the change lock: the user is no more. */
NODISCARD enum err board_forget(struct chat *chat, user_id user);

/*
 * Checks that every record of what was seen can be read. Findings, a line
 * each, are added to report and make it ERR_CORRUPT.
 */
NODISCARD enum err board_verify(struct store *store, struct buf *report);

/* The stored form of a text, version first; out is empty. */
void post_encode(const struct post *post, struct buf *out);
NODISCARD bool post_decode(const void *bytes, size_t len, struct post *post_r);
bool post_is_sound(const void *bytes, size_t len);

#endif
