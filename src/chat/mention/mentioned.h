/* Who is told that somebody has said their name. */
#ifndef RIALTO_CHAT_MENTIONED_H
#define RIALTO_CHAT_MENTIONED_H

#include "chat/message.h"

struct room;

/* Of one message that many are told; who comes after them is not. */
enum { MENTIONED_MOST = 16 };

/*
 * With the room's lock held: a new MESSAGE_MENTIONED for those in the room whom
 * what was said names, each once, but not who said it, and not who ignores that
 * one; or NULL.
 */
struct message *mentioned_new(struct room *room, const struct message *said);

#endif
