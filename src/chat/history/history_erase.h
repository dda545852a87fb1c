/* Taking out of the store what was deleted. Jobs, one at a time. */
#ifndef RIALTO_CHAT_HISTORY_ERASE_H
#define RIALTO_CHAT_HISTORY_ERASE_H

#include "chat/chat.h"

/*
 * Goes on with all erasures, in short transactions, over a bounded number of
 * messages; what is left is for the next call, for which chat->is_erasing
 * stays set.
 */
void history_erase(struct chat *chat);

#endif
