/*
 * A growing run of bytes that is filled at its end and taken from its start.
 * One owner, no lock. Bytes are bounded by whoever adds them.
 */
#ifndef RIALTO_BASE_BUF_H
#define RIALTO_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct buf {
	char *bytes;    /* NULL while nothing was ever added */
	uint32_t start; /* first byte not yet taken */
	uint32_t end;   /* behind the last byte */
	uint32_t room;  /* bytes allocated */
};

void buf_init(struct buf *b);

/* Frees the bytes; b is empty and usable afterwards. */
void buf_fini(struct buf *b);

/* As buf_fini(), wiping the bytes first. */
void buf_wipe(struct buf *b);

static inline size_t buf_len(const struct buf *b)
{
	return b->end - b->start;
}

/* The bytes, NULL while none were ever added; valid until the next adding. */
static inline char *buf_at(const struct buf *b)
{
	return b->bytes == NULL ? NULL : b->bytes + b->start;
}

/* Makes room for n more bytes and returns where they go; see buf_added(). */
char *buf_reserve(struct buf *b, size_t n);
static inline void buf_added(struct buf *b, size_t n)
{
	b->end += (uint32_t)n;
}

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_add_text(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_print(struct buf *b, const char *format, ...) PRINTF(2, 3);
void buf_vprint(struct buf *b, const char *format, va_list args) PRINTF(2, 0);

/* Takes n bytes (at most buf_len()) from the start. */
void buf_take(struct buf *b, size_t n);

/* Drops what lies behind the first n bytes (at most buf_len()). */
void buf_cut(struct buf *b, size_t n);

/* Empties b and keeps its memory. */
void buf_reset(struct buf *b);

/* The bytes as text ended by a NUL that is not counted; borrowed. */
const char *buf_text(struct buf *b);

#endif
