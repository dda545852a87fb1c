/*
 * Notes that moderators keep on users, for each other: what was talked about,
 * what was promised. They belong to the user, whatever the name, and go with
 * the user. Plain values; the calls are jobs.
 */
#ifndef RIALTO_CHAT_NOTE_H
#define RIALTO_CHAT_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "chat/actor.h"
#include "chat/rank.h"
#include "chat/refusal.h"
#include "store/store.h"
#include "user/user.h"

struct chat;

/* The table that must be in the store's options. */
#define NOTE_TABLES "notes"

enum {
	NOTES_MOST = 100, /* on one user */
	NOTE_TEXT_MOST = 500,
};

struct note {
	uint64_t id; /* 1, 2, 3 …, never used again */
	char by[NAME_MOST + 1];
	enum rank by_rank;
	int64_t time_ms; /* wall clock */
	char text[NOTE_TEXT_MOST + 1];
};

/*
 * ERR_NOT_ALLOWED, ERR_RANK (the user's is higher), ERR_BAD_INPUT (the text),
 * ERR_LIMIT (NOTES_MOST), ERR_NO_SUCH_USER.
 */
NODISCARD enum err note_add(struct chat *chat, const struct actor *by,
			    const struct user *user, const char *text,
			    uint64_t *id_r, struct refusal *why);

/* ERR_NOT_ALLOWED, ERR_NOT_FOUND, ERR_RANK (of who wrote it). */
NODISCARD enum err note_remove(struct chat *chat, const struct actor *by,
			       const struct user *user, uint64_t id,
			       struct refusal *why);

/*
 * The notes on a user, oldest first; give them to mem_free() in any case.
 * ERR_CORRUPT.
 */
NODISCARD enum err note_list(struct store *store, user_id user,
			     struct note **notes_r, size_t *count_r);

/* With the change lock: the user is no more. */
NODISCARD enum err note_forget(struct chat *chat, user_id user);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err note_verify(struct store *store, struct buf *report);

/* The stored form, version first; out is empty. */
void note_encode(const struct note *note, struct buf *out);
NODISCARD bool note_decode(const void *bytes, size_t len, struct note *note_r);

#endif
