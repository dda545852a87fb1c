/* What was said in a room last, as evidence. Any thread. */
#ifndef RIALTO_CHAT_ROOM_QUOTE_H
#define RIALTO_CHAT_ROOM_QUOTE_H

#include "chat/report/report.h"
#include "chat/room.h"

/* Copies the end of the replay. */
void room_quote(struct room *room, struct report_context *context_r);

#endif
