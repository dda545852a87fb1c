/* What who enters a room is shown of what was said. */
#ifndef RIALTO_CHAT_REPLAY_H
#define RIALTO_CHAT_REPLAY_H

#include "chat/message.h"

struct member;
struct tally;

/*
 * With the room's lock held: a new MESSAGE_ENTERED with everything that is in
 * memory, and what of it the member has missed; tally may be NULL.
 */
struct message *replay_new(struct room *room, const struct member *member,
			   const struct tally *tally);

#endif
