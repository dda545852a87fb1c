/*
 * Rooms and people as one worker sees them: which of its sessions belong to a
 * person, and which receive a room. The line service's subscriber.
 *
 * local_deliver() is called by chat in any thread; everything else belongs to
 * the worker.
 */
#ifndef RIALTO_FRONT_LINE_LOCAL_H
#define RIALTO_FRONT_LINE_LOCAL_H

#include "chat/subscriber.h"
#include "front/line/line_session.h"
#include "net/worker.h"

/* One per worker; the subscriber of that worker's number. */
struct local {
	struct subscriber subscriber;
	struct worker *worker;
	unsigned index;
	struct buf line;        /* what is rendered */
	struct outbox **except; /* who does not get it */
	size_t except_count;
	size_t except_room;
};

void local_init(struct local *local, struct worker *worker, unsigned index);
void local_fini(struct local *local);

/* The session is its person's from now on; and no longer, with all seats. */
void local_enter(struct local *local, struct line_session *ls);
void local_leave(struct local *local, struct line_session *ls);

#endif
