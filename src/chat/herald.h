/* What the daemon tells many people at once, wherever they are. Any thread. */
#ifndef RIALTO_CHAT_HERALD_H
#define RIALTO_CHAT_HERALD_H

#include <stddef.h>
#include <stdint.h>

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

#endif
