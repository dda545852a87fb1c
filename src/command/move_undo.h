/* What moves that take something back share with the verbs that start them. */
#ifndef RIALTO_COMMAND_MOVE_UNDO_H
#define RIALTO_COMMAND_MOVE_UNDO_H

#include <stdbool.h>

#include "bank/entry.h"
#include "command/move.h"

/* A deal about an entry that is there. */
struct reversal {
	struct deal deal;
	struct entry original;
};

/* A kind of entry that members can take back themselves. */
struct undoable {
	const char *what; /* "payment"; NULL: it is none */
	bool is_in;       /* the credit account is the actor's */
};

/* What is taken back, and its kind; for all three moves. */
const struct entry *move_undo_original(const struct deal *deal);
const struct undoable *move_undo_kind(const struct deal *deal);

#endif
