/*
 * One message as it is remembered: what was said in a room, by whom and when.
 * Its number counts up within its room and is never given twice; number and
 * time (milliseconds, UTC) are what every front-end shows of it.
 */
#ifndef RIALTO_CHAT_SAYING_H
#define RIALTO_CHAT_SAYING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "chat/message.h"
#include "store/store.h"

struct saying {
	uint64_t id;
	int64_t time_ms;
	enum message_kind kind; /* MESSAGE_SAY or MESSAGE_ACTION */
	user_id user;           /* 0: a guest; of a plugin's words, who asked */
	char from[NAME_MOST + 1];
	const char *text; /* borrowed, text_len bytes, no NUL at its end */
	size_t text_len;
};

/* What was said in a room, as it is told; m must outlive the saying. */
void saying_of(const struct message *m, struct saying *saying_r);

/* Told anew; a message with one reference. */
struct message *saying_message(const struct saying *saying, struct room *room);

/* How many bytes of the store it takes, beside its key. */
size_t saying_bytes(const struct saying *saying);

/* The stored form, version first; out is empty. Of one from saying_of(). */
void saying_encode(const struct saying *saying, struct buf *out);

/* The text is borrowed from the record. False: it cannot be read. */
NODISCARD bool saying_decode(const struct store_record *record,
			     struct saying *saying_r);

#endif
