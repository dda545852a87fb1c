/*
 * What moderators do at the guard: ban or mute on the whole server, and undo
 * it. All are jobs; what they change is committed, not yet durable.
 */
#ifndef RIALTO_CHAT_GUARD_ACT_H
#define RIALTO_CHAT_GUARD_ACT_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/guard/guard.h"
#include "chat/refusal.h"

/* What is asked for. */
struct guard_order {
	enum guard_kind kind;
	const struct user *user; /* NULL: by network */
	struct network network;
	const char *guest;  /* whose network it is, for guests; "": for all */
	int64_t duration_s; /* 0: for good */
	const char *reason;
};

/* The longest time that has an end: ten years. */
enum { GUARD_DURATION_MOST_S = 3650 * 86400 };

/*
 * Who is muted, or no longer, is told. Whoever is banned must be sent away by
 * the caller: whoever comes from now on is refused already. ERR_BAD_INPUT (a
 * network too wide, a reason too long or empty, a time out of bounds),
 * ERR_NOT_ALLOWED (also: it would hit the actor, or an administrator who is
 * here), ERR_RANK, ERR_EXISTS, ERR_LAST_ADMIN, ERR_LIMIT (GUARD_MOST).
 */
NODISCARD enum err guard_order(struct chat *chat, const struct actor *by,
			       const struct guard_order *order,
			       struct guard_entry *entry_r,
			       struct refusal *why);

/* ERR_NOT_ALLOWED, ERR_NOT_FOUND, ERR_RANK. */
NODISCARD enum err guard_lift(struct chat *chat, const struct actor *by,
			      enum guard_kind kind, uint64_t id,
			      struct guard_entry *entry_r, struct refusal *why);

/* guard_list() of this chat; any thread. */
struct guard_entry *guard_list_all(struct chat *chat, enum guard_kind kind,
				   size_t *count_r);

#endif
