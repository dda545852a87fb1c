#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { BUF_FIRST = 128, BUF_MOST = 1 << 30 };

void buf_init(struct buf *b)
{
	memset(b, 0, sizeof(*b));
}

void buf_fini(struct buf *b)
{
	mem_free(b->bytes);
	buf_init(b);
}

void buf_wipe(struct buf *b)
{
	mem_wipe(b->bytes, b->room);
	buf_fini(b);
}

char *buf_reserve(struct buf *b, size_t n)
{
	size_t len = buf_len(b);
	size_t room = b->room > 0 ? b->room : BUF_FIRST;

	assert(b->bytes != NULL || len == 0);
	assert(n <= BUF_MOST && len + n <= BUF_MOST);
	if (b->room - b->end >= n && b->bytes != NULL)
		return b->bytes + b->end;
	/* Moving is worth it only when it frees at least half. */
	if (b->start >= b->room / 2 && b->room - len >= n && b->bytes != NULL) {
		memmove(b->bytes, b->bytes + b->start, len);
	} else {
		char *bytes;

		while (room < len + n)
			room *= 2;
		bytes = mem_alloc(room);
		if (len > 0)
			memcpy(bytes, b->bytes + b->start, len);
		/* Or buf_wipe() would leave what was written before. */
		mem_wipe(b->bytes, b->room);
		mem_free(b->bytes);
		b->bytes = bytes;
		b->room = (uint32_t)room;
	}
	b->start = 0;
	b->end = (uint32_t)len;
	return b->bytes + len;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_reserve(b, n), bytes, n);
	buf_added(b, n);
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	buf_added(b, 1);
}

void buf_vprint(struct buf *b, const char *format, va_list args)
{
	va_list again;
	char *at = buf_reserve(b, 64);
	size_t space = b->room - b->end;
	int n;

	va_copy(again, args);
	n = vsnprintf(at, space, format, args);
	assert(n >= 0);
	if ((size_t)n >= space) {
		at = buf_reserve(b, (size_t)n + 1);
		n = vsnprintf(at, (size_t)n + 1, format, again);
	}
	va_end(again);
	buf_added(b, (size_t)n);
}

void buf_print(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprint(b, format, args);
	va_end(args);
}

void buf_take(struct buf *b, size_t n)
{
	assert(n <= buf_len(b));
	b->start += (uint32_t)n;
	if (b->start == b->end)
		buf_reset(b);
}

void buf_cut(struct buf *b, size_t n)
{
	assert(n <= buf_len(b));
	b->end = b->start + (uint32_t)n;
}

void buf_reset(struct buf *b)
{
	b->start = 0;
	b->end = 0;
}

const char *buf_text(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return buf_at(b);
}
