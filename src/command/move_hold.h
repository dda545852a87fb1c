/* What moves about holds share with the verbs that start them. */
#ifndef RIALTO_COMMAND_MOVE_HOLD_H
#define RIALTO_COMMAND_MOVE_HOLD_H

#include "bank/entry.h"
#include "base/buf.h"
#include "command/move.h"

/* How long money is held when nothing is said, and at most. */
enum { HOLD_LIFE_DAYS = 7, HOLD_LONGEST_DAYS = 365 };

/* "; 2.00 R of it is free again", of a capture that took less; else nothing. */
void move_hold_print_rest(const struct deal *deal, const struct entry *entry,
			  struct buf *out);

#endif
