/*
 * A lockdown: for a while there are no new guests, users or rooms. It ends by
 * itself, by the wall clock, and survives a restart. Any thread, save where it
 * says otherwise.
 */
#ifndef RIALTO_CHAT_LOCKDOWN_H
#define RIALTO_CHAT_LOCKDOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "chat/rank.h"
#include "chat/refusal.h"

struct actor;
struct chat;

/* Its record among those of the place. */
#define LOCKDOWN_FACT "lockdown"

/* The longest: thirty days. */
enum { LOCKDOWN_MOST_S = 30 * 86400 };

struct lockdown {
	int64_t until_ms; /* wall clock; 0: none */
	int64_t since_ms;
	char by[NAME_MOST + 1];
	enum rank by_rank;
};

/* What is so now; until_ms 0 when there is none, or its time is over. */
struct lockdown lockdown_get(struct chat *chat);

/* ERR_LOCKDOWN, with its end. */
NODISCARD enum err lockdown_check(struct chat *chat, struct refusal *why);

/*
 * Jobs; staff that is here is told. A lockdown may replace another.
 * ERR_NOT_ALLOWED, ERR_RANK, ERR_BAD_INPUT (the duration), ERR_NOT_FOUND (none
 * to end).
 */
NODISCARD enum err lockdown_begin(struct chat *chat, const struct actor *by,
				  int64_t duration_s, struct refusal *why);
NODISCARD enum err lockdown_end(struct chat *chat, const struct actor *by,
				struct refusal *why);

/* Start-up. */
NODISCARD enum err lockdown_load(struct chat *chat);

/* The stored form, version first; out is empty. */
void lockdown_encode(const struct lockdown *lockdown, struct buf *out);
NODISCARD bool lockdown_decode(const void *bytes, size_t len,
			       struct lockdown *lockdown_r);
bool lockdown_is_sound(const void *bytes, size_t len);

#endif
