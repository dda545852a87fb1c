/*
 * Numbers with units as people write them: 10s, 64K, 60/1h. Any thread.
 */
#ifndef RIALTO_BASE_QUANTITY_H
#define RIALTO_BASE_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* How many in how long. */
struct rate {
	int64_t count;
	int64_t period_s;
};

/* All return false, and change nothing, unless the whole text fits. */
NODISCARD bool quantity_number(const char *text, int64_t *number_r);

/* What things are called by: a number above zero, perhaps behind a '#'. */
NODISCARD bool quantity_id(const char *text, uint64_t *id_r);

/* A number and one of s m h d w; in seconds. */
NODISCARD bool quantity_seconds(const char *text, int64_t *seconds_r);

/* A number, alone or with one of K M G (powers of 1024); in bytes. */
NODISCARD bool quantity_bytes(const char *text, int64_t *bytes_r);

/* COUNT/DURATION, as 60/1h; both above zero. */
NODISCARD bool quantity_rate(const char *text, struct rate *rate_r);

/* Bytes for quantity_print_seconds(), with its NUL. */
enum { QUANTITY_TEXT = 32 };

/* Writes the two largest units: "2d 3h", "1m 30s", "0s". */
void quantity_print_seconds(int64_t seconds, char text_r[QUANTITY_TEXT]);

#endif
