#include "crypto/base64url.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_";

enum { BAD = 0x40 };

#define ROW4(n) (n), (n) + 1, (n) + 2, (n) + 3
#define ROW8(n) ROW4(n), ROW4((n) + 4)
#define NONE8 BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD

/* What each byte is worth. */
static const uint8_t worth[256] = {
	NONE8, NONE8, NONE8, NONE8, NONE8,
	/* "()*+,-./" and the digits */
	BAD, BAD, BAD, BAD, BAD, 62, BAD, BAD, ROW8(52), 60, 61, BAD, BAD, BAD,
	BAD, BAD, BAD,
	/* letters, with "@", "[\]^_" and "`" between them */
	BAD, 0, 1, 2, 3, 4, 5, 6, ROW8(7), ROW8(15), 23, 24, 25, BAD, BAD, BAD,
	BAD, 63, BAD, 26, 27, 28, 29, 30, 31, 32, ROW8(33), ROW8(41), 49, 50,
	51, BAD, BAD, BAD, BAD, BAD, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8,
	NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8, NONE8
};

void base64url_write(const void *bytes, size_t len, char *text_r)
{
	const uint8_t *at = bytes;

	for (; len >= 3; len -= 3, at += 3) {
		*text_r++ = digits[at[0] >> 2];
		*text_r++ = digits[(at[0] & 3) << 4 | at[1] >> 4];
		*text_r++ = digits[(at[1] & 15) << 2 | at[2] >> 6];
		*text_r++ = digits[at[2] & 63];
	}
	if (len == 0)
		return;
	*text_r++ = digits[at[0] >> 2];
	if (len == 1) {
		*text_r = digits[(at[0] & 3) << 4];
		return;
	}
	*text_r++ = digits[(at[0] & 3) << 4 | at[1] >> 4];
	*text_r = digits[(at[1] & 15) << 2];
}

void base64url_add(struct buf *out, const void *bytes, size_t len)
{
	size_t text_len = BASE64URL_TEXT(len);

	base64url_write(bytes, len, buf_reserve(out, text_len));
	buf_added(out, text_len);
}

/* The last two or three characters. */
static bool read_rest(const uint8_t *at, size_t len, uint8_t *to)
{
	uint32_t a = worth[at[0]];
	uint32_t b = worth[at[1]];
	uint32_t c = len == 3 ? worth[at[2]] : 0;
	uint32_t unused = len == 3 ? c & 3 : b & 15;

	if (((a | b | c) & BAD) != 0 || unused != 0)
		return false;
	to[0] = (uint8_t)(a << 2 | b >> 4);
	if (len == 3)
		to[1] = (uint8_t)(b << 4 | c >> 2);
	return true;
}

bool base64url_read(const char *text, size_t len, void *bytes_r)
{
	const uint8_t *at = (const uint8_t *)text;
	uint8_t *to = bytes_r;
	uint32_t flaws = 0;

	for (; len >= 4; len -= 4, at += 4, to += 3) {
		uint32_t a = worth[at[0]];
		uint32_t b = worth[at[1]];
		uint32_t c = worth[at[2]];
		uint32_t d = worth[at[3]];

		flaws |= a | b | c | d;
		to[0] = (uint8_t)(a << 2 | b >> 4);
		to[1] = (uint8_t)(b << 4 | c >> 2);
		to[2] = (uint8_t)(c << 6 | d);
	}
	if ((flaws & BAD) != 0 || len == 1)
		return false;
	return len == 0 || read_rest(at, len, to);
}

bool base64url_read_exactly(const char *text, size_t len, void *bytes_r,
			    size_t size)
{
	return len == BASE64URL_TEXT(size) &&
	       base64url_read(text, len, bytes_r);
}
