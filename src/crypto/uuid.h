/*
 * 128-bit ids (RFC 9562): read in any version, made in version 7, so that
 * those made later sort later. Any thread.
 */
#ifndef RIALTO_CRYPTO_UUID_H
#define RIALTO_CRYPTO_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum { UUID_BYTES = 16, UUID_TEXT = 37 };

struct uuid {
	uint8_t bytes[UUID_BYTES];
};

/* Version 7: time_ms (UTC), then random bits. */
void uuid_make(int64_t time_ms, struct uuid *uuid_r);

/* Version 8: the first bits of SHA-256 over the bytes; the same for the same.
 */
void uuid_derive(const void *bytes, size_t len, struct uuid *uuid_r);

/*
 * Version 8, the first of a series that belongs to another id: 48 bits of that,
 * then the index in the series (12 bits), then the first bits of SHA-256 over
 * it. So series ascend as the ids that they belong to, and within themselves.
 */
void uuid_derive_series(const struct uuid *of, struct uuid *first_r);

/* Another of the series; index is below UUID_SERIES. */
enum { UUID_SERIES = 1 << 12 };
void uuid_set_index(struct uuid *uuid, unsigned index);

/* 8-4-4-4-12 hexadecimal digits of either case, not all zero; else false. */
NODISCARD bool uuid_parse(const char *text, struct uuid *uuid_r);

void uuid_print(const struct uuid *uuid, char text_r[UUID_TEXT]);

/* All zero: none. */
bool uuid_is_none(const struct uuid *uuid);

bool uuid_equal(const struct uuid *a, const struct uuid *b);

#endif
