/* Dropping from the histories what is beyond their retention. Jobs. */
#ifndef RIALTO_CHAT_HISTORY_SWEEP_H
#define RIALTO_CHAT_HISTORY_SWEEP_H

#include "chat/chat.h"

/*
 * Drops what is too old or too many, in short transactions, a bounded number
 * of messages at a time; what is left is for the next call, which
 * chat->history_sweep_ms says when to make at the latest.
 */
void history_sweep(struct chat *chat);

#endif
