/* How a room is described to people, the same in every answer. Any thread. */
#ifndef RIALTO_COMMAND_ROOM_TEXT_H
#define RIALTO_COMMAND_ROOM_TEXT_H

#include "base/buf.h"
#include "chat/message.h"
#include "chat/room.h"

/* "Topic of den: TEXT (ann, 2026-11-20 20:14)" or "den has no topic." */
void room_text_topic(struct room *room, struct buf *out);

/* "What is said in den is not kept.", or nothing when it is. */
void room_text_history(struct room *room, struct buf *out);

/*
 * What the person whom m, MESSAGE_ENTERED, is for has missed: "12 new messages
 * in den since 20:14"; or nothing.
 */
void room_text_missed(const struct message *m, int64_t now_ms, struct buf *out);

/* "ben mentioned you in den (#123)." of m, MESSAGE_MENTIONED. */
void room_text_mentioned(const struct message *m, struct buf *out);

/*
 * "den: ann (owner), ben; away: cleo"; of a crowd only how many, since a line
 * for each who enters would cost the square of it.
 */
void room_text_people(struct room *room, struct buf *out);

/* All of them, in as many lines as it takes, each ended by "\n". */
void room_text_everybody(struct room *room, struct buf *out);

#endif
