/*
 * Traces: what a room holds of one user, for the export of what is known of
 * somebody. A copy. Any thread.
 */
#ifndef RIALTO_CHAT_TRACE_H
#define RIALTO_CHAT_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "chat/rights/rights.h"
#include "chat/room.h"
#include "chat/sanction/sanction.h"

struct trace {
	struct room_facts facts;
	enum rank rank;     /* by the room's own rights alone */
	bool has_right;     /* voiced or op, */
	struct right right; /* and by whom */
	struct sanction *sanctions;
	size_t count; /* about the user by name, and not over */
};

void trace_find(struct room *room, user_id user, struct trace *trace_r);
void trace_fini(struct trace *trace);

#endif
