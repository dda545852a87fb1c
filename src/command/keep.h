/* Words for somebody who is not here, or away: they are kept. */
#ifndef RIALTO_COMMAND_KEEP_H
#define RIALTO_COMMAND_KEEP_H

#include "chat/tell.h"
#include "command/command.h"

/*
 * Keeps text for the user called to, which is a name, in a task. told: it was
 * told as well, which the answer is about; NULL: to is not here.
 */
NODISCARD enum err keep_start(struct call *call, const char *to,
			      const char *text, struct told *told);

#endif
