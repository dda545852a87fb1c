/* What the daemon tells many people at once, wherever they are. Any thread,
 * save where it says otherwise. */
#ifndef RIALTO_CHAT_HERALD_H
#define RIALTO_CHAT_HERALD_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/refusal.h"
#include "user/user.h"

struct chat;

/* Who looks after the place. */
enum { HERALD_STAFF = ROLE_MODERATOR | ROLE_ADMIN };

/*
 * A notice to all who are here and have any of the roles; 0: to everybody. The
 * session tagged origin is not told. Returns how many people were.
 */
size_t herald_tell(struct chat *chat, role_set any, uint64_t origin,
		   const char *text);

/* Bytes that can be told to everybody at once. */
enum { BROADCAST_MOST = 1000 };

/*
 * Job: an administrator tells everybody who is here. ERR_NOT_ALLOWED,
 * ERR_BAD_INPUT (BROADCAST_MOST).
 */
NODISCARD enum err herald_broadcast(struct chat *chat, const struct actor *by,
				    const char *text, size_t *count_r,
				    struct refusal *why);

#endif
