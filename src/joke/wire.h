/*
 * The lines between a plugin and Rialto, a JSON object each: see
 * rialto-plugin(7).
 */
#ifndef RIALTO_JOKE_WIRE_H
#define RIALTO_JOKE_WIRE_H

#include <stdbool.h>

#include <jansson.h>

#include "base/attr.h"
#include "base/buf.h"

struct wire {
	int in;
	int out;
	struct buf got;
};

void wire_fini(struct wire *w);

/*
 * Reads what is there, without waiting when there is nothing. False at the
 * end, after an error, and when a line is longer than any that Rialto sends.
 */
NODISCARD bool wire_read(struct wire *w);

enum wire_line { WIRE_MESSAGE, WIRE_NOTHING, WIRE_BROKEN };

/*
 * The next line that is complete: *message_r is an object for json_decref()
 * then. WIRE_BROKEN for a line that is none.
 */
NODISCARD enum wire_line wire_take(struct wire *w, json_t **message_r);

/* Takes message and sends it; false when nobody listens any more. */
NODISCARD bool wire_send(struct wire *w, json_t *message);

#endif
