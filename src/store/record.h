/*
 * The bytes of stored records: a version byte, then fields in a fixed order;
 * numbers big-endian, texts behind their length (two bytes). Reading never
 * goes past the end: the first field that does not fit makes the reader bad,
 * and all that follow read as zero or empty. One owner.
 */
#ifndef RIALTO_STORE_RECORD_H
#define RIALTO_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

/* Writers add to a buf that the caller has emptied. */
void record_begin(struct buf *b, uint8_t version);
void record_put_u8(struct buf *b, uint8_t value);
void record_put_u32(struct buf *b, uint32_t value);
void record_put_u64(struct buf *b, uint64_t value);
void record_put_i64(struct buf *b, int64_t value);
/* At most 65535 bytes. */
void record_put_text(struct buf *b, const char *text);

struct record_reader {
	const uint8_t *at;
	size_t left;
	uint8_t version;
	bool is_bad;
};

void record_open(struct record_reader *r, const void *bytes, size_t len);
uint8_t record_get_u8(struct record_reader *r);
uint32_t record_get_u32(struct record_reader *r);
uint64_t record_get_u64(struct record_reader *r);
int64_t record_get_i64(struct record_reader *r);

/* Copies a text of less than size bytes, with a NUL; a NUL inside is bad. */
void record_get_text(struct record_reader *r, char *text_r, size_t size);

/* The same without a copy: borrowed from the bytes, *len_r long, no NUL. */
const char *record_see_text(struct record_reader *r, size_t *len_r);

/* True when everything fitted and nothing is left over. */
NODISCARD bool record_close(const struct record_reader *r);

/* A key of one or two numbers, so that their order is the keys' order. */
enum { RECORD_KEY = 8, RECORD_KEY_PAIR = 16 };
void record_key(uint64_t number, uint8_t key_r[RECORD_KEY]);
void record_key_pair(uint64_t first, uint64_t second,
		     uint8_t key_r[RECORD_KEY_PAIR]);
uint64_t record_key_number(const void *key);

#endif
