/*
 * What a program beside the daemon, a plugin, says in a room: in its own name,
 * for a member who asked for it, or unasked. Any thread, without locks.
 */
#ifndef RIALTO_CHAT_RELAY_H
#define RIALTO_CHAT_RELAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/refusal.h"

struct person;
struct room;

/* Borrowed. The lines were checked by the caller; there is one at least. */
struct relay {
	const char *from; /* the plugin's name */
	const char *const *lines;
	size_t count;
	uint64_t origin; /* the session that asked, which is not told; or 0 */
};

/*
 * Says the lines when the person might say them: they are given to the gate as
 * one text, count as one message of the person, and are found, deleted and
 * ignored as the person's. ERR_NO_ROOM when the person is not inside; else what
 * gate_speak() refuses.
 */
NODISCARD enum err relay_answer(struct room *room, struct person *person,
				const struct relay *what, struct refusal *why);

/*
 * Says the lines unasked. What holds for everybody holds for a plugin as well,
 * as for somebody without any rank: ERR_ROOM_CLOSED, ERR_MODERATED,
 * ERR_FILTERED (also by filters that would hold it, or quiet who said it).
 */
NODISCARD enum err relay_tell(struct room *room, const struct relay *what,
			      struct refusal *why);

#endif
