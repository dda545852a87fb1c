/* Messages as lines of the line protocol. Any thread. */
#ifndef RIALTO_FRONT_LINE_RENDER_H
#define RIALTO_FRONT_LINE_RENDER_H

#include <stdbool.h>

#include "base/buf.h"
#include "chat/message.h"

/* Adds the line, ended by "\n"; is_machine matters for notices. */
void render_message(const struct message *m, bool is_machine, struct buf *out);

/* As it is replayed: with its time, and its date when that is not today. */
void render_replay(const struct message *m, int64_t now_ms, struct buf *out);

#endif
