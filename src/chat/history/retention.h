/*
 * How much of a room is remembered: so many messages, and none older than so
 * long; or nothing. The owner chooses within what the settings allow.
 */
#ifndef RIALTO_CHAT_RETENTION_H
#define RIALTO_CHAT_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "store/record.h"

/* A room's choice, or, where count and age are always given, the limits. */
struct retention {
	bool is_off;    /* nothing is kept; count and age mean nothing */
	uint32_t count; /* messages; 0: as many as the server keeps */
	int64_t age_s;  /* 0: as long as the server keeps them */
};

/* What comes of a choice: the smaller of each. 0: no limit. */
struct retention retention_within(const struct retention *choice,
				  const struct retention *limits);

/* Adds "10000 messages, 90 days", "everything", "nothing". */
void retention_print(const struct retention *retention, struct buf *out);

/* As a part of a record. False: it cannot be read. */
void retention_encode(const struct retention *retention, struct buf *out);
NODISCARD bool retention_decode(struct record_reader *r,
				struct retention *retention_r);

#endif
