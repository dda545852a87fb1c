/*
 * A change of a room's modes: read from what somebody wrote, described, and
 * made. Plain values.
 */
#ifndef RIALTO_CHAT_MODE_CHANGE_H
#define RIALTO_CHAT_MODE_CHANGE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/mode/modes.h"
#include "chat/refusal.h"

struct mode_change {
	uint32_t on;  /* a bit for each enum mode */
	uint32_t off; /* likewise; none is in both */
	uint32_t values[MODE_COUNT];
	char key[ROOM_KEY_MOST + 1]; /* with MODE_KEY in on; else "" */
};

/*
 * Reads "+mt", "-k", "+itl 50", "+S 10s", as IRC has them; or a word and its
 * value: "moderated on", "slow 10s", "key SECRET", "limit off". Where letters
 * contradict each other, the last counts. ERR_BAD_INPUT with words.
 */
NODISCARD enum err mode_change_parse(const char *text,
				     struct mode_change *change_r,
				     struct refusal *why);

/* "+tl (topic-locked, limit 50)", "-k (key)"; never the key. */
void mode_change_print(const struct mode_change *change, struct buf *out);

/*
 * Job. Makes the change, and tells the room. *change is left with what was
 * really changed. ERR_NOT_ALLOWED, ERR_RANK (who set it has a higher rank),
 * ERR_EXISTS (it is so already).
 */
NODISCARD enum err mode_change_make(struct chat *chat, const struct actor *by,
				    struct room *room,
				    struct mode_change *change,
				    struct refusal *why);

#endif
