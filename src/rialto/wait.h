/* Waiting for a link and for other things at once. */
#ifndef RIALTO_RIALTO_WAIT_H
#define RIALTO_RIALTO_WAIT_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "rialto/link.h"

enum { WAIT_OTHERS_MOST = 4 };

/*
 * Waits until the link (NULL for none) has something to do, one of the others
 * is ready or due_ms (clock_mono_ms) has come; then lets the link have its
 * turn. The others' revents say which of them are ready.
 */
void wait_turn(struct link *l, struct pollfd *others, size_t count,
	       int64_t due_ms);

#endif
