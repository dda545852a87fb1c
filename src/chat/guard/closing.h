/*
 * A room that moderators closed: nobody is in it, nobody enters it, and its
 * name cannot be had again. Whose it is, its rights, modes, lists and members
 * stay, for the day when it is opened again.
 */
#ifndef RIALTO_CHAT_CLOSING_H
#define RIALTO_CHAT_CLOSING_H

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

struct chat;
struct room;

/* The table that must be in the store's options. */
#define CLOSING_TABLES "closings"

/* Bytes of a reason. */
enum { CLOSING_REASON_MOST = 256 };

struct closing {
	char by[NAME_MOST + 1];
	enum rank by_rank;
	int64_t since_ms;                     /* wall clock */
	char reason[CLOSING_REASON_MOST + 1]; /* "": none */
};

/*
 * Jobs. Those inside are told and leave. reason may be "". ERR_NOT_ALLOWED
 * (also: the default room), ERR_BAD_INPUT (the reason), ERR_EXISTS; and for
 * closing_end() ERR_NOT_FOUND when it is open, ERR_RANK.
 */
NODISCARD enum err closing_begin(struct chat *chat, const struct actor *by,
				 struct room *room, const char *reason,
				 struct refusal *why);
NODISCARD enum err closing_end(struct chat *chat, const struct actor *by,
			       struct room *room, struct refusal *why);

/* False when the room is open. closing_r may be NULL. Any thread. */
bool closing_get(struct room *room, struct closing *closing_r);

/* ERR_ROOM_CLOSED, with since when and why. Any thread. */
NODISCARD enum err closing_check(struct room *room, struct refusal *why);

/* The gate's check. */
NODISCARD enum err closing_join(struct room *room, const struct actor *by,
				const char *key, struct refusal *why);

/* Start-up. ERR_CORRUPT. */
NODISCARD enum err closing_load(struct chat *chat);

/*
 * Checks that every record can be read. Findings, a line each, are added to
 * report and make it ERR_CORRUPT.
 */
NODISCARD enum err closing_verify(struct store *store, struct buf *report);

/* The stored form, version first; out is empty. */
void closing_encode(const struct closing *closing, struct buf *out);
NODISCARD bool closing_decode(const void *bytes, size_t len,
			      struct closing *closing_r);

#endif
