/* What was said, as commands show it. */
#ifndef RIALTO_COMMAND_HISTORY_TEXT_H
#define RIALTO_COMMAND_HISTORY_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "chat/message.h"

/*
 * Adds "[den] #123 20:14 ann: hello" and a line's end; with the date, when it
 * is not that of now_ms.
 */
void history_text_line(const struct message *m, int64_t now_ms,
		       struct buf *out);

/* Does the reader not want to hear whose words they are? NULL: the console. */
bool history_text_hides(const struct person *reader, const struct message *m);

/*
 * Adds a line when something that was said last cannot be shown: e is what
 * became of writing it.
 */
void history_text_written(enum err e, struct buf *out);

#endif
